#include "states/data/payload_template.hpp"

#include <variant>

#include "states/data/work.hpp"
#include "states/error_names.hpp"

namespace pawl::data {

// The template again as a tree, in which only what leads to an expression is taken apart.
struct Node {
    struct Constant {
        const Json* value;  // in Compiled::source
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
    Json source;  // does not move once `root` points into it
    Node root{};
    std::vector<JsonPath> paths;
};

namespace {

constexpr std::string_view suffix = ".$";
constexpr std::size_t most_problems = 1'000;           // nobody reads more
constexpr std::size_t most_pointer_bytes = 1'000'000;  // of all problems: a pointer holds every key on its way

// The way from the template's root to a place; its text is made only for problems.
struct Place {
    const Place* parent;
    const std::string* key;  // null: an array's item
    std::size_t index;
};

std::string escaped(const std::string& key) {  // RFC 6901
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return out;
}

std::string pointer_to(const Place* place) {
    if (!place) return "";
    return pointer_to(place->parent) + "/" + (place->key ? escaped(*place->key) : std::to_string(place->index));
}

class Compiler {
  public:
    Node compile(const Json& source, const Place* place) {
        if (source.is_object()) return object(source, place);
        if (source.is_array()) return array(source, place);
        return {Node::Constant{&source}};
    }
    std::vector<TemplateProblem> problems;
    std::vector<JsonPath> paths;

  private:
    Node object(const Json& source, const Place* place) {
        Node::Object object;
        bool constant = true;
        for (const auto& [key, value] : source.get_ref<const Json::object_t&>()) {
            if (key.size() >= suffix.size() && key.ends_with(suffix)) {
                constant = false;
                computed(source, key, value, place, object);
            } else {
                const Place here{place, &key, 0};
                auto node = compile(value, &here);
                constant = constant && node.constant();
                object.members.emplace_back(key, std::move(node));
            }
        }
        if (constant) return {Node::Constant{&source}};
        return {std::move(object)};
    }

    Node array(const Json& source, const Place* place) {
        Node::Array array;
        bool constant = true;
        for (std::size_t i = 0; i < source.size(); ++i) {
            const Place here{place, nullptr, i};
            array.items.push_back(compile(source[i], &here));
            constant = constant && array.items.back().constant();
        }
        if (constant) return {Node::Constant{&source}};
        return {std::move(array)};
    }

    void report(const Place* place, const std::string& key, std::string message, bool duplicate) {
        if (problems.size() == most_problems || pointer_bytes_ > most_pointer_bytes) return;
        problems.push_back({pointer_to(place), key, std::move(message), duplicate});
        pointer_bytes_ += problems.back().pointer.size();
    }

    void computed(const Json& source, const std::string& key, const Json& value, const Place* place,
                  Node::Object& object) {
        auto name = key.substr(0, key.size() - suffix.size());
        if (source.contains(name)) {
            report(place, key, "the field '" + name + "' is there already", true);
        }
        if (!value.is_string()) {
            report(place, key, "the value must be a string", false);
            return;
        }
        auto expression = Expression::compile(value.get_ref<const std::string&>());
        if (!expression) {
            report(place, key, expression.error(), false);
            return;
        }
        for (auto& path : expression->paths()) paths.push_back(std::move(path));
        object.members.emplace_back(std::move(name), Node{Node::Computed{key, *std::move(expression)}});
    }

    std::size_t pointer_bytes_ = 0;
};

// Thrown where an expression fails, caught in PayloadTemplate::evaluate.
struct Failed {
    AslError error;
};

class Evaluation {
  public:
    explicit Evaluation(const Scope& scope) : scope_{scope} {}

    Json make(const Node& node, std::size_t depth) {
        if (const auto* constant = std::get_if<Node::Constant>(&node.held)) return copy(*constant->value, depth);
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
    auto compiled = std::make_shared<Compiled>();
    compiled->source = source;
    compiled->root = compiler.compile(compiled->source, nullptr);
    if (!compiler.problems.empty()) return std::move(compiler.problems);
    compiled->paths = std::move(compiler.paths);
    return PayloadTemplate{std::move(compiled)};
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
