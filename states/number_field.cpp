#include "states/number_field.hpp"

#include <charconv>
#include <string>

#include "states/whole_number.hpp"

namespace pawl {
namespace {

template <class T>
std::optional<T> parse(const std::string& text) {
    T number{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> as_integer(const Json& value) {
    if (value.is_number_integer()) return whole_number_of(value);
    return value.is_string() ? parse<std::int64_t>(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<double> as_number(const Json& value) {
    if (value.is_number()) return value.get<double>();
    return value.is_string() ? parse<double>(value.get_ref<const std::string&>()) : std::nullopt;
}

AslError not_a(std::string_view type, std::string_view name, const Json& value, const data::JsonPath& path,
               const Place& place) {
    return place.runtime_error("The " + std::string{name} + "Path field refers to value \"" +
                               (value.is_string() ? value.get<std::string>() : to_text(value)) +
                               "\" which is not a valid " + std::string{type} + ": " + path.text());
}

}  // namespace

Result<std::int64_t> integer_field(const asl::ValueOrPath<std::int64_t>& field, std::string_view name, Place& place,
                                   const Json& input, Negative negative) {
    if (const auto* value = field.value()) return *value;
    if (const auto* query = field.query()) return place.whole_number(*query, 0, INT64_MAX);
    if (!field.present()) return std::int64_t{0};
    const auto value = place.select(*field.path(), input);
    if (!value) return value.error();
    const auto number = as_integer(*value);
    if (!number) return not_a("integer", name, *value, *field.path(), place);
    if (*number < 0 && negative == Negative::refused)
        return place.runtime_error(std::string{name} + " cannot be negative.");
    return *number;
}

Result<double> percentage_field(const asl::ValueOrPath<double>& field, std::string_view name, Place& place,
                                const Json& input) {
    if (const auto* value = field.value()) return *value;
    if (const auto* query = field.query()) return place.number(*query, 0, 100);
    if (!field.present()) return 0.0;
    const auto value = place.select(*field.path(), input);
    if (!value) return value.error();
    const auto number = as_number(*value);
    if (!number) return not_a("float", name, *value, *field.path(), place);
    if (*number >= 0 && *number <= 100) return *number;
    return place.runtime_error(std::string{name} + " must be between 0 and 100.");
}

}  // namespace pawl
