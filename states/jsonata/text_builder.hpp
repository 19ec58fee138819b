// A text that grows at its end, in the memory of another if there is one. Its appends are inline, which those of
// std::string are not.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace pawl::jsonata {

class TextBuilder {
  public:
    TextBuilder() = default;
    explicit TextBuilder(std::string memory) noexcept : text_{std::move(memory)} {}

    std::size_t size() const noexcept { return size_; }

    void put(char c) {
        *room(1) = c;
        ++size_;
    }
    void put(std::string_view piece) {
        std::memcpy(room(piece.size()), piece.data(), piece.size());
        size_ += piece.size();
    }
    void put(std::size_t count, char c) {
        std::memset(room(count), c, count);
        size_ += count;
    }
    // Where the next `bytes` go; added() tells how many of them were written.
    char* room(std::size_t bytes) {
        if (text_.size() - size_ < bytes) [[unlikely]]
            grow(bytes);
        return text_.data() + size_;
    }
    void added(std::size_t bytes) noexcept { size_ += bytes; }

    std::string take() {
        text_.resize(size_);
        size_ = 0;
        return std::exchange(text_, {});
    }

  private:
    void grow(std::size_t bytes) {
        // Short texts stay where std::string keeps them without an allocation.
        text_.resize(
            std::max({text_.capacity(), size_ + bytes, size_ == 0 ? 0 : std::max<std::size_t>(2 * size_, 256)}));
    }

    std::string text_;  // larger than what is written
    std::size_t size_ = 0;
};

}  // namespace pawl::jsonata
