#include "states/asl/placeholders.hpp"

#include <algorithm>

namespace pawl::asl {
namespace {

constexpr std::size_t longest_placeholder = 256;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::string name_of(std::string_view placeholder) {
    auto inside = placeholder.substr(2, placeholder.size() - 3);
    while (!inside.empty() && inside.front() == ' ') inside.remove_prefix(1);
    while (!inside.empty() && inside.back() == ' ') inside.remove_suffix(1);
    return std::string{inside};
}

// What stands between the quotes of a JSON string.
std::string escaped(const std::string& text) {
    const auto quoted = to_text(Json(text));
    return quoted.substr(1, quoted.size() - 2);
}

std::string as_text(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

class Filler {
  public:
    Filler(std::string_view text, const Json& values, bool quote_open, bool plain_texts)
        : text_{text}, values_{values}, quote_open_{quote_open}, plain_texts_{plain_texts} {}

    Filled run() {
        for (std::size_t at = 0; at < text_.size();) {
            if (const auto length = placeholder_length(text_, at)) {
                keep_until(at);
                placeholder(at, text_.substr(at, length));
                at += length;
                kept_ = at;
            } else if (in_string_ && text_[at] == '\\') {
                at += 2;
            } else {
                if (text_[at] == '"') in_string_ = !in_string_;
                ++at;
            }
        }
        keep_until(text_.size());
        return std::move(filled_);
    }

  private:
    void keep_until(std::size_t end) { filled_.text.copy(text_.substr(kept_, end - kept_), kept_); }

    void placeholder(std::size_t at, std::string_view written) {
        const auto name = name_of(written);
        if (const auto value = values_.find(name); value != values_.end()) {
            const auto text = as_text(*value);
            if (in_string_) return filled_.text.stand_for(escaped(text), at);
            const bool quotes = plain_texts_ && value->is_string() && !parse_json(text);
            return filled_.text.stand_for(quotes ? to_text(Json(text)) : text, at);
        }
        if (filled_.open.size() < Filled::max_open) filled_.open.push_back({at, name});
        const std::string plain{written};
        if (in_string_) {
            filled_.text.stand_for(plain.find('\\') == std::string::npos ? escaped(plain) : plain, at);
        } else {
            filled_.text.stand_for(quote_open_ ? to_text(Json(plain)) : plain, at);
        }
    }

    std::string_view text_;
    const Json& values_;
    bool quote_open_;
    bool plain_texts_;
    bool in_string_ = false;
    std::size_t kept_ = 0;  // up to here the text has been taken over
    Filled filled_;
};

}  // namespace

std::size_t placeholder_length(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "${" || (at > 0 && text[at - 1] == '$')) return 0;
    auto end = at + 2;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end >= text.size() || !is_letter(text[end])) return 0;
    std::size_t open = 1;
    for (const auto last = std::min(text.size(), at + longest_placeholder); end < last; ++end) {
        const char c = text[end];
        if (static_cast<unsigned char>(c) < 0x20 || c == '$') return 0;
        if (c == '{') ++open;
        if (c == '}' && --open == 0) return end + 1 - at;
    }
    return 0;
}

bool is_placeholder(std::string_view text) { return !text.empty() && placeholder_length(text, 0) == text.size(); }

bool has_placeholder(std::string_view text) {
    for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1)) {
        if (placeholder_length(text, at) > 0) return true;
    }
    return false;
}

Filled fill_placeholders(std::string_view text, const Json& values, bool quote_open, bool plain_texts) {
    return Filler{text, values, quote_open, plain_texts}.run();
}

}  // namespace pawl::asl
