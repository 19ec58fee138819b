#include "states/data/expression.hpp"

#include "states/data/java_text.hpp"
#include "states/data/work.hpp"
#include "states/error_names.hpp"

namespace pawl::data {
namespace {

// AWS's sentence. The input it shows is the context object for a path that reads that.
AslError not_found(const JsonPath& path, const Scope& scope, std::string_view field) {
    const Json& input = path.reads_context() && scope.context ? scope.context() : scope.input;
    return {std::string{error::runtime}, "The JSONPath '" + path.text() + "' specified for the field '" +
                                             std::string{field} + "' could not be found in the input '" +
                                             jackson_text(input) + "'"};
}

const Json& null_value() {
    static const Json value;
    return value;
}

}  // namespace

Result<Expression, std::string> Expression::compile(std::string_view text) {
    if (text.starts_with("$")) {
        auto path = JsonPath::compile(text);
        if (!path) return std::move(path).error();
        return Expression{*std::move(path)};
    }
    if (text.starts_with("States.")) {
        auto call = IntrinsicCall::compile(text);
        if (!call) return std::move(call).error();
        return Expression{*std::move(call)};
    }
    return std::string{"expected a path, which starts with '$', or a call of an intrinsic function ('States.…')"};
}

const std::string& Expression::text() const {
    return std::visit([](const auto& held) -> const std::string& { return held.text(); }, held_);
}

Result<Selection> Expression::evaluate(const Scope& scope, std::string_view field) const {
    Work work;
    return evaluate(scope, field, work);
}

Result<Selection> Expression::evaluate(const Scope& scope, std::string_view field, Work& work) const {
    if (const auto* call = std::get_if<IntrinsicCall>(&held_)) {
        auto value = call->evaluate(scope, work);
        if (!value) return std::move(value).error();
        return Selection{*std::move(value)};
    }
    const auto& jsonpath = std::get<JsonPath>(held_);
    if (jsonpath.reads_null_input(scope)) {
        return AslError{std::string{error::runtime}, std::string{null_input_text}};
    }
    auto selected = jsonpath.select(scope, work);
    if (selected) return *std::move(selected);
    switch (selected.error().kind) {
        case PathError::Kind::past_end:
            return Selection{null_value()};  // so AWS does here, and nowhere else
        case PathError::Kind::inapplicable:
            return AslError{std::string{error::runtime}, selected.error().message};
        case PathError::Kind::missing:
            break;
    }
    return not_found(jsonpath, scope, field);
}

std::vector<JsonPath> Expression::paths() const {
    if (const auto* call = std::get_if<IntrinsicCall>(&held_)) return call->paths();
    return {std::get<JsonPath>(held_)};
}

}  // namespace pawl::data
