#include "states/asl/json_syntax.hpp"

#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "states/asl/placeholders.hpp"
#include "states/asl/python_text.hpp"
#include "states/asl/source.hpp"

namespace pawl::asl {
namespace {

constexpr std::string_view value_kinds = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_identifier(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

// A descent without recursion: `open_` holds the brackets that wait for their partner.
class Scanner {
  public:
    Scanner(std::string_view text, std::string_view whole) : text_{text}, whole_{whole} {}

    std::optional<SyntaxProblem> run() {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
        skip_space();
        if (end()) {
            fail(at_, at_, "No content to map due to end-of-input");
        } else if (scan_values()) {
            skip_space();
            if (!end()) unexpected("expected no more after the end of the " + std::string{whole_});
        }
        return std::move(problem_);
    }

  private:
    struct Open {
        std::size_t offset;
        bool object;
        bool empty = true;
    };

    bool end() const { return at_ >= text_.size(); }
    char now() const { return text_[at_]; }
    void skip_space() {
        while (!end() && is_space(now())) ++at_;
    }
    std::string_view kind() const { return open_.back().object ? "Object" : "Array"; }

    bool fail(std::size_t offset, std::size_t read, std::string message) {
        problem_ = SyntaxProblem{offset, read, std::move(message)};
        return false;
    }
    bool unexpected(std::string_view wanted, std::string_view in = "") {
        if (!well_formed()) return invalid_byte();
        const auto [bytes, c] = first_character(text_.substr(at_));
        const std::string code = "code " + std::to_string(c) + ")";
        const std::string shown = c < 0x20 ? "(CTRL-CHAR, " + code : quoted(bytes) + " (" + code;
        return fail(at_, at_ + bytes,
                    "Unexpected character (" + shown + ")" + std::string{in} + ": " + std::string{wanted});
    }
    bool invalid_byte() {
        char hex[8];
        std::snprintf(hex, sizeof hex, "0x%02x", static_cast<unsigned char>(now()));
        return fail(at_, at_ + 1, std::string{"Invalid UTF-8 start byte "} + hex);
    }
    std::string quoted(std::size_t bytes) const { return "'" + std::string{text_.substr(at_, bytes)} + "'"; }
    bool ended(std::string_view in) {
        return fail(text_.size(), text_.size(), "Unexpected end-of-input" + std::string{in});
    }
    bool ended_between() { return ended(" within/between " + std::string{kind()} + " entries"); }
    std::string place_of_open() const {
        const auto [line, column] = position_at(text_, open_.back().offset);
        return "[line: " + std::to_string(line) + ", column: " + std::to_string(column) + "]";
    }

    // One value and all that is in it.
    bool scan_values() {
        if (!begin_value()) return false;
        while (!open_.empty()) {
            skip_space();
            if (end())
                return ended(": expected close marker for " + std::string{kind()} + " (start marker at " +
                             place_of_open() + ")");
            if (now() == '}' || now() == ']') {
                if (!close()) return false;
                continue;
            }
            if (!open_.back().empty) {
                if (now() != ',')
                    return unexpected("was expecting comma to separate " + std::string{kind()} + " entries");
                ++at_;
                skip_space();
                if (end()) return ended_between();
            }
            open_.back().empty = false;
            if (open_.back().object && !scan_name()) return false;
            if (!begin_value()) return false;
        }
        return true;
    }

    bool close() {
        const bool object = now() == '}';
        if (object != open_.back().object) {
            return fail(at_, at_ + 1,
                        std::string{"Unexpected close marker '"} + now() + "': expected '" + (object ? ']' : '}') +
                            "' (for " + std::string{kind()} + " starting at " + place_of_open() + ")");
        }
        ++at_;
        open_.pop_back();
        return true;
    }

    bool scan_name() {
        if (now() != '"') return unexpected("was expecting double-quote to start field name");
        if (!scan_string(" in field name")) return false;
        skip_space();
        if (end()) return ended_between();
        if (now() != ':') return unexpected("was expecting a colon to separate field name and value");
        ++at_;
        skip_space();
        return end() ? ended_between() : true;
    }

    // A scalar to its end; of a container the opening bracket.
    bool begin_value() {
        const char c = now();
        if (c == '{' || c == '[') {
            open_.push_back({at_++, c == '{'});
            return true;
        }
        if (c == '"') return scan_string(": was expecting closing quote for a string value");
        if (c == '-' || is_digit(c)) return scan_number();
        if (is_identifier(c)) return scan_word();
        return unexpected("expected a valid value " + std::string{value_kinds});
    }

    bool scan_word() {
        const auto begin = at_;
        while (!end() && is_identifier(now())) ++at_;
        const auto word = text_.substr(begin, at_ - begin);
        if (word == "true" || word == "false" || word == "null") return true;
        return fail(
            begin, at_,
            "Unrecognized token '" + std::string{word.substr(0, 256)} + "': was expecting " + std::string{value_kinds});
    }

    bool scan_digits(std::string_view otherwise) {
        if (end()) return ended(" in a number");
        if (!is_digit(now())) return unexpected(otherwise, " in numeric value");
        while (!end() && is_digit(now())) ++at_;
        return true;
    }
    bool scan_number() {
        const auto begin = at_;
        if (now() == '-') ++at_;
        if (!end() && now() == '0') {
            ++at_;
            if (!end() && is_digit(now())) {
                return fail(at_, at_ + 1, "Invalid numeric value: Leading zeroes not allowed");
            }
        } else if (!scan_digits("expected digit (0-9) to follow minus sign, for valid numeric value")) {
            return false;
        }
        if (!end() && now() == '.') {
            ++at_;
            if (!scan_digits("Decimal point not followed by a digit")) return false;
        }
        if (!end() && (now() == 'e' || now() == 'E')) {
            ++at_;
            if (!end() && (now() == '+' || now() == '-')) ++at_;
            if (!scan_digits("Exponent indicator not followed by a digit")) return false;
        }
        const std::string digits{text_.substr(begin, at_ - begin)};
        if (std::isinf(std::strtod(digits.c_str(), nullptr))) {
            return fail(begin, at_, "Numeric value (" + digits.substr(0, 64) + ") out of range of double");
        }
        return true;
    }

    bool scan_string(std::string_view when_unfinished) {
        for (++at_; !end();) {
            const auto byte = static_cast<unsigned char>(now());
            if (byte == '"') {
                ++at_;
                return true;
            }
            if (byte < 0x20) {
                return fail(at_, at_ + 1,
                            "Illegal unquoted character ((CTRL-CHAR, code " + std::to_string(byte) +
                                ")): has to be escaped using backslash to be included in string value");
            }
            if (byte == '\\' ? !scan_escape() : !scan_character()) return false;
        }
        return ended(when_unfinished);
    }

    bool scan_escape() {
        if (++at_ >= text_.size()) return ended(" in character escape sequence");
        const char c = now();
        if (std::string_view{"\"\\/bfnrt"}.find(c) != std::string_view::npos) {
            ++at_;
            return true;
        }
        if (c != 'u') {
            if (!well_formed()) return invalid_byte();
            const auto [bytes, code] = first_character(text_.substr(at_));
            return fail(at_, at_ + bytes,
                        "Unrecognized character escape " + quoted(bytes) + " (code " + std::to_string(code) + ")");
        }
        ++at_;
        for (int i = 0; i < 4; ++i, ++at_) {
            if (end()) return ended(" in character escape sequence");
            if (std::isxdigit(static_cast<unsigned char>(now())) == 0) {
                return unexpected("expected a hex-digit for character escape sequence");
            }
        }
        return true;
    }

    bool scan_character() {
        if (!well_formed()) return invalid_byte();
        at_ += first_character(text_.substr(at_)).bytes;
        return true;
    }

    // Is it UTF-8 here? No overlong forms, no surrogates, nothing beyond U+10FFFF.
    bool well_formed() const {
        const auto [bytes, c] = first_character(text_.substr(at_));
        const auto lead = static_cast<unsigned char>(now());
        if (lead < 0x80) return true;
        if (bytes == 1 || lead < 0xC2 || lead > 0xF4) return false;
        for (std::size_t i = 1; i < bytes; ++i) {
            if ((static_cast<unsigned char>(text_[at_ + i]) & 0xC0) != 0x80) return false;
        }
        if (bytes == 3) return c >= 0x800 && (c < 0xD800 || c > 0xDFFF);
        return bytes == 2 || (c >= 0x10000 && c <= 0x10FFFF);
    }

    std::string_view text_;
    std::string_view whole_;  // what the text should be
    std::size_t at_ = 0;
    std::vector<Open> open_;
    std::optional<SyntaxProblem> problem_;
};

}  // namespace

std::optional<SyntaxProblem> find_syntax_problem(std::string_view text, std::string_view whole) {
    return Scanner{text, whole}.run();
}

std::string syntax_hint(std::string_view text, std::size_t offset) {
    const auto here = text.substr(offset, 2);
    if (here == "//" || here == "/*") return "JSON has no comments: use a Comment field";
    if (placeholder_length(text, offset) > 0 || (offset > 0 && placeholder_length(text, offset - 1) > 0)) {
        return "this is a placeholder of a template: its value is missing";
    }
    if (here.starts_with('}') || here.starts_with(']')) return "is there a comma too many before it?";
    return {};
}

}  // namespace pawl::asl
