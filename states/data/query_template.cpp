#include <algorithm>
#include <utility>
#include <variant>

#include "states/data/query.hpp"
#include "states/data/work.hpp"

namespace pawl::data {
namespace {

// The template again as a tree, in which only what leads to an expression is taken apart.
struct Node {
    struct Constant {
        const Json* value;  // in the source
    };
    struct Object {
        std::vector<std::pair<std::string, Node>> members;
    };
    struct Array {
        std::vector<Node> items;
    };
    std::variant<Constant, Query, Object, Array> held;

    bool constant() const { return std::holds_alternative<Constant>(held); }
};

std::string escaped(const std::string& key) {  // RFC 6901
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return out;
}

class Compiler {
  public:
    Compiler(std::string location, StatesPart part) : location_{std::move(location)}, part_{part} {}

    Node compile(const Json& source) {
        if (source.is_string()) return text(source);
        if (source.is_object()) return object(source);
        if (source.is_array()) return array(source);
        return {Node::Constant{&source}};
    }
    std::vector<QueryProblem> problems;
    std::vector<std::string> variables;

  private:
    static constexpr std::size_t most_problems = 1000;  // nobody reads more
    static constexpr std::size_t most_pointer_bytes =
        1'000'000;                                             // of all problems: a pointer holds every key on its way
    static constexpr std::size_t most_location_bytes = 2'048;  // each expression keeps its own

    bool full() const { return problems.size() >= most_problems || pointer_bytes_ >= most_pointer_bytes; }

    std::string shown_location() const {
        if (location_.size() <= most_location_bytes) return location_;
        auto end = most_location_bytes;
        while (end > 0 && (static_cast<unsigned char>(location_[end]) & 0xC0) == 0x80) --end;  // not within a character
        return location_.substr(0, end) + "…";
    }

    Node text(const Json& source) {
        const auto& written = source.get_ref<const std::string&>();
        if (!Query::claims(written) || full()) return {Node::Constant{&source}};
        auto query = Query::compile(written, shown_location(), part_);
        if (!query) {
            for (auto& problem : query.error()) {
                problems.push_back({pointer(), problem.message, problem.unsupported});
                pointer_bytes_ += problems.back().pointer.size();
            }
            return {Node::Constant{&source}};
        }
        for (const auto& name : query->variables()) variables.push_back(name);
        return {*std::move(query)};
    }

    Node object(const Json& source) {
        Node::Object object;
        bool constant = true;
        for (const auto& [key, value] : source.get_ref<const Json::object_t&>()) {
            object.members.emplace_back(key, inside("/" + key, &key, value));
            constant = constant && object.members.back().second.constant();
        }
        if (constant) return {Node::Constant{&source}};
        return {std::move(object)};
    }

    Node array(const Json& source) {
        Node::Array array;
        bool constant = true;
        for (std::size_t i = 0; i < source.size(); ++i) {
            array.items.push_back(inside("[" + std::to_string(i) + "]", nullptr, source[i]));
            constant = constant && array.items.back().constant();
        }
        if (constant) return {Node::Constant{&source}};
        return {std::move(array)};
    }

    Node inside(const std::string& step, const std::string* key, const Json& value) {
        const auto length = location_.size();
        location_ += step;
        steps_.push_back(key ? "/" + escaped(*key) : "/" + step.substr(1, step.size() - 2));
        auto node = compile(value);
        location_.resize(length);
        steps_.pop_back();
        return node;
    }

    std::string pointer() const {
        std::string pointer;
        for (const auto& step : steps_) pointer += step;
        return pointer;
    }

    std::string location_;
    const StatesPart part_;
    std::vector<std::string> steps_;
    std::size_t pointer_bytes_ = 0;
};

// Thrown where an expression fails, caught in QueryTemplate::evaluate.
struct Failed {
    QueryFailure failure;
};

class Evaluation {
  public:
    explicit Evaluation(const QueryScope& scope) : scope_{scope} {}

    Json make(const Node& node, std::size_t depth) {
        if (const auto* constant = std::get_if<Node::Constant>(&node.held)) return checked(*constant->value, depth);
        if (const auto* query = std::get_if<Query>(&node.held)) {
            auto value = query->evaluate(scope_);
            if (!value) throw Failed{std::move(value).error()};
            return checked(*std::move(value), depth);
        }
        if (const auto* array = std::get_if<Node::Array>(&node.held)) {
            Json out = Json::array();
            for (const auto& item : array->items) out.push_back(make(item, depth + 1));
            return out;
        }
        Json out = Json::object();
        auto& members = out.get_ref<Json::object_t&>();
        for (const auto& [name, member] : std::get<Node::Object>(node.held).members) {
            members.emplace(name, make(member, depth + 1));
        }
        return out;
    }

  private:
    Json checked(Json value, std::size_t depth) {
        if (!work_.make(value, depth)) {
            throw Failed{{"", "The expressions make more data than is allowed, or nest it too deep"}};
        }
        return value;
    }

    const QueryScope& scope_;
    Work work_;
};

}  // namespace

struct QueryTemplate::Compiled {
    Json source;
    Node root;  // points into the source
    std::vector<std::string> variables;
};

Result<QueryTemplate, std::vector<QueryProblem>> QueryTemplate::compile(const Json& source, const std::string& location,
                                                                        StatesPart part) {
    auto compiled = std::make_shared<Compiled>(Compiled{source, {Node::Constant{nullptr}}, {}});
    Compiler compiler{location, part};
    compiled->root = compiler.compile(compiled->source);
    if (!compiler.problems.empty()) return std::move(compiler.problems);
    compiled->variables = std::move(compiler.variables);
    return QueryTemplate{std::move(compiled)};
}

Result<Json, QueryFailure> QueryTemplate::evaluate(const QueryScope& scope) const {
    try {
        return Evaluation{scope}.make(compiled_->root, 0);
    } catch (const Failed& failed) {
        return failed.failure;
    }
}

const Json& QueryTemplate::source() const { return compiled_->source; }
const Query* QueryTemplate::whole() const { return std::get_if<Query>(&compiled_->root.held); }
std::vector<std::string> QueryTemplate::variables() const { return compiled_->variables; }

}  // namespace pawl::data
