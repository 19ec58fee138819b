// Ends its machine, branch or iteration with an error. Spec: states-language.net, "Fail State".
#include "states/error_names.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

Result<std::optional<std::string>> text_of(const asl::Fail::Text& field, std::string_view name, Place& place) {
    if (const auto* text = std::get_if<std::string>(&field)) return std::optional{*text};
    if (const auto* query = std::get_if<data::Query>(&field)) {
        const auto value = place.query(*query, data::Wanted::String);
        if (!value) return value.error();
        return std::optional{value->get<std::string>()};
    }
    const auto* expression = std::get_if<data::Expression>(&field);
    if (!expression) return std::optional<std::string>{};
    const auto value = expression->evaluate(place.scope(place.raw_input().json()), name);
    if (!value) return place.explain(value.error());
    if (!(*value)->is_string()) {
        return place.runtime_error("The " + std::string{name} + " field refers to a value that is not a string: " +
                                   expression->text() + " == " + to_text(**value));
    }
    return std::optional{(*value)->get<std::string>()};
}

}  // namespace

Step enter(const asl::Fail& fail, Place& place) {
    auto error = text_of(fail.error, "ErrorPath", place);
    if (!error) return Raise{std::move(error).error()};
    auto cause = text_of(fail.cause, "CausePath", place);
    if (!cause) return Raise{std::move(cause).error()};
    return Raise{{*std::move(error), *std::move(cause)}};
}

}  // namespace pawl
