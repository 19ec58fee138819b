#include "states/data/json_path_eval.hpp"

#include <algorithm>

#include "states/data/java_text.hpp"
#include "states/data/json_path_filter.hpp"

namespace pawl::data::path {
namespace {

const Json* member(const Json& node, const std::string& name) {
    const auto& members = node.get_ref<const Json::object_t&>();
    const auto found = members.find(name);
    return found == members.end() ? nullptr : &found->second;
}

const Json* element(const Json& node, std::int64_t index) {
    const auto size = static_cast<std::int64_t>(node.size());
    if (index < 0) index += size;
    return index < 0 || index >= size ? nullptr : &node[static_cast<std::size_t>(index)];
}

// One query from one root. Where all steps so far were definite it is strict: a step that cannot be taken fails the
// selection. Behind an indefinite step it only ends that branch. The texts are Jayway's.
class Walk {
  public:
    Walk(Evaluator& evaluator, const Query& query, std::size_t end)
        : evaluator_{evaluator}, query_{query}, end_{end}, strict_until_{query.first_indefinite()} {}

    void visit(const Json& node, std::size_t at) {
        evaluator_.visit();
        if (at == end_) {
            found_.push_back(&node);
        } else {
            std::visit([&](const auto& step) { apply(step, node, at); }, query_.steps[at]);
        }
    }
    const std::vector<const Json*>& found() const { return found_; }
    bool past_end() const { return past_end_; }

  private:
    bool strict(std::size_t at) const { return at <= strict_until_; }
    bool leaf(std::size_t at) const { return at + 1 == end_; }
    [[noreturn]] static void fail(PathError::Kind kind, std::string message) {
        throw Failure{{std::move(message), kind}};
    }

    bool is_object(const Json& node, std::size_t at) const {
        if (node.is_object()) return true;
        if (!strict(at)) return false;
        fail(PathError::Kind::missing,
             "Property " + print(query_.steps[at]) + " not found in path " + query_.print(at));
    }
    bool is_array(const Json& node, std::size_t at) const {
        if (node.is_array()) return true;
        if (!strict(at)) return false;
        if (node.is_null()) fail(PathError::Kind::missing, "The path " + query_.print(at) + " is null");
        refuse(node, at, " can only be applied to arrays");
    }
    [[noreturn]] void refuse(const Json& node, std::size_t at, const std::string& why) const {
        std::string filter;
        for (auto i = at; i < query_.steps.size(); ++i) filter += print(query_.steps[i]);
        fail(PathError::Kind::inapplicable, "Filter: " + filter + why + ". Current context is: " + java_text(node));
    }

    void apply(const Name& step, const Json& node, std::size_t at) {
        if (!is_object(node, at)) return;
        if (const auto* value = member(node, step.name)) return visit(*value, at + 1);
        if (!leaf(at) && strict(at)) {
            fail(PathError::Kind::missing, "Missing property in path " + query_.print(at + 1));
        }
    }
    void apply(const Names& step, const Json& node, std::size_t at) {
        if (!is_object(node, at)) return;
        if (!leaf(at)) {
            fail(PathError::Kind::inapplicable,
                 "Multi properties can only be used as path leafs: " + query_.print(at + 1));
        }
        Json picked = Json::object();
        for (const auto& name : step.names) {
            if (const auto* value = member(node, name)) picked[name] = evaluator_.copy(*value);
        }
        visit(evaluator_.keep(std::move(picked)), at + 1);
    }
    void take_element(const Json& node, std::int64_t index, std::size_t at) {
        if (const auto* value = element(node, index)) {
            visit(*value, at + 1);
        } else {
            past_end_ = leaf(at);
        }
    }
    void apply(const Index& step, const Json& node, std::size_t at) {
        if (is_array(node, at)) take_element(node, step.index, at);
    }
    void apply(const Indexes& step, const Json& node, std::size_t at) {
        if (!is_array(node, at)) return;
        for (const auto index : step.indexes) take_element(node, index, at);
    }
    void apply(const Slice& step, const Json& node, std::size_t at) {
        if (!is_array(node, at)) return;
        const auto size = static_cast<std::int64_t>(node.size());
        auto from = step.from.value_or(0);
        auto to = std::min(step.to.value_or(size), size);
        if (!step.to && from < 0) from = std::max<std::int64_t>(from + size, 0);
        if (!step.from && to < 0) to += size;
        // With both bounds Jayway counts from one to the other as they are, so `[-3:-1]` works and `[1:-1]` is empty.
        for (auto i = std::max(from, -size); i < to; ++i) take_element(node, i, at);
    }
    void apply(const Wildcard&, const Json& node, std::size_t at) {
        if (!node.is_structured()) return;
        for (const auto& child : node) visit(child, at + 1);
    }
    void apply(const Filter& step, const Json& node, std::size_t at) {
        if (node.is_object()) {
            if (holds(*step.condition, node, evaluator_)) visit(node, at + 1);
        } else if (node.is_array()) {
            for (const auto& item : node) {
                if (holds(*step.condition, item, evaluator_)) visit(item, at + 1);
            }
        } else if (strict(at)) {
            refuse(node, at, " can not be applied to primitives");
        }
    }
    void apply(const Call& step, const Json& node, std::size_t at) {
        visit(evaluator_.keep(call_function(step, node, evaluator_)), at + 1);
    }
    void apply(const Scan&, const Json& node, std::size_t at) { scan(node, at + 1, 0); }

    // Tries step `at` on the node and on all below it. Jayway's way with arrays is kept: when the step is not the
    // last, it is the step behind it that is tried, on every element.
    void scan(const Json& node, std::size_t at, std::size_t depth) {
        evaluator_.visit();
        if (!node.is_structured()) return;
        if (depth > 2 * max_json_depth) throw OutOfWork{};
        if (scan_stops(node, at)) {
            if (node.is_object() || leaf(at)) {
                visit(node, at);
            } else {
                for (const auto& item : node) visit(item, at + 1);
            }
        }
        for (const auto& child : node) scan(child, at, depth + 1);
    }
    bool scan_stops(const Json& node, std::size_t at) const {
        const auto& step = query_.steps[at];
        if (const auto* name = std::get_if<Name>(&step)) return node.is_object() && member(node, name->name) != nullptr;
        if (const auto* names = std::get_if<Names>(&step)) {
            return node.is_object() && std::all_of(names->names.begin(), names->names.end(),
                                                   [&](const auto& name) { return member(node, name) != nullptr; });
        }
        if (const auto* filter = std::get_if<Filter>(&step)) return holds(*filter->condition, node, evaluator_);
        if (std::holds_alternative<Wildcard>(step)) return true;
        return node.is_array() && (std::holds_alternative<Index>(step) || std::holds_alternative<Indexes>(step) ||
                                   std::holds_alternative<Slice>(step));
    }

    Evaluator& evaluator_;
    const Query& query_;
    const std::size_t end_;
    const std::size_t strict_until_;
    std::vector<const Json*> found_;
    bool past_end_ = false;
};

// A definite beginning that is missing makes an indefinite query select nothing.
void walk_indefinite(Walk& walk, const Json& root) {
    try {
        walk.visit(root, 0);
    } catch (const Failure& failure) {
        if (failure.error.kind == PathError::Kind::inapplicable) throw;
    }
}

}  // namespace

const Json* walk_plain(const Query& query, const Json& root) {
    const Json* node = &root;
    for (const auto& step : query.steps) {
        if (const auto* name = std::get_if<Name>(&step)) {
            node = node->is_object() ? member(*node, name->name) : nullptr;
        } else {
            node = node->is_array() ? element(*node, std::get<Index>(step).index) : nullptr;
        }
        if (node == nullptr) return nullptr;
    }
    return node;
}

void Evaluator::visit(std::size_t nodes) {
    if (!work_.visit(nodes)) throw OutOfWork{};
}

const Json& Evaluator::keep(Json made) { return made_.emplace_back(std::move(made)); }

Json Evaluator::copy(const Json& node) {
    if (!work_.make(node)) throw OutOfWork{};
    return node;
}

bool Evaluator::finds(const Query& query, const Json& root) {
    Walk walk{*this, query, query.steps.size()};
    walk_indefinite(walk, root);
    return !walk.found().empty();
}

const Json& Evaluator::select(const Query& query, const Json& root) {
    const auto gather = [&](std::size_t end) -> const Json& {
        Walk walk{*this, query, end};
        walk_indefinite(walk, root);
        Json array = Json::array();
        for (const auto* node : walk.found()) array.push_back(copy(*node));
        return keep(std::move(array));
    };
    if (!query.definite()) return gather(query.steps.size());
    if (query.first_indefinite() < query.steps.size()) {  // `$..a.sum()`
        return keep(call_function(std::get<Call>(query.steps.back()), gather(query.steps.size() - 1), *this));
    }
    Walk walk{*this, query, query.steps.size()};
    walk.visit(root, 0);
    if (walk.found().empty()) {
        throw Failure{{"No results for path: " + query.print(),
                       walk.past_end() ? PathError::Kind::past_end : PathError::Kind::missing}};
    }
    return *walk.found().back();
}

}  // namespace pawl::data::path
