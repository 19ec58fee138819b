#include "states/jsonata/lexer.hpp"

#include <cmath>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

constexpr std::string_view single_operators = ".[]{}(),@#;:?+-*/%|=<>^&!~";

}  // namespace

bool Lexer::is_operator_at(std::size_t index) const {
    return index < text_.size() && single_operators.find(text_[index]) != std::string_view::npos;
}

std::size_t Lexer::utf16_at(std::size_t byte) {
    if (byte < counted_bytes_) counted_bytes_ = counted_units_ = 0;
    counted_units_ += utf16_length(text_.substr(counted_bytes_, byte - counted_bytes_));
    counted_bytes_ = byte;
    return counted_units_;
}

Token Lexer::made(Token::Type type, std::string text) {
    Token token;
    token.type = type;
    token.text = std::move(text);
    token.position = utf16_at(here_);
    return token;
}

void Lexer::skip_space_and_comments() {
    for (;;) {
        while (!ended() && is_space(text_[here_])) ++here_;
        if (at(here_) != '/' || at(here_ + 1) != '*') return;
        const std::size_t start = here_;
        const std::size_t close = text_.find("*/", here_ + 2);
        if (close == std::string_view::npos) throw Fault{"S0106"}.at(utf16_at(start));
        here_ = close + 2;
    }
}

Token Lexer::next(bool infix) {
    skip_space_and_comments();
    if (ended()) {
        Token token;
        token.position = utf16_at(text_.size());
        return token;
    }
    const char c = text_[here_];
    if (!infix && c == '/') {
        ++here_;
        return regex();
    }
    for (const std::string_view pair : {"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"}) {
        if (pair[0] == '?' && !coalescing_) continue;
        if (text_.substr(here_, 2) == pair) {
            here_ += 2;
            return made(Token::Type::operator_, std::string{pair});
        }
    }
    if (is_operator_at(here_)) {
        ++here_;
        return made(Token::Type::operator_, std::string(1, c));
    }
    if (c == '"' || c == '\'') return string_literal();
    if (Token token; number(token)) return token;
    if (c == '`') return quoted_name();
    return word();
}

Token Lexer::regex() {
    const std::size_t start = here_;
    int depth = 0;
    for (; !ended(); ++here_) {
        const char c = text_[here_];
        const bool escaped = here_ > 0 && text_[here_ - 1] == '\\';
        if (c == '/' && depth == 0) {
            std::size_t backslashes = 0;
            while (here_ > backslashes && text_[here_ - backslashes - 1] == '\\') ++backslashes;
            if (backslashes % 2 == 0) {
                const std::string_view pattern = text_.substr(start, here_ - start);
                if (pattern.empty()) throw Fault{"S0301"}.at(utf16_at(here_));
                ++here_;
                bool ignore_case = false;
                bool multiline = false;
                for (; at(here_) == 'i' || at(here_) == 'm'; ++here_)
                    (at(here_) == 'i' ? ignore_case : multiline) = true;
                Token token = made(Token::Type::regex, {});
                token.regex = Regex::compile(pattern, ignore_case, multiline);
                return token;
            }
        }
        if ((c == '(' || c == '[' || c == '{') && !escaped) ++depth;
        if ((c == ')' || c == ']' || c == '}') && !escaped) --depth;
    }
    throw Fault{"S0302"}.at(utf16_at(here_));
}

char32_t Lexer::escape() {
    const char c = at(here_);
    switch (c) {
        case '"':
        case '\\':
        case '/':
            return static_cast<unsigned char>(c);
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'u': {
            // Four hex digits. Fewer where the text ends: JavaScript's substr does not mind, but the quote is missing.
            char32_t code = 0;
            std::size_t digits = 0;
            for (; digits < 4 && here_ + 1 + digits < text_.size(); ++digits) {
                const int digit = hex_digit(text_[here_ + 1 + digits]);
                if (digit < 0) throw Fault{"S0104"}.at(utf16_at(here_));
                code = code * 16 + static_cast<char32_t>(digit);
            }
            if (digits == 0) throw Fault{"S0104"}.at(utf16_at(here_));
            if (digits < 4) throw Fault{"S0101"}.at(utf16_at(here_) + 5);  // counted as if all four were there
            here_ += digits;
            return code;
        }
        default:
            break;
    }
    const std::size_t where = utf16_at(here_);
    std::string token;
    if (!ended()) {
        std::size_t after = here_;
        append_code_point(token, next_code_point(text_, after));
    }
    throw Fault{"S0103"}.at(where).on(std::move(token));
}

Token Lexer::string_literal() {
    const char quote = text_[here_++];
    std::string text;
    for (; !ended(); ++here_) {
        const char c = text_[here_];
        if (c == '\\') {
            ++here_;
            append_code_point(text, escape());
        } else if (c == quote) {
            ++here_;
            return made(Token::Type::string, std::move(text));
        } else {
            text += c;
        }
    }
    throw Fault{"S0101"}.at(utf16_at(here_));
}

bool Lexer::number(Token& token) {
    std::size_t end = here_;
    if (!is_digit(at(end))) return false;  // `-` was taken as an operator before
    if (at(end) == '0') {
        ++end;
    } else {
        while (is_digit(at(end))) ++end;
    }
    if (at(end) == '.' && is_digit(at(end + 1))) {
        ++end;
        while (is_digit(at(end))) ++end;
    }
    if (at(end) == 'e' || at(end) == 'E') {
        std::size_t exponent = end + 1;
        if (at(exponent) == '+' || at(exponent) == '-') ++exponent;
        if (is_digit(at(exponent))) {
            while (is_digit(at(exponent))) ++exponent;
            end = exponent;
        }
    }
    const std::string_view text = text_.substr(here_, end - here_);
    const double value = parse_number(text);
    if (!std::isfinite(value)) throw Fault{"S0102"}.at(utf16_at(here_)).on(std::string{text});
    here_ = end;
    token = made(Token::Type::number, {});
    token.number = value;
    return true;
}

Token Lexer::quoted_name() {
    const std::size_t close = text_.find('`', ++here_);
    if (close == std::string_view::npos) throw Fault{"S0105"}.at(utf16_at(text_.size()));
    std::string name{text_.substr(here_, close - here_)};
    here_ = close + 1;
    return made(Token::Type::name, std::move(name));
}

Token Lexer::word() {
    const std::size_t start = here_;
    while (!ended() && !is_space(text_[here_]) && !is_operator_at(here_)) ++here_;
    std::string word{text_.substr(start, here_ - start)};
    if (word.starts_with('$')) return made(Token::Type::variable, word.substr(1));
    if (word == "or" || word == "in" || word == "and") return made(Token::Type::operator_, std::move(word));
    const Constant constant = word == "true"    ? Constant::true_
                              : word == "false" ? Constant::false_
                              : word == "null"  ? Constant::null
                                                : Constant::none;
    if (constant == Constant::none) return made(Token::Type::name, std::move(word));
    Token token = made(Token::Type::value, std::move(word));
    token.constant = constant;
    return token;
}

}  // namespace pawl::jsonata
