#include "states/jsonata/resolve.hpp"

#include <algorithm>

#include "states/jsonata/export.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/stack_guard.hpp"

namespace pawl::jsonata {
namespace {

// The nesting of the tree, which evaluation and resolving follow by recursion: a chain of so many operators.
constexpr int max_nesting = 1'000;

// The reference gives no position to paths and parents.
Fault no_parent(const Syntax& node) {
    Fault fault = Fault{"S0217"}.on(std::string{type_name(node.type)});
    if (node.position > 0) fault.position = node.position;
    return fault;
}

bool is_array_constructor(const Syntax& node) { return node.type == Type::unary && node.value == "["; }

class Resolver {
  public:
    explicit Resolver(SyntaxArena& arena) : arena_{arena} {}
    Syntax* any(Syntax* from);

  private:
    Syntax* made(Type type, const Syntax& from, bool with_value) {
        Syntax* const node = arena_.make(type);
        node->position = from.position;
        if (with_value) {
            node->value = from.value;
            node->has_value = from.has_value;
        }
        return node;
    }
    Syntax* path_of(Syntax* step) {
        Syntax* const path = arena_.make(Type::path);
        path->list.push_back(step);
        return path;
    }

    Syntax* dispatch(Syntax* from);
    Syntax* binary(Syntax* from);
    Syntax* map(Syntax* from);
    Syntax* predicate(Syntax* from);
    Syntax* group(Syntax* from);
    Syntax* order_by(Syntax* from);
    Syntax* focus(Syntax* from);
    Syntax* index(Syntax* from);
    Syntax* unary(Syntax* from);
    Syntax* block(Syntax* from);
    Syntax* condition(Syntax* from);

    Slot* seek_parent(Syntax* node, Slot* slot);
    void push_ancestry(Syntax* result, Syntax* value);
    void resolve_ancestry(Syntax* path);
    Syntax* tail_call(Syntax* node);

    SyntaxArena& arena_;
    int nested_ = 0;
    const StackGuard stack_;
};

// Walks back one step: the step that a `%` refers to keeps its context under the slot's label.
Slot* Resolver::seek_parent(Syntax* node, Slot* slot) {
    switch (node->type) {
        case Type::name:
        case Type::wildcard:
            if (--slot->level == 0) {
                if (node->ancestor) arena_.parent_of(slot->index)->slot->label = node->ancestor->label;
                node->ancestor = slot;
                node->tuple = true;
            }
            return slot;
        case Type::parent:
            ++slot->level;
            return slot;
        case Type::block:
            if (node->list.empty()) return slot;
            node->tuple = true;
            return seek_parent(node->list.back(), slot);
        case Type::path: {
            node->tuple = true;
            std::size_t left = node->list.size();
            slot = seek_parent(node->list[--left], slot);
            while (slot->level > 0 && left > 0) slot = seek_parent(node->list[--left], slot);
            return slot;
        }
        default:
            throw no_parent(*node);
    }
}

void Resolver::push_ancestry(Syntax* result, Syntax* value) {
    if (!value->seeking_parent && value->type != Type::parent) return;
    std::vector<Slot*>* const slots = value->seeking_parent ? value->seeking_parent : arena_.make_slots();
    if (value->type == Type::parent) slots->push_back(value->slot);
    if (!result->seeking_parent) {
        result->seeking_parent = slots;  // shared with `value`, as in the reference
    } else if (result->seeking_parent != slots) {
        result->seeking_parent->insert(result->seeking_parent->end(), slots->begin(), slots->end());
    }
}

void Resolver::resolve_ancestry(Syntax* path) {
    Syntax* const last = path->list.back();
    std::vector<Slot*> slots = last->seeking_parent ? *last->seeking_parent : std::vector<Slot*>{};
    if (last->type == Type::parent) slots.push_back(last->slot);
    for (Slot* slot : slots) {
        auto left = static_cast<std::ptrdiff_t>(path->list.size()) - 2;
        const auto step_at = [&](std::ptrdiff_t at) { return path->list[static_cast<std::size_t>(at)]; };
        while (slot->level > 0) {
            if (left < 0) {
                if (!path->seeking_parent) path->seeking_parent = arena_.make_slots();
                path->seeking_parent->push_back(slot);
                break;
            }
            Syntax* step = step_at(left--);
            // Of steps in a row that bind the focus, all look at the same context.
            while (left >= 0 && step->focus && step_at(left)->focus) step = step_at(left--);
            slot = seek_parent(step, slot);
        }
    }
}

Syntax* Resolver::tail_call(Syntax* node) {
    if (node->type == Type::function && !node->has_predicates) {
        Syntax* const thunk = arena_.make(Type::lambda);
        thunk->position = node->position;
        thunk->thunk = true;
        thunk->lhs = node;
        return thunk;
    }
    if (node->type == Type::condition) {
        node->rhs = tail_call(node->rhs);
        if (node->third) node->third = tail_call(node->third);
    } else if (node->type == Type::block && !node->list.empty()) {
        node->list.back() = tail_call(node->list.back());
    }
    return node;
}

Syntax* Resolver::any(Syntax* from) {
    if (++nested_ > max_nesting || stack_.exceeded())
        throw limit_exceeded("The expression is nested too deeply").at(from->position);
    Syntax* const result = dispatch(from);
    if (from->keep_array) result->keep_array = true;
    --nested_;
    return result;
}

Syntax* Resolver::dispatch(Syntax* from) {
    switch (from->type) {
        case Type::binary:
            return binary(from);
        case Type::unary:
            return unary(from);
        case Type::function:
        case Type::partial: {
            Syntax* const result = made(from->type, *from, true);
            for (Syntax* argument : from->list) {
                result->list.push_back(any(argument));
                push_ancestry(result, result->list.back());
            }
            result->lhs = any(from->lhs);
            return result;
        }
        case Type::lambda: {
            Syntax* const result = made(Type::lambda, *from, false);
            result->list = from->list;
            result->signature = from->signature;
            result->lhs = tail_call(any(from->lhs));
            return result;
        }
        case Type::condition:
            return condition(from);
        case Type::transform: {
            Syntax* const result = made(Type::transform, *from, false);
            result->lhs = any(from->lhs);
            result->rhs = any(from->rhs);
            if (from->third) result->third = any(from->third);
            return result;
        }
        case Type::block:
            return block(from);
        case Type::name: {
            Syntax* const result = path_of(from);
            if (from->keep_array) result->keep_singleton_array = true;
            return result;
        }
        case Type::parent: {
            Syntax* const result = arena_.make(Type::parent);
            result->slot = arena_.make_slot(1);
            arena_.remember_parent(result);
            return result;
        }
        case Type::operator_:
            if (from->value == "?") return from;
            from->type = Type::name;  // and, or, in
            return any(from);
        case Type::end:
            throw Fault{"S0207"}.at(from->position).on("(end)");
        case Type::path:
        case Type::string:
        case Type::number:
        case Type::literal:
        case Type::wildcard:
        case Type::descendant:
        case Type::regex:
        case Type::variable:
        case Type::bind:
        case Type::apply:
        case Type::sort:
            return from;
    }
    return from;
}

Syntax* Resolver::binary(Syntax* from) {
    const std::string& op = from->value;
    if (op == ".") return map(from);
    if (op == "[") return predicate(from);
    if (op == "{") return group(from);
    if (op == "^") return order_by(from);
    if (op == "@") return focus(from);
    if (op == "#") return index(from);
    if (op == ":=" || op == "~>") {
        Syntax* const result = made(op == "~>" ? Type::apply : Type::bind, *from, true);
        result->lhs = any(from->lhs);
        result->rhs = any(from->rhs);
        if (result->type == Type::bind) {
            push_ancestry(result, result->rhs);
        } else {
            result->keep_array = result->lhs->keep_array || result->rhs->keep_array;
        }
        return result;
    }
    Syntax* const result = made(Type::binary, *from, true);
    result->lhs = any(from->lhs);
    result->rhs = any(from->rhs);
    push_ancestry(result, result->lhs);
    push_ancestry(result, result->rhs);
    return result;
}

Syntax* Resolver::map(Syntax* from) {
    Syntax* const first = any(from->lhs);
    Syntax* const result = first->type == Type::path ? first : path_of(first);
    if (first->type == Type::parent) {
        result->seeking_parent = arena_.make_slots();
        result->seeking_parent->push_back(first->slot);
    }
    Syntax* const rest = any(from->rhs);
    if (rest->type == Type::path) {
        result->list.insert(result->list.end(), rest->list.begin(), rest->list.end());
    } else {
        if (rest->has_predicates) {
            rest->stages = std::move(rest->predicates);
            rest->predicates.clear();
            rest->has_predicates = false;
            rest->has_stages = true;
        }
        result->list.push_back(rest);
    }
    for (const Syntax* step : result->list) {
        if (step->type != Type::number && step->type != Type::literal) continue;
        const Json value = step->type == Type::number         ? json_number(step->number)
                           : step->constant == Constant::null ? Json()
                                                              : Json(step->constant == Constant::true_);
        throw Fault{"S0213"}.at(step->position).with("value", value);
    }
    for (Syntax* step : result->list) {
        if (step->type == Type::string) step->type = Type::name;
        if (step->keep_array) result->keep_singleton_array = true;
    }
    if (is_array_constructor(*result->list.front())) result->list.front()->cons_array = true;
    if (is_array_constructor(*result->list.back())) result->list.back()->cons_array = true;
    resolve_ancestry(result);
    return result;
}

Syntax* Resolver::predicate(Syntax* from) {
    Syntax* const result = any(from->lhs);
    const bool in_path = result->type == Type::path;
    Syntax* const step = in_path ? result->list.back() : result;
    if (step->group) throw Fault{"S0209"}.at(from->position);
    (in_path ? step->has_stages : step->has_predicates) = true;
    Syntax* const filter = any(from->rhs);
    if (filter->seeking_parent) {
        for (Slot* slot : *filter->seeking_parent) {
            if (slot->level == 1) {
                seek_parent(step, slot);
            } else {
                --slot->level;
            }
        }
        push_ancestry(step, filter);
    }
    (in_path ? step->stages : step->predicates).push_back({filter, nullptr});
    return result;
}

Syntax* Resolver::group(Syntax* from) {
    Syntax* const result = any(from->lhs);
    if (result->group) throw Fault{"S0210"}.at(from->position);
    auto group = std::make_unique<Group>();
    group->position = from->position;
    for (const auto& [key, value] : from->pairs.list) {
        Syntax* const resolved_key = any(key);
        group->pairs.list.emplace_back(resolved_key, any(value));
    }
    result->group = std::move(group);
    return result;
}

Syntax* Resolver::order_by(Syntax* from) {
    Syntax* result = any(from->lhs);
    if (result->type != Type::path) result = path_of(result);
    Syntax* const sort = made(Type::sort, *from, false);
    for (const SortTerm& term : from->terms) {
        Syntax* const expression = any(term.expression);
        push_ancestry(sort, expression);
        sort->terms.push_back({term.descending, expression});
    }
    result->list.push_back(sort);
    resolve_ancestry(result);
    return result;
}

Syntax* Resolver::focus(Syntax* from) {
    Syntax* const result = any(from->lhs);
    Syntax* const step = result->type == Type::path ? result->list.back() : result;
    if (step->has_stages || step->has_predicates) throw Fault{"S0215"}.at(from->position);
    if (step->type == Type::sort) throw Fault{"S0216"}.at(from->position);
    if (from->keep_array) step->keep_array = true;
    if (!from->rhs->value.empty()) step->focus = &from->rhs->value;  // `@$` binds nothing
    step->tuple = true;
    return result;
}

Syntax* Resolver::index(Syntax* from) {
    Syntax* result = any(from->lhs);
    Syntax* step = result;
    if (result->type == Type::path) {
        step = result->list.back();
    } else {
        result = path_of(result);
        if (step->has_predicates) {
            step->stages = std::move(step->predicates);
            step->predicates.clear();
            step->has_predicates = false;
            step->has_stages = true;
        }
    }
    if (step->has_stages) {
        step->stages.push_back({nullptr, &from->rhs->value});
    } else {
        step->index = &from->rhs->value;
    }
    step->tuple = true;
    return result;
}

Syntax* Resolver::unary(Syntax* from) {
    Syntax* const result = made(Type::unary, *from, true);
    if (from->value == "[") {
        for (Syntax* item : from->list) {
            result->list.push_back(any(item));
            push_ancestry(result, result->list.back());
        }
        return result;
    }
    if (from->value == "{") {
        for (const auto& [key, value] : from->pairs.list) {
            Syntax* const resolved_key = any(key);
            push_ancestry(result, resolved_key);
            Syntax* const resolved_value = any(value);
            push_ancestry(result, resolved_value);
            result->pairs.list.emplace_back(resolved_key, resolved_value);
        }
        return result;
    }
    Syntax* const operand = any(from->lhs);
    if (operand->type == Type::number) {
        operand->number = -operand->number;
        return operand;
    }
    result->lhs = operand;
    push_ancestry(result, operand);
    return result;
}

Syntax* Resolver::block(Syntax* from) {
    Syntax* const result = made(Type::block, *from, false);
    for (Syntax* item : from->list) {
        Syntax* const part = any(item);
        push_ancestry(result, part);
        if (part->cons_array || (part->type == Type::path && part->list.front()->cons_array)) result->cons_array = true;
        result->list.push_back(part);
    }
    return result;
}

Syntax* Resolver::condition(Syntax* from) {
    Syntax* const result = made(Type::condition, *from, false);
    result->lhs = any(from->lhs);
    push_ancestry(result, result->lhs);
    result->rhs = any(from->rhs);
    push_ancestry(result, result->rhs);
    if (from->third) {
        result->third = any(from->third);
        push_ancestry(result, result->third);
    }
    return result;
}

}  // namespace

Syntax* resolve(Syntax* parsed, SyntaxArena& arena) {
    Syntax* const tree = Resolver{arena}.any(parsed);
    if (tree->type == Type::parent || tree->seeking_parent) throw no_parent(*tree);
    return tree;
}

}  // namespace pawl::jsonata
