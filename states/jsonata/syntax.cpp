#include "states/jsonata/syntax.hpp"

#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {

std::string_view type_name(Type type) {
    switch (type) {
        case Type::path:
            return "path";
        case Type::binary:
            return "binary";
        case Type::unary:
            return "unary";
        case Type::name:
            return "name";
        case Type::string:
            return "string";
        case Type::number:
            return "number";
        case Type::literal:
            return "value";
        case Type::wildcard:
            return "wildcard";
        case Type::descendant:
            return "descendant";
        case Type::parent:
            return "parent";
        case Type::condition:
            return "condition";
        case Type::block:
            return "block";
        case Type::bind:
            return "bind";
        case Type::regex:
            return "regex";
        case Type::function:
            return "function";
        case Type::variable:
            return "variable";
        case Type::lambda:
            return "lambda";
        case Type::partial:
            return "partial";
        case Type::apply:
            return "apply";
        case Type::transform:
            return "transform";
        case Type::sort:
            return "sort";
        case Type::operator_:
            return "operator";
        case Type::end:
            return "(end)";
    }
    return "";
}

Syntax* SyntaxArena::make(Type type) {
    if (nodes_.size() >= max_nodes) throw limit_exceeded("The expression is too long");
    return &nodes_.emplace_back(type);
}

Slot* SyntaxArena::make_slot(int level) {
    const std::size_t index = slots_.size();
    return &slots_.emplace_back(Slot{"!" + std::to_string(index), level, index});
}

}  // namespace pawl::jsonata
