// JavaScript's regular expressions (without the `u` flag) in PCRE2's dialect. They differ in which letters mean
// something after a backslash, in white space, and in what PCRE2 adds and JavaScript refuses.
#include <array>

#include "states/jsonata/regex.hpp"

namespace pawl::jsonata {
namespace {

// JavaScript's \s, to stand inside a class. PCRE2's covers only ASCII.
constexpr std::string_view space =
    R"(\s\x{a0}\x{feff}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Translator {
  public:
    explicit Translator(std::string_view pattern) : pattern_{pattern} {}

    std::optional<std::string> run() {
        while (at_ < pattern_.size()) {
            const char c = pattern_[at_];
            if (c == '\\') {
                escape(false);
            } else if (c == '[') {
                character_class();
            } else if (c == '(') {
                if (!group()) return std::nullopt;
            } else if (c == '*' || c == '+' || c == '?' || (c == '{' && is_interval())) {
                if (!quantifier()) return std::nullopt;
            } else {
                if (c == '{') out_ += '\\';  // no interval: a brace
                out_ += c;
                ++at_;
            }
        }
        return std::move(out_);
    }

  private:
    char peek(std::size_t ahead) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }

    // {2} {2,} {2,3}
    bool is_interval() const {
        std::size_t ahead = 1;
        if (!is_digit(peek(ahead))) return false;
        while (is_digit(peek(ahead))) ++ahead;
        if (peek(ahead) == ',') ++ahead;
        while (is_digit(peek(ahead))) ++ahead;
        return peek(ahead) == '}';
    }

    bool quantifier() {
        if (pattern_[at_] == '{') {
            while (pattern_[at_] != '}') out_ += pattern_[at_++];
        }
        out_ += pattern_[at_++];
        if (peek(0) == '?') out_ += pattern_[at_++];
        const char next = peek(0);  // possessive quantifiers and repeated ones are PCRE2's own
        return next != '+' && next != '*' && next != '?' && !(next == '{' && is_interval());
    }

    bool group() {
        out_ += pattern_[at_++];
        if (peek(0) == '*') return false;  // (*VERB)
        if (peek(0) != '?') return true;
        const char kind = peek(1);
        const bool look = kind == ':' || kind == '=' || kind == '!';
        const bool look_behind = kind == '<' && (peek(2) == '=' || peek(2) == '!');
        const bool named = kind == '<' && (is_letter(peek(2)) || peek(2) == '_' || peek(2) == '$');
        return look || look_behind || named;
    }

    void escape(bool in_class) {
        const char c = peek(1);
        constexpr std::string_view same = "dDwWtnrfc0123456789";
        const auto put = [&](std::string_view text) {
            out_ += text;
            at_ += 2;
        };
        if (at_ + 1 >= pattern_.size()) return put("\\");  // PCRE2 reports it
        if (c == 's') return in_class ? put(space) : put("[" + std::string{space} + "]");
        if (c == 'S') return in_class ? put("\\S") : put("[^" + std::string{space} + "]");
        if (c == 'v') return put("\\x0b");
        if (c == 'b') return in_class ? put("\\x08") : put("\\b");
        if (c == 'B') return in_class ? put("B") : put("\\B");
        if (c == 'u') return unicode();
        if (c == 'x') return hexadecimal();
        if (c == 'k' && peek(2) == '<') return put("\\k");
        if (same.find(c) != std::string_view::npos || !is_letter(c)) return put(std::string{'\\', c});
        put(std::string(1, c));  // any other letter is itself
    }

    // The number that so many hex digits make, or -1.
    int hex_at(std::size_t ahead, std::size_t digits) const {
        int code = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = peek(ahead + i);
            const int digit = is_digit(c)            ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return -1;
            code = code * 16 + digit;
        }
        return code;
    }

    void hexadecimal() {
        const bool complete = hex_at(2, 2) >= 0;
        out_ += complete ? pattern_.substr(at_, 4) : "x";
        at_ += complete ? 4 : 2;
    }

    // \uD83D\uDE00 is one character here, as it is one in the subject.
    void unicode() {
        const int high = hex_at(2, 4);
        if (high < 0) {
            out_ += 'u';
            at_ += 2;
            return;
        }
        int code = high;
        std::size_t length = 6;
        if (high >= 0xD800 && high < 0xDC00 && peek(6) == '\\' && peek(7) == 'u') {
            const int low = hex_at(8, 4);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                length = 12;
            }
        }
        if (code >= 0xD800 && code < 0xE000) {
            out_ += "[]";  // half a character never occurs
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            out_ += "\\x{";
            for (int shift = 20; shift >= 0; shift -= 4) out_ += digits[static_cast<std::size_t>((code >> shift) & 15)];
            out_ += '}';
        }
        at_ += length;
    }

    void character_class() {
        out_ += pattern_[at_++];
        if (peek(0) == '^') out_ += pattern_[at_++];
        while (at_ < pattern_.size() && pattern_[at_] != ']') {
            if (pattern_[at_] == '\\') {
                escape(true);
                continue;
            }
            if (pattern_[at_] == '[') out_ += '\\';  // [[:alpha:]] is no POSIX class in JavaScript
            out_ += pattern_[at_++];
        }
        if (at_ < pattern_.size()) out_ += pattern_[at_++];
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

std::optional<std::string> to_pcre2(std::string_view pattern) { return Translator{pattern}.run(); }

}  // namespace pawl::jsonata
