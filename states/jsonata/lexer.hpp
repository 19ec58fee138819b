// Turns the text of an expression into tokens, one at a time: whether `/` begins a regular expression depends on what
// the parser expects next.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "states/jsonata/regex.hpp"
#include "states/jsonata/syntax.hpp"

namespace pawl::jsonata {

struct Token {
    enum class Type : std::uint8_t { end, operator_, string, number, value, name, variable, regex };
    Type type = Type::end;
    std::string text;  // operator, string, name or variable without `$`
    double number = 0;
    Constant constant = Constant::none;
    std::shared_ptr<const Regex> regex;
    std::size_t position = 0;  // after the token, in UTF-16 units
};

class Lexer {
  public:
    Lexer(std::string_view text, bool coalescing_operators) : text_{text}, coalescing_{coalescing_operators} {}

    // `infix`: an operand has just ended, so `/` divides. Throws a Fault (S01xx, S03xx).
    Token next(bool infix);
    std::size_t length() { return utf16_at(text_.size()); }

  private:
    char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
    bool ended() const { return here_ >= text_.size(); }
    bool is_operator_at(std::size_t index) const;
    std::size_t utf16_at(std::size_t byte);
    Token made(Token::Type type, std::string text);
    void skip_space_and_comments();
    Token regex();
    Token string_literal();
    char32_t escape();
    bool number(Token& token);
    Token quoted_name();
    Token word();

    std::string_view text_;
    bool coalescing_;
    std::size_t here_ = 0;
    std::size_t counted_bytes_ = 0;  // up to here, the text has
    std::size_t counted_units_ = 0;  // this many UTF-16 units
};

}  // namespace pawl::jsonata
