#include "states/data/intrinsic_parser.hpp"

#include <cctype>

#include "states/asl/spelling.hpp"

namespace pawl::data::intrinsic {
namespace {

struct BadCall {
    std::string message;
};

class Parser {
  public:
    explicit Parser(std::string_view text) : text_{text} {}

    Invocation whole() {
        auto invocation = call(1);
        skip_blanks();
        if (at_ < text_.size()) fail("expected the end of the intrinsic function call");
        return invocation;
    }

  private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }
    bool take(char c) {
        skip_blanks();
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw BadCall{what + " at position " + std::to_string(at_)};
    }

    Invocation call(int depth) {
        if (depth > max_nesting) fail("intrinsic functions can be nested at most 10 deep");
        skip_blanks();
        const auto begin = at_;
        while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '.') ++at_;
        const std::string name{text_.substr(begin, at_ - begin)};
        const auto* function = find_function(name);
        if (function == nullptr) {
            const auto hint = asl::did_you_mean(name, function_names());
            fail("there is no intrinsic function '" + name + "'" + (hint.empty() ? "" : " (" + hint + ")"));
        }
        if (!take('(')) fail("expected '('");
        Invocation invocation{function, {}};
        if (!take(')')) {
            do {
                invocation.arguments.push_back(argument(depth));
            } while (take(','));
            if (!take(')')) fail("expected ',' or ')'");
        }
        check_count(invocation);
        return invocation;
    }

    void check_count(const Invocation& invocation) const {
        const auto& function = *invocation.function;
        const auto count = invocation.arguments.size();
        if (count >= function.least && count <= function.most) return;
        const auto wanted = std::to_string(count < function.least ? function.least : function.most);
        const auto* bound = function.least == function.most ? "" : count < function.least ? "at least " : "at most ";
        fail(std::string{function.name} + " takes " + bound + wanted + " arguments, not " + std::to_string(count));
    }

    Invocation::Argument argument(int depth) {
        skip_blanks();
        if (peek() == '\'') return quoted();
        if (peek() == '$') return path();
        if (text_.substr(at_).starts_with("States.")) return call(depth + 1);
        return bare();
    }

    // A backslash may stand before ' { } \ only.
    Literal quoted() {
        Literal literal;
        std::string value;
        for (++at_; peek() != '\''; ++at_) {
            if (at_ >= text_.size()) fail("the text is not closed");
            if (peek() == '\\') {
                literal.spelled += '\\';
                ++at_;
                if (at_ >= text_.size() || std::string_view{"'{}\\"}.find(peek()) == std::string_view::npos) {
                    fail("a backslash must be followed by ' { } or \\");
                }
            }
            literal.spelled += peek();
            value += peek();
        }
        ++at_;
        literal.value = std::move(value);
        return literal;
    }

    // A path ends at a comma, a parenthesis or a blank that is not inside its brackets.
    JsonPath path() {
        const auto begin = at_;
        int open = 0;
        int brackets = 0;
        for (char quote = '\0'; at_ < text_.size(); ++at_) {
            const char c = peek();
            if (quote != '\0') {
                if (c == '\\') ++at_;
                if (c == quote) quote = '\0';
                continue;
            }
            if (open == 0 && (c == ',' || c == ')' || c == ' ' || c == '\t' || c == '\n' || c == '\r')) break;
            if ((c == '\'' || c == '"') && brackets > 0) quote = c;
            if (c == '[') ++brackets, ++open;
            if (c == ']') --brackets, --open;
            if (c == '(') ++open;
            if (c == ')') --open;
        }
        if (at_ > text_.size()) at_ = text_.size();
        auto path = JsonPath::compile(text_.substr(begin, at_ - begin));
        if (!path) fail(path.error());
        return *std::move(path);
    }

    // A number, true, false or null.
    Literal bare() {
        const auto begin = at_;
        while (at_ < text_.size() && std::string_view{",() \t\r\n"}.find(peek()) == std::string_view::npos) ++at_;
        auto value = parse_json(text_.substr(begin, at_ - begin));
        if (!value || value->is_structured() || value->is_string()) {
            fail("an argument must be a text in single quotes, a number, true, false, null, a path or a call");
        }
        return {*std::move(value), {}};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Result<Invocation, std::string> parse(std::string_view text) {
    try {
        return Parser{text}.whole();
    } catch (const BadCall& bad) {
        return bad.message;
    }
}

}  // namespace pawl::data::intrinsic
