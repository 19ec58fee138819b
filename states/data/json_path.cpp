#include "states/data/json_path.hpp"

#include <algorithm>

#include "states/data/java_text.hpp"
#include "states/data/json_path_eval.hpp"
#include "states/data/json_path_parser.hpp"

namespace pawl::data {
namespace {

// What the path starts from; null: there is no such variable.
const Json* root_of(const path::Query& query, const Scope& scope) {
    switch (query.root) {
        case path::Root::context:
            return scope.context ? &scope.context() : nullptr;
        case path::Root::variable:
            return scope.variable ? scope.variable(query.variable) : nullptr;
        default:
            return &scope.input;
    }
}

// Does evaluating it make new values, rather than find old ones?
bool makes_values(const path::Query& query) {
    return !query.definite() || std::any_of(query.steps.begin(), query.steps.end(), [](const path::Step& step) {
        return std::holds_alternative<path::Names>(step) || std::holds_alternative<path::Call>(step);
    });
}

PathError no_way(const path::Step& step, const Json& node) {
    const auto* name = std::get_if<path::Name>(&step);
    const auto shown = name != nullptr ? name->name : std::to_string(std::get<path::Index>(step).index);
    return {"Unable to apply step \"" + shown + "\" to input " + jackson_text(node), PathError::Kind::inapplicable};
}

}  // namespace

Result<JsonPath, std::string> JsonPath::compile(std::string_view text) {
    if (text.size() > path::max_path_bytes) return std::string{"the path is too long"};
    try {
        path::Cursor cursor{text};
        auto query = path::parse_query(cursor, path::Place::whole);
        const bool plain = query.plain();
        return JsonPath{std::make_shared<const Compiled>(Compiled{std::string{text}, std::move(query), plain})};
    } catch (const path::BadPath& bad) {
        return bad.message;
    }
}

bool JsonPath::definite() const { return compiled_->query.definite(); }

bool JsonPath::single() const { return compiled_->plain; }

bool JsonPath::reference() const {
    const auto& steps = compiled_->query.steps;
    return compiled_->query.root == path::Root::input && compiled_->plain &&
           std::none_of(steps.begin(), steps.end(), [](const path::Step& step) {
               const auto* index = std::get_if<path::Index>(&step);
               return index != nullptr && index->index < 0;
           });
}

bool JsonPath::reads_context() const { return compiled_->query.root == path::Root::context; }
bool JsonPath::reads_null_input(const Scope& scope) const {
    return compiled_->query.root == path::Root::input && scope.input.is_null();
}
const std::string& JsonPath::variable() const { return compiled_->query.variable; }
const std::string& JsonPath::text() const { return compiled_->text; }

Result<Selection, PathError> JsonPath::select(const Scope& scope) const {
    Work work;
    return select(scope, work);
}

Result<Selection, PathError> JsonPath::select(const Scope& scope, Work& work) const {
    const auto& query = compiled_->query;
    const Json* root = root_of(query, scope);
    if (root == nullptr) return PathError{"No results for path: " + compiled_->text, PathError::Kind::missing};
    if (compiled_->plain) {
        if (const auto* node = path::walk_plain(query, *root)) return Selection{*node};
    }
    try {
        path::Evaluator evaluator{*root, work};
        const auto& found = evaluator.select(query, *root);
        if (makes_values(query)) return Selection{evaluator.copy(found)};
        return Selection{found};
    } catch (const path::Failure& failure) {
        return failure.error;
    } catch (const path::OutOfWork&) {
        return PathError{"The path " + compiled_->text + " selects or searches too much",
                         PathError::Kind::inapplicable};
    }
}

Result<Json, PathError> JsonPath::assign(Json into, Json value) const {
    const auto& steps = compiled_->query.steps;
    if (!reference()) return PathError{"The path " + compiled_->text + " is not a reference path"};
    if (!Work{}.make(value, steps.size())) {
        return PathError{"What is put at " + compiled_->text + " is too large or nested too deep",
                         PathError::Kind::inapplicable};
    }
    Json* node = &into;
    for (const auto& step : steps) {
        if (const auto* name = std::get_if<path::Name>(&step)) {
            if (!node->is_object()) return no_way(step, *node);
            auto& members = node->get_ref<Json::object_t&>();
            const bool last = &step == &steps.back();
            node = &members.emplace(name->name, last ? Json() : Json::object()).first->second;
        } else {
            const auto index = static_cast<std::size_t>(std::get<path::Index>(step).index);
            if (!node->is_array() || index >= node->size()) return no_way(step, *node);
            node = &(*node)[index];
        }
    }
    *node = std::move(value);
    return into;
}

}  // namespace pawl::data
