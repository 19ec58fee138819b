#include "states/data/payload_template.hpp"

#include <variant>

#include "states/data/work.hpp"
#include "states/error_names.hpp"

namespace pawl::data {

// The template again as a tree, in which only what leads to an expression is taken apart.
struct Node {
    struct Constant {
        Json value;
    };
    struct Computed {
        std::string field;  // "name.$"
        Expression expression;
    };
    struct Object {
        std::vector<std::pair<std::string, Node>> members;  // under the names they will have
    };
    struct Array {
        std::vector<Node> items;
    };
    std::variant<Constant, Computed, Object, Array> held;

    bool constant() const { return std::holds_alternative<Constant>(held); }
};

struct PayloadTemplate::Compiled {
    Json source;
    Node root;
    std::vector<JsonPath> paths;
};

namespace {

constexpr std::string_view suffix = ".$";

std::string escaped(const std::string& key) {  // RFC 6901
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return out;
}

class Compiler {
  public:
    Node compile(const Json& source, const std::string& pointer) {
        if (source.is_object()) return object(source, pointer);
        if (source.is_array()) return array(source, pointer);
        return {Node::Constant{source}};
    }
    std::vector<TemplateProblem> problems;
    std::vector<JsonPath> paths;

  private:
    Node object(const Json& source, const std::string& pointer) {
        Node::Object object;
        bool constant = true;
        for (const auto& [key, value] : source.get_ref<const Json::object_t&>()) {
            if (key.size() >= suffix.size() && key.ends_with(suffix)) {
                constant = false;
                computed(source, key, value, pointer, object);
            } else {
                auto node = compile(value, pointer + "/" + escaped(key));
                constant = constant && node.constant();
                object.members.emplace_back(key, std::move(node));
            }
        }
        if (constant) return {Node::Constant{source}};
        return {std::move(object)};
    }

    Node array(const Json& source, const std::string& pointer) {
        Node::Array array;
        bool constant = true;
        for (std::size_t i = 0; i < source.size(); ++i) {
            array.items.push_back(compile(source[i], pointer + "/" + std::to_string(i)));
            constant = constant && array.items.back().constant();
        }
        if (constant) return {Node::Constant{source}};
        return {std::move(array)};
    }

    void computed(const Json& source, const std::string& key, const Json& value, const std::string& pointer,
                  Node::Object& object) {
        auto name = key.substr(0, key.size() - suffix.size());
        if (source.contains(name)) {
            problems.push_back({pointer, key, "the field '" + name + "' is there already", true});
        }
        if (!value.is_string()) {
            problems.push_back({pointer, key, "the value must be a string", false});
            return;
        }
        auto expression = Expression::compile(value.get_ref<const std::string&>());
        if (!expression) {
            problems.push_back({pointer, key, expression.error(), false});
            return;
        }
        for (auto& path : expression->paths()) paths.push_back(std::move(path));
        object.members.emplace_back(std::move(name), Node{Node::Computed{key, *std::move(expression)}});
    }
};

// Thrown where an expression fails, caught in PayloadTemplate::evaluate.
struct Failed {
    AslError error;
};

class Evaluation {
  public:
    explicit Evaluation(const Scope& scope) : scope_{scope} {}

    Json make(const Node& node, std::size_t depth) {
        if (const auto* constant = std::get_if<Node::Constant>(&node.held)) return copy(constant->value, depth);
        if (const auto* computed = std::get_if<Node::Computed>(&node.held)) {
            auto value = computed->expression.evaluate(scope_, computed->field, work_);
            if (!value) throw Failed{std::move(value).error()};
            return copy(**value, depth);
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
    Json copy(const Json& value, std::size_t depth) {
        if (!work_.make(value, depth)) {
            throw Failed{{std::string{error::data_limit_exceeded},
                          "The payload template makes more data than is allowed, or nests it too deep"}};
        }
        return value;
    }

    const Scope& scope_;
    Work work_;
};

}  // namespace

Result<PayloadTemplate, std::vector<TemplateProblem>> PayloadTemplate::compile(const Json& source) {
    Compiler compiler;
    auto root = compiler.compile(source, "");
    if (!compiler.problems.empty()) return std::move(compiler.problems);
    return PayloadTemplate{
        std::make_shared<const Compiled>(Compiled{source, std::move(root), std::move(compiler.paths)})};
}

const Json& PayloadTemplate::source() const { return compiled_->source; }

Result<Json> PayloadTemplate::evaluate(const Scope& scope) const {
    try {
        return Evaluation{scope}.make(compiled_->root, 0);
    } catch (const Failed& failed) {
        return failed.error;
    }
}

std::vector<JsonPath> PayloadTemplate::paths() const { return compiled_->paths; }

}  // namespace pawl::data
