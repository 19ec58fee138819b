// A text that was made from another: JSON from YAML, or with placeholders filled in; and where its parts came from, so
// that diagnostics name the places that the author sees.
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl::asl {

class DerivedText {
  public:
    const std::string& text() const { return text_; }
    std::string take() && { return std::move(text_); }

    // Appends what stands at `from` in the original, and after it character for character.
    void copy(std::string_view part, std::size_t from) { append(part, from, true); }
    // Appends what stands for the place `from` of the original as a whole.
    void stand_for(std::string_view part, std::size_t from) { append(part, from, false); }

    // The offset in the original of the byte at `offset` here.
    std::size_t origin(std::size_t offset) const {
        const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                            [](std::size_t at, const Piece& piece) { return at < piece.here; });
        if (after == pieces_.begin()) return 0;
        const Piece& piece = *std::prev(after);
        return piece.there + (piece.verbatim ? offset - piece.here : 0);
    }

  private:
    struct Piece {
        std::size_t here, there;
        bool verbatim;
    };
    void append(std::string_view part, std::size_t from, bool verbatim) {
        if (part.empty()) return;
        pieces_.push_back({text_.size(), from, verbatim});
        text_ += part;
    }

    std::string text_;
    std::vector<Piece> pieces_;
};

}  // namespace pawl::asl
