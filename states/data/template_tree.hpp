// A JSON value with computed places: what payload templates ("name.$") and JSONata templates ("{% … %}") have in
// common. Only what leads to a computed place is taken apart; the rest points into the source, which must not move.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "states/json.hpp"

namespace pawl::data {

// The way from a template's root to a place. Lives on the stack while a template is compiled; texts are made only for
// expressions and problems.
struct TemplatePlace {
    const TemplatePlace* parent;
    const std::string* key;  // null: an array's item
    std::size_t index;

    static std::string pointer(const TemplatePlace* place);  // RFC 6901
    // "/key[2]", cut off after some `most` bytes.
    static std::string location(const TemplatePlace* place, std::size_t most);
};

// How many problems of a template are told: a pointer holds every key on its way, and nobody reads more.
class ProblemBudget {
  public:
    bool spent() const { return problems_ >= 1'000 || bytes_ >= 1'000'000; }
    void spend(std::size_t bytes) {
        ++problems_;
        bytes_ += bytes;
    }

  private:
    std::size_t problems_ = 0;
    std::size_t bytes_ = 0;
};

template <class Leaf>
struct TemplateNode {
    struct Constant {
        const Json* value;  // in the source
    };
    struct Object {
        std::vector<std::pair<std::string, TemplateNode>> members;  // under the names they will have
    };
    struct Array {
        std::vector<TemplateNode> items;
    };
    std::variant<Constant, Leaf, Object, Array> held = Constant{nullptr};

    bool constant() const { return std::holds_alternative<Constant>(held); }
};

// `read(value, place, object, name)` says what is computed at a place, nothing when it is as it stands; of a member of
// an object it may change the name. `place` is null for the root, `object` for all but members.
template <class Leaf, class Read>
TemplateNode<Leaf> compile_template(const Json& source, Read& read, const TemplatePlace* place = nullptr,
                                    const Json* object = nullptr, std::string* name = nullptr) {
    using Node = TemplateNode<Leaf>;
    if (auto leaf = read(source, place, object, name)) return {*std::move(leaf)};
    const auto as_it_stands = Node{typename Node::Constant{&source}};
    if (name && *name != *place->key) return as_it_stands;  // it should be computed, and can't: that is all to be said
    if (source.is_object()) {
        typename Node::Object made;
        bool constant = true;
        for (const auto& [key, value] : source.get_ref<const Json::object_t&>()) {
            const TemplatePlace here{place, &key, 0};
            auto member_name = key;
            auto node = compile_template<Leaf>(value, read, &here, &source, &member_name);
            constant = constant && node.constant();
            made.members.emplace_back(std::move(member_name), std::move(node));
        }
        return constant ? as_it_stands : Node{std::move(made)};
    }
    if (source.is_array()) {
        typename Node::Array made;
        bool constant = true;
        for (std::size_t i = 0; i < source.size(); ++i) {
            const TemplatePlace here{place, nullptr, i};
            made.items.push_back(compile_template<Leaf>(source[i], read, &here));
            constant = constant && made.items.back().constant();
        }
        return constant ? as_it_stands : Node{std::move(made)};
    }
    return as_it_stands;
}

// The value: `fill.copy(constant, depth)` and `fill.compute(leaf, depth)` give its parts.
template <class Leaf, class Fill>
Json fill_template(const TemplateNode<Leaf>& node, Fill& fill, std::size_t depth = 0) {
    using Node = TemplateNode<Leaf>;
    if (const auto* constant = std::get_if<typename Node::Constant>(&node.held))
        return fill.copy(*constant->value, depth);
    if (const auto* leaf = std::get_if<Leaf>(&node.held)) return fill.compute(*leaf, depth);
    if (const auto* array = std::get_if<typename Node::Array>(&node.held)) {
        Json out = Json::array();
        for (const auto& item : array->items) out.push_back(fill_template(item, fill, depth + 1));
        return out;
    }
    Json out = Json::object();
    auto& members = out.get_ref<Json::object_t&>();
    for (const auto& [name, member] : std::get<typename Node::Object>(node.held).members) {
        members.emplace(name, fill_template(member, fill, depth + 1));
    }
    return out;
}

}  // namespace pawl::data
