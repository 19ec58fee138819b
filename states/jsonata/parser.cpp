#include "states/jsonata/parser.hpp"

#include <array>

#include "states/jsonata/export.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"

namespace pawl::jsonata {
namespace {

// Deeper expressions are refused: parsing and resolving recurse.
constexpr int max_nesting = 500;

struct Power {
    std::string_view op;
    int left;
};
constexpr std::array powers{
    Power{".", 75},  Power{"[", 80},  Power{"{", 70},  Power{"(", 80},  Power{"@", 80},  Power{"#", 80},
    Power{"?", 20},  Power{"+", 50},  Power{"-", 50},  Power{"*", 60},  Power{"/", 60},  Power{"%", 60},
    Power{"=", 40},  Power{"<", 40},  Power{">", 40},  Power{"^", 40},  Power{":=", 10}, Power{"!=", 40},
    Power{"<=", 40}, Power{">=", 40}, Power{"~>", 40}, Power{"?:", 40}, Power{"??", 40}, Power{"and", 30},
    Power{"or", 25}, Power{"in", 40}, Power{"&", 50},
};

int power_of(std::string_view op) {
    for (const Power& power : powers) {
        if (power.op == op) return power.left;
    }
    return 0;
}

// What the reference shows of a token: operators and names as text, literals as values.
Json shown(const Token& token) {
    switch (token.type) {
        case Token::Type::end:
            return "(end)";
        case Token::Type::number:
            return json_number(token.number);
        case Token::Type::value:
            return token.constant == Constant::null ? Json() : Json(token.constant == Constant::true_);
        case Token::Type::regex:
            return Json::object();  // a RegExp has no members
        case Token::Type::operator_:
        case Token::Type::string:
        case Token::Type::name:
        case Token::Type::variable:
            return token.text;
    }
    return {};
}

std::string signature_text(const Token& token) {
    return token.type == Token::Type::number ? number_text(token.number)
           : token.type == Token::Type::end  ? "(end)"
                                             : token.text;
}

// The value that an error about this node shows as its token, if the node has one.
std::optional<Json> shown(const Syntax& node) {
    if (node.type == Type::number) return json_number(node.number);
    if (node.type == Type::literal)
        return node.constant == Constant::null ? Json() : Json(node.constant == Constant::true_);
    if (node.type == Type::regex) return Json::object();
    if (node.type == Type::end) return Json("(end)");
    return Json(node.value);
}

}  // namespace

class Parser::Nesting {
  public:
    explicit Nesting(Parser& parser) : parser_{parser} {
        if (++parser_.nested_ > max_nesting || parser_.stack_.exceeded()) {
            --parser_.nested_;
            throw limit_exceeded("The expression is nested too deeply").at(parser_.token_.position);
        }
    }
    ~Nesting() { --parser_.nested_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

  private:
    Parser& parser_;
};

Parser::Parser(std::string_view text, const Options& options, SyntaxArena& arena)
    : lexer_{text, options.coalescing_operators}, arena_{arena} {}

int Parser::left_power(const Token& token) { return token.type == Token::Type::operator_ ? power_of(token.text) : 0; }

void Parser::advance(bool infix) {
    token_ = lexer_.next(infix);
    if (token_.type == Token::Type::operator_ && (token_.text == "!" || token_.text == "~")) {
        throw Fault{"S0204"}.at(token_.position).on(token_.text);
    }
}

void Parser::expect(std::string_view op, bool infix) {
    if (!is(op)) {
        throw Fault{token_.type == Token::Type::end ? "S0203" : "S0202"}
            .at(token_.position)
            .on(shown(token_))
            .with("value", Json(std::string{op}));
    }
    advance(infix);
}

Syntax* Parser::parse() {
    advance();
    Syntax* const tree = expression(0);
    if (token_.type != Token::Type::end) throw Fault{"S0201"}.at(token_.position).on(shown(token_));
    return tree;
}

Syntax* Parser::expression(int right_power) {
    const Nesting nesting{*this};
    Token token = std::move(token_);
    advance(true);
    Syntax* left = prefix(token);
    while (right_power < left_power(token_)) {
        token = std::move(token_);
        advance();
        left = infix(token, left);
    }
    return left;
}

Syntax* Parser::node(Type type, const Token& from) {
    Syntax* const made = arena_.make(type);
    made->position = from.position;
    made->value = from.text;
    made->has_value = true;
    return made;
}

Syntax* Parser::prefix(const Token& token) {
    switch (token.type) {
        case Token::Type::end:
            return node(Type::end, token);
        case Token::Type::name:
            return node(Type::name, token);
        case Token::Type::variable:
            return node(Type::variable, token);
        case Token::Type::string:
            return node(Type::string, token);
        case Token::Type::number: {
            Syntax* const made = node(Type::number, token);
            made->number = token.number;
            return made;
        }
        case Token::Type::value: {
            Syntax* const made = node(Type::literal, token);
            made->constant = token.constant;
            return made;
        }
        case Token::Type::regex: {
            Syntax* const made = node(Type::regex, token);
            made->regex = token.regex;
            return made;
        }
        case Token::Type::operator_:
            break;
    }
    const std::string& op = token.text;
    if (op == "and" || op == "or" || op == "in") return node(Type::operator_, token);
    if (op == "*") return node(Type::wildcard, token);
    if (op == "**") return node(Type::descendant, token);
    if (op == "%") return node(Type::parent, token);
    if (op == "(") return block(token);
    if (op == "[") return array(token);
    if (op == "|") return transform(token);
    if (op == "{") {
        Syntax* const made = node(Type::unary, token);
        made->pairs.list = pairs();
        return made;
    }
    if (op == "-") {
        Syntax* const made = node(Type::unary, token);
        made->lhs = expression(70);
        return made;
    }
    throw Fault{"S0211"}.at(token.position).on(op);
}

Syntax* Parser::infix(const Token& token, Syntax* left) {
    const std::string& op = token.text;
    if (op == "(") return call(token, left);
    if (op == "[") return predicate(token, left);
    if (op == "^") return order_by(token, left);
    if (op == "@" || op == "#") return variable_bind(token, left);
    if (op == "?" || op == "?:" || op == "??") return conditional(token, left);
    if (op == ":=" && left->type != Type::variable) {
        Fault fault = Fault{"S0212"}.at(left->position);
        fault.token = shown(*left);
        throw fault;
    }
    Syntax* const made = node(Type::binary, token);
    made->lhs = left;
    if (op == "{") {
        made->pairs.list = pairs();
    } else {
        made->rhs = expression(op == ":=" ? power_of(op) - 1 : power_of(op));  // := associates to the right
    }
    return made;
}

Syntax* Parser::block(const Token& token) {
    Syntax* const made = node(Type::block, token);
    while (!is(")")) {
        made->list.push_back(expression(0));
        if (!is(";")) break;
        expect(";");
    }
    expect(")", true);
    return made;
}

Syntax* Parser::array(const Token& token) {
    Syntax* const made = node(Type::unary, token);
    if (!is("]")) {
        for (;;) {
            Syntax* item = expression(0);
            if (is("..")) {
                Syntax* const range = node(Type::binary, token_);
                expect("..");
                range->lhs = item;
                range->rhs = expression(0);
                item = range;
            }
            made->list.push_back(item);
            if (!is(",")) break;
            expect(",");
        }
    }
    expect("]", true);
    return made;
}

std::vector<Pair> Parser::pairs() {
    std::vector<Pair> members;
    if (!is("}")) {
        for (;;) {
            Syntax* const key = expression(0);
            expect(":");
            members.emplace_back(key, expression(0));
            if (!is(",")) break;
            expect(",");
        }
    }
    expect("}", true);
    return members;
}

Syntax* Parser::transform(const Token& token) {
    Syntax* const made = node(Type::transform, token);
    made->lhs = expression(0);
    expect("|");
    made->rhs = expression(0);
    if (is(",")) {
        expect(",");
        made->third = expression(0);
    }
    expect("|");
    return made;
}

Syntax* Parser::call(const Token& token, Syntax* left) {
    Syntax* const made = node(Type::function, token);
    made->lhs = left;
    if (!is(")")) {
        for (;;) {
            if (is("?")) {
                made->type = Type::partial;
                made->list.push_back(node(Type::operator_, token_));
                expect("?");
            } else {
                made->list.push_back(expression(0));
            }
            if (!is(",")) break;
            expect(",");
        }
    }
    expect(")", true);
    if (left->type == Type::name && (left->value == "function" || left->value == "\u03BB")) lambda(made);
    return made;
}

void Parser::lambda(Syntax* call) {
    for (std::size_t i = 0; i < call->list.size(); ++i) {
        const Syntax& parameter = *call->list[i];
        if (parameter.type == Type::variable) continue;
        Fault fault = Fault{"S0208"}.at(parameter.position).with("value", Json(i + 1));
        fault.token = shown(parameter);
        throw fault;
    }
    call->type = Type::lambda;
    call->value.clear();
    call->has_value = false;
    if (is("<")) call->signature = signature();
    expect("{");
    call->lhs = expression(0);
    expect("}");
}

std::shared_ptr<const Signature> Parser::signature() {
    const std::size_t start = token_.position;
    std::string text = "<";
    for (int depth = 1; depth > 0 && !is("{") && token_.type != Token::Type::end;) {
        advance();
        if (is(">")) --depth;
        if (is("<")) ++depth;
        text += signature_text(token_);
    }
    expect(">");
    try {
        return std::make_shared<const Signature>(Signature::parse(text));
    } catch (Fault& fault) {
        fault.position = start + fault.position.value_or(0);
        throw;
    }
}

Syntax* Parser::predicate(const Token& token, Syntax* left) {
    if (is("]")) {  // x[]: keep arrays of one item
        Syntax* step = left;
        while (step->type == Type::binary && step->value == "[") step = step->lhs;
        step->keep_array = true;
        expect("]");
        return left;
    }
    Syntax* const made = node(Type::binary, token);
    made->lhs = left;
    made->rhs = expression(0);
    expect("]", true);
    return made;
}

Syntax* Parser::order_by(const Token& token, Syntax* left) {
    Syntax* const made = node(Type::binary, token);
    made->lhs = left;
    expect("(");
    for (;;) {
        const bool descending = is(">");
        if (is("<") || is(">")) advance();
        made->terms.push_back({descending, expression(0)});
        if (!is(",")) break;
        expect(",");
    }
    expect(")");
    return made;
}

Syntax* Parser::variable_bind(const Token& token, Syntax* left) {
    Syntax* const made = node(Type::binary, token);
    made->lhs = left;
    made->rhs = expression(power_of(token.text));
    if (made->rhs->type != Type::variable) throw Fault{"S0214"}.at(made->rhs->position).on(token.text);
    return made;
}

Syntax* Parser::conditional(const Token& token, Syntax* left) {
    Syntax* const made = node(Type::condition, token);
    made->rhs = left;
    if (token.text == "?") {
        made->lhs = left;
        made->rhs = expression(0);
        if (is(":")) {
            expect(":");
            made->third = expression(0);
        }
        return made;
    }
    // Two uses of the left side: resolving changes nodes in place, so each gets its own.
    if (token.text == "?:") {
        made->lhs = clone(left);
    } else {
        Syntax* const exists = arena_.make(Type::function);
        exists->lhs = arena_.make(Type::variable);
        exists->lhs->value = "exists";
        exists->lhs->has_value = true;
        exists->value = "(";
        exists->has_value = true;
        exists->list.push_back(clone(left));
        made->lhs = exists;
    }
    made->third = expression(0);
    return made;
}

// Of a tree that is not resolved yet.
Syntax* Parser::clone(const Syntax* from) {
    if (!from) return nullptr;
    const Nesting nesting{*this};
    Syntax* const copy = arena_.make(from->type);
    copy->constant = from->constant;
    copy->has_value = from->has_value;
    copy->keep_array = from->keep_array;
    copy->position = from->position;
    copy->number = from->number;
    copy->value = from->value;
    copy->lhs = clone(from->lhs);
    copy->rhs = clone(from->rhs);
    copy->third = clone(from->third);
    for (const Syntax* child : from->list) copy->list.push_back(clone(child));
    for (const auto& [key, value] : from->pairs.list) copy->pairs.list.emplace_back(clone(key), clone(value));
    for (const SortTerm& term : from->terms) copy->terms.push_back({term.descending, clone(term.expression)});
    copy->regex = from->regex;
    copy->signature = from->signature;
    return copy;
}

}  // namespace pawl::jsonata
