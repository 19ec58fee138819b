// JavaScript's regular expressions (without the `u` flag) in PCRE2's dialect. They differ in which letters mean
// something after a backslash, in white space, and in what PCRE2 adds and JavaScript refuses.
#include <algorithm>
#include <cstdint>

#include "states/jsonata/regex.hpp"

namespace pawl::jsonata {
namespace {

// JavaScript's \s, to stand inside a class. PCRE2's covers only ASCII.
constexpr std::string_view space =
    R"(\s\x{a0}\x{feff}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";

// JavaScript's \S, to stand inside a class, which has no other way to say "all but these".
constexpr std::string_view not_space =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

// JavaScript's `.`. PCRE2's own knows fewer ends of lines than these four (or, with PCRE2_NEWLINE_ANY, more).
constexpr std::string_view inside_line = R"([^\n\r\x{2028}\x{2029}])";

constexpr std::size_t most_repeats = 65'535;  // that PCRE2 can count

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_set(char c) { return std::string_view{"dDwWsS"}.find(c) != std::string_view::npos; }
bool is_half_pair(int code) { return code >= 0xD800 && code < 0xE000; }

// The groups that capture: a back-reference beyond them is none.
std::size_t count_groups(std::string_view pattern) {
    std::size_t count = 0;
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            ++i;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
        } else if (c == '(') {
            const std::string_view after = pattern.substr(i + 1, 3);
            const bool named = after.starts_with("?<") && !after.starts_with("?<=") && !after.starts_with("?<!");
            if (named || !after.starts_with('?')) ++count;
        }
    }
    return count;
}

class Translator {
  public:
    Translator(std::string_view pattern, bool multiline, LineEnds ends)
        : pattern_{pattern}, multiline_{multiline}, ends_{ends}, groups_{count_groups(pattern)} {}

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
            } else if (c == '.' && ends_ == LineEnds::all) {
                put(inside_line, 1);
            } else if (multiline_ && c == '^') {
                put("(?<!" + std::string{inside_line} + ")", 1);
            } else if (multiline_ && c == '$') {
                put("(?!" + std::string{inside_line} + ")", 1);
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

    // `text` for so many characters of the pattern.
    void put(std::string_view text, std::size_t characters) {
        out_ += text;
        at_ += characters;
    }
    void put_code(int code, std::size_t characters) {
        constexpr std::string_view digits = "0123456789abcdef";
        out_ += "\\x{";
        for (int shift = 20; shift >= 0; shift -= 4) out_ += digits[static_cast<std::size_t>((code >> shift) & 15)];
        put("}", characters);
    }

    // {2} {2,} {2,3}
    bool is_interval() const {
        std::size_t ahead = 1;
        if (!is_digit(peek(ahead))) return false;
        while (is_digit(peek(ahead))) ++ahead;
        if (peek(ahead) == ',') ++ahead;
        while (is_digit(peek(ahead))) ++ahead;
        return peek(ahead) == '}';
    }

    // The digits that stand here, as a number that does not overflow.
    std::size_t decimal(std::size_t ahead) const {
        constexpr std::size_t far_too_many = 1'000'000'000;
        std::size_t value = 0;
        for (; is_digit(peek(ahead)); ++ahead) {
            value = std::min(value * 10 + static_cast<std::size_t>(peek(ahead) - '0'), far_too_many);
        }
        return value;
    }

    // Counts that PCRE2 does not know become its largest, or no limit at all.
    bool interval() {
        const std::size_t close = pattern_.find('}', at_);
        const std::size_t comma = pattern_.substr(0, close).find(',', at_);
        const std::size_t least = decimal(1);
        std::string text = "{" + std::to_string(std::min(least, most_repeats));
        if (comma != std::string_view::npos) {
            text += ',';
            if (comma + 1 < close) {
                const std::size_t most = decimal(comma + 1 - at_);
                if (most < least) return false;
                if (most <= most_repeats) text += std::to_string(most);
            }
        }
        put(text + "}", close + 1 - at_);
        return true;
    }

    bool quantifier() {
        if (pattern_[at_] != '{') {
            out_ += pattern_[at_++];
        } else if (!interval()) {
            return false;
        }
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
        if (at_ + 1 >= pattern_.size()) return put("\\", 1);  // PCRE2 reports it
        if (c == 's') return in_class ? put(space, 2) : put("[" + std::string{space} + "]", 2);
        if (c == 'S') return in_class ? put(not_space, 2) : put("[^" + std::string{space} + "]", 2);
        if (c == 'v') return put("\\x0b", 2);
        if (c == 'b') return put(in_class ? "\\x08" : "\\b", 2);
        if (c == 'B') return put(in_class ? "B" : "\\B", 2);
        if (c == 'u') return unicode(in_class);
        if (c == 'x') return hexadecimal();
        if (c == 'k' && peek(2) == '<') return put("\\k", 2);
        if (c == 'c' && !is_letter(peek(2))) return put("\\\\", 1);  // no control character: a backslash, then the c
        if (is_digit(c)) return number(in_class);
        constexpr std::string_view same = "dDwWtnrfc";
        if (same.find(c) != std::string_view::npos || !is_letter(c)) return put(std::string{'\\', c}, 2);
        put(std::string(1, c), 2);  // any other letter is itself
    }

    // A back-reference to a group that is there, else up to three octal digits, else the digit itself.
    void number(bool in_class) {
        const std::size_t reference = decimal(1);
        if (!in_class && reference > 0 && reference <= groups_) {
            std::size_t digits = 1;
            while (is_digit(peek(1 + digits))) ++digits;
            return put("\\g{" + std::to_string(reference) + "}", 1 + digits);
        }
        if (!is_octal(peek(1))) return put(pattern_.substr(at_ + 1, 1), 2);
        int code = 0;
        std::size_t digits = 0;
        for (; digits < 3 && is_octal(peek(1 + digits)) && code < 32; ++digits) {  // at most \377
            code = code * 8 + (peek(1 + digits) - '0');
        }
        put_code(code, 1 + digits);
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
        put(complete ? pattern_.substr(at_, 4) : "x", complete ? 4 : 2);
    }

    // \uD83D\uDE00 is one character here, as it is one in the subject.
    void unicode(bool in_class) {
        const int high = hex_at(2, 4);
        if (high < 0) return put("u", 2);
        if (high >= 0xD800 && high < 0xDC00 && peek(6) == '\\' && peek(7) == 'u') {
            const int low = hex_at(8, 4);
            if (low >= 0xDC00 && low < 0xE000) return put_code(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), 12);
        }
        if (!is_half_pair(high)) return put_code(high, 6);
        put(in_class ? "" : "[]", 6);  // half a character never occurs
    }

    void character_class() {
        put("[", 1);
        if (peek(0) == '^') put("^", 1);
        while (at_ < pattern_.size() && pattern_[at_] != ']') {
            const ClassPart first = class_part();
            if (peek(0) != '-' || peek(1) == ']' || at_ + 1 >= pattern_.size()) continue;
            const std::size_t dash = out_.size();
            put("-", 1);
            const ClassPart second = class_part();
            // A set, as \w, makes no range: JavaScript then takes the dash beside it for itself.
            if (first == ClassPart::set || second == ClassPart::set) {
                out_.insert(dash, 1, '\\');
            } else if (first == ClassPart::nothing || second == ClassPart::nothing) {
                out_.erase(dash, 1);
            }
        }
        if (at_ < pattern_.size()) put("]", 1);
    }

    enum class ClassPart : std::uint8_t { character, set, nothing };

    ClassPart class_part() {
        const char c = peek(0);
        if (c == '\\') {
            const bool set = is_set(peek(1));
            const std::size_t before = out_.size();
            escape(true);
            return set ? ClassPart::set : out_.size() == before ? ClassPart::nothing : ClassPart::character;
        }
        if (c == '[' || c == '-') out_ += '\\';  // [[:alpha:]] is no POSIX class in JavaScript; a range is made above
        put(pattern_.substr(at_, 1), 1);
        while ((static_cast<unsigned char>(peek(0)) & 0xC0) == 0x80) put(pattern_.substr(at_, 1), 1);
        return ClassPart::character;
    }

    std::string_view pattern_;
    const bool multiline_;
    const LineEnds ends_;
    const std::size_t groups_;
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

std::optional<std::string> to_pcre2(std::string_view pattern, bool multiline, LineEnds ends) {
    return Translator{pattern, multiline, ends}.run();
}

}  // namespace pawl::jsonata
