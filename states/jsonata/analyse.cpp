// What can be known before evaluation: which variables the expression binds itself, which blocks need a scope, which
// paths are plain lookups, and what the expression takes from its surroundings.
#include <algorithm>
#include <set>
#include <unordered_set>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/program.hpp"

namespace pawl::jsonata::detail {
namespace {

bool is_available(const Builtin& builtin, const Options& options) {
    return builtin.part == Part::core || (builtin.part == Part::eval && options.eval) ||
           (builtin.part == Part::aws && options.aws_functions);
}

// Calls visit(child) for every part of a node, in the order of the text.
template <class Visit>
void for_each_child(const Syntax& node, Visit visit) {
    if (node.type != Type::bind && node.lhs) visit(*node.lhs);
    if (node.rhs) visit(*node.rhs);
    if (node.third) visit(*node.third);
    if (node.type != Type::lambda) {
        for (Syntax* child : node.list) visit(*child);
    }
    for (const auto& [key, value] : node.pairs.list) {
        visit(*key);
        visit(*value);
    }
    for (const SortTerm& term : node.terms) visit(*term.expression);
    for (const auto* stages : {&node.predicates, &node.stages}) {
        for (const Stage& stage : *stages) {
            if (stage.filter) visit(*stage.filter);
        }
    }
    if (node.group) {
        for (const auto& [key, value] : node.group->pairs.list) {
            visit(*key);
            visit(*value);
        }
    }
}

struct Findings {
    std::set<std::string_view> bound;  // names that the expression binds anywhere
    bool evaluates_text = false;       // $eval may bind any
};

void find_bindings(const Syntax& node, Findings& findings) {
    if (node.type == Type::bind) findings.bound.insert(node.lhs->value);
    if (node.type == Type::lambda) {
        for (const Syntax* parameter : node.list) findings.bound.insert(parameter->value);
    }
    if (node.type == Type::variable && node.value == "eval") findings.evaluates_text = true;
    if (node.focus) findings.bound.insert(*node.focus);
    if (node.index) findings.bound.insert(*node.index);
    for (const Stage& stage : node.stages) {
        if (stage.index) findings.bound.insert(*stage.index);
    }
    for_each_child(node, [&](const Syntax& child) { find_bindings(child, findings); });
}

// Whether evaluating the node binds variables in the scope it is evaluated in, not in one of its own.
bool binds_here(const Syntax& node) {
    if (node.type == Type::bind) return true;
    if (node.type == Type::block || node.type == Type::lambda || node.type == Type::transform) return false;
    bool found = false;
    for_each_child(node, [&](const Syntax& child) { found = found || binds_here(child); });
    return found;
}

bool is_plain_name(const Syntax& step) {
    return step.type == Type::name && !step.has_stages && !step.has_predicates && !step.group && !step.keep_array &&
           !step.tuple && !step.focus && !step.index && !step.ancestor;
}

bool is_plain_path(const Syntax& path) {
    if (path.keep_singleton_array || path.keep_array || path.group || path.tuple || path.list.empty()) return false;
    const Syntax& first = *path.list.front();
    const bool starts =
        is_plain_name(first) || (first.type == Type::variable && path.list.size() > 1 && !first.has_stages &&
                                 !first.has_predicates && !first.group && !first.keep_array && !first.tuple);
    return starts &&
           std::all_of(path.list.begin() + 1, path.list.end(), [](const Syntax* step) { return is_plain_name(*step); });
}

// Keys that group() would refuse are left to it.
bool has_constant_keys(const std::vector<Pair>& pairs) {
    std::unordered_set<std::string_view> names;
    return std::all_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
        const Syntax& key = *pair.first;
        return key.type == Type::string && key.predicates.empty() && !key.group && !is_reserved_key(key.value) &&
               names.insert(key.value).second;
    });
}

void mark(Syntax& node, const Options& options, const Findings& findings, bool anything_bound) {
    if (node.type == Type::variable) {
        node.shadowed = anything_bound || node.value == "$" || findings.bound.contains(node.value);
        const Builtin* const builtin = find_builtin(node.value);
        node.builtin = builtin && is_available(*builtin, options) ? builtin : nullptr;
    }
    if (node.type == Type::path) {
        node.plain_names = is_plain_path(node);
        node.plain_name = node.plain_names && node.list.size() == 1 && node.predicates.empty();
    }
    if (!node.pairs.list.empty()) node.pairs.constant_keys = has_constant_keys(node.pairs.list);
    if (node.group) node.group->pairs.constant_keys = has_constant_keys(node.group->pairs.list);
    if (node.type == Type::block) {
        node.needs_frame = anything_bound || std::any_of(node.list.begin(), node.list.end(),
                                                         [](const Syntax* part) { return binds_here(*part); });
    }
    for_each_child(node, [&](Syntax& child) { mark(child, options, findings, anything_bound); });
}

// Follows the scopes of the expression and collects what no scope defines.
class ReferenceFinder {
  public:
    explicit ReferenceFinder(std::vector<Reference>& found) : found_{found} {}

    // `at_input`: the context is still the input of the whole expression.
    void visit(const Syntax& node, bool at_input) {
        switch (node.type) {
            case Type::variable:
                variable(node, at_input, {});
                break;
            case Type::path:
                path(node, at_input);
                return;
            case Type::lambda: {
                const std::size_t before = scope_.size();
                for (const Syntax* parameter : node.list) scope_.push_back(parameter->value);
                visit(*node.lhs, at_input);
                scope_.resize(before);
                break;
            }
            case Type::block: {
                const std::size_t before = scope_.size();
                for (const Syntax* part : node.list) declare(*part);
                for (const Syntax* part : node.list) visit(*part, at_input);
                scope_.resize(before);
                break;
            }
            case Type::transform:
                visit(*node.lhs, false);
                visit(*node.rhs, false);
                if (node.third) visit(*node.third, false);
                break;
            default:
                if (node.type == Type::bind) {
                    scope_.push_back(node.lhs->value);
                } else if (node.lhs) {
                    visit(*node.lhs, at_input);
                }
                if (node.rhs) visit(*node.rhs, at_input);
                if (node.third) visit(*node.third, at_input);
                for (const Syntax* child : node.list) visit(*child, at_input);
                for (const auto& [key, value] : node.pairs.list) {
                    visit(*key, at_input);
                    visit(*value, at_input);
                }
                for (const SortTerm& term : node.terms) visit(*term.expression, false);
                break;
        }
        inner(node);
    }

  private:
    // Names bound anywhere in this scope: functions may use those that are bound after them.
    void declare(const Syntax& node) {
        if (node.type == Type::bind) scope_.push_back(node.lhs->value);
        if (node.type == Type::block || node.type == Type::lambda || node.type == Type::transform) return;
        for_each_child(node, [&](const Syntax& child) { declare(child); });
    }

    bool is_defined(const Syntax& variable) const {
        return variable.builtin || std::find(scope_.begin(), scope_.end(), variable.value) != scope_.end();
    }

    void variable(const Syntax& node, bool at_input, std::vector<std::string> path) {
        if (node.value.empty() ? !at_input : is_defined(node)) return;
        // `$.phone` is a reference to `$`, not to `phone`.
        if (node.value.empty()) path.clear();
        found_.push_back({node.value, std::move(path), node.position});
    }

    static std::vector<std::string> plain_names(const Syntax& path, std::size_t first) {
        std::vector<std::string> names;
        for (std::size_t i = first; i < path.list.size(); ++i) {
            if (path.list[i]->type != Type::name) break;
            names.push_back(path.list[i]->value);
            if (path.list[i]->has_stages) break;
        }
        return names;
    }

    void path(const Syntax& node, bool at_input) {
        const std::size_t before = scope_.size();
        const Syntax& first = *node.list.front();
        if (first.type == Type::variable) {
            variable(first, at_input,
                     first.has_stages || first.has_predicates ? std::vector<std::string>{} : plain_names(node, 1));
            inner(first);
        } else if (first.type == Type::name) {
            if (at_input) found_.push_back({"", plain_names(node, 0), first.position});
            inner(first);
        } else {
            visit(first, at_input);
        }
        bind(first);
        for (std::size_t i = 1; i < node.list.size(); ++i) {
            visit(*node.list[i], false);
            bind(*node.list[i]);
        }
        inner(node);
        scope_.resize(before);
    }

    void bind(const Syntax& step) {
        if (step.focus) scope_.push_back(*step.focus);
        if (step.index) scope_.push_back(*step.index);
    }

    // Predicates and groups, whose context is an item.
    void inner(const Syntax& node) {
        bind(node);
        for (const auto* stages : {&node.predicates, &node.stages}) {
            for (const Stage& stage : *stages) {
                if (stage.filter) visit(*stage.filter, false);
                if (stage.index) scope_.push_back(*stage.index);
            }
        }
        if (!node.group) return;
        for (const auto& [key, value] : node.group->pairs.list) {
            visit(*key, false);
            visit(*value, false);
        }
    }

    std::vector<Reference>& found_;
    std::vector<std::string_view> scope_;
};

}  // namespace

void analyse(Program& program, Scope scope) {
    Findings findings;
    find_bindings(*program.tree, findings);
    mark(*program.tree, program.options, findings, scope == Scope::inherited || findings.evaluates_text);
    if (scope == Scope::own) ReferenceFinder{program.references}.visit(*program.tree, true);
}

}  // namespace pawl::jsonata::detail
