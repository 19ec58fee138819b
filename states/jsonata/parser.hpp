// From text to the first form of the tree: top-down operator precedence (Pratt), in the order and with the binding
// powers of the reference, so that the same texts fail at the same token with the same code.
#pragma once
#include <string_view>

#include "states/jsonata/jsonata.hpp"
#include "states/jsonata/lexer.hpp"
#include "states/jsonata/stack_guard.hpp"
#include "states/jsonata/syntax.hpp"

namespace pawl::jsonata {

class Parser {
  public:
    Parser(std::string_view text, const Options& options, SyntaxArena& arena);

    // The whole text as one expression. Throws a Fault (S0xxx, U1001 when nested too deeply).
    Syntax* parse();

  private:
    struct Infix;
    class Nesting;

    static int left_power(const Token& token);

    void advance(bool infix = false);
    void expect(std::string_view op, bool infix = false);
    bool is(std::string_view op) const { return token_.type == Token::Type::operator_ && token_.text == op; }

    Syntax* expression(int right_power);
    Syntax* node(Type type, const Token& from);
    Syntax* prefix(const Token& token);
    Syntax* infix(const Token& token, Syntax* left);

    Syntax* block(const Token& token);
    Syntax* array(const Token& token);
    std::vector<Pair> pairs();
    Syntax* transform(const Token& token);
    Syntax* call(const Token& token, Syntax* left);
    void lambda(Syntax* call);
    std::shared_ptr<const Signature> signature();
    Syntax* predicate(const Token& token, Syntax* left);
    Syntax* order_by(const Token& token, Syntax* left);
    Syntax* variable_bind(const Token& token, Syntax* left);
    Syntax* conditional(const Token& token, Syntax* left);
    Syntax* clone(const Syntax* from);

    Lexer lexer_;
    SyntaxArena& arena_;
    Token token_;  // the one to be looked at next
    int nested_ = 0;
    const StackGuard stack_;
};

}  // namespace pawl::jsonata
