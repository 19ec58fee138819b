// Reads the members of one object of a definition, and reports what does not fit, in the service's words.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "states/asl/definition.hpp"
#include "states/asl/report.hpp"

namespace pawl::asl {

enum class Dialect : std::uint8_t { Both, JSONPath, JSONata };

struct FieldRule {
    std::string_view name;
    Dialect dialect = Dialect::Both;
};

class Fields {
  public:
    // `object` must be an object; it and `report` must outlive the reader. `language` decides which fields may be here,
    // and in JSONata a string `{% … %}` may stand for a number.
    Fields(Report& report, const Json& object, Place place, QueryLanguage language)
        : report_{report}, object_{object}, place_{std::move(place)}, language_{language} {}

    const Place& place() const { return place_; }
    Place at(std::string_view name) const { return place_.at(name); }
    const Json& object() const { return object_; }
    QueryLanguage language() const { return language_; }
    Report& report() const { return report_; }

    // Reports every member that `rules` do not allow; the readers below then overlook it.
    void allow_only(std::span<const FieldRule> rules);

    bool has(std::string_view name) const { return find(name) != nullptr; }
    const Json* find(std::string_view name) const;  // null: absent

    // The value of a field, or nothing: it is absent, or of the wrong type or out of range, which is reported.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<std::string> non_empty_text(std::string_view name) const;
    std::optional<std::string> one_of(std::string_view name, std::initializer_list<std::string_view> values) const;
    std::optional<bool> flag(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max) const;
    std::optional<double> number(std::string_view name, double min, double max) const;
    const Json* object(std::string_view name) const;
    const Json* list(std::string_view name) const;  // not empty

    std::optional<data::JsonPath> path(std::string_view name) const;
    // A path to a single place. What may it begin with? `$`; `$` or `$variable`; `$$` as well.
    enum class Roots : std::uint8_t { Data, DataAndVariables, Any };
    std::optional<data::JsonPath> reference_path(std::string_view name, Roots roots = Roots::DataAndVariables) const;
    std::optional<data::PayloadTemplate> payload_template(std::string_view name) const;
    // An expression, which must be there; `part`: what `$states` holds here.
    std::optional<data::Query> query(std::string_view name, data::StatesPart part = data::StatesPart::None) const;
    // Any JSON with expressions, in JSONata; nothing in JSONPath.
    std::optional<data::QueryTemplate> query_template(std::string_view name,
                                                      data::StatesPart part = data::StatesPart::None) const;
    // An object with expressions, in the state's language; in JSONata an expression may stand for the whole.
    std::optional<Template> object_template(std::string_view name,
                                            data::StatesPart part = data::StatesPart::None) const;
    // `name`, or `name`Path, or an expression.
    ValueOrPath<std::int64_t> integer_or_path(std::string_view name, std::int64_t min, std::int64_t max) const;
    // Is it, in JSONata, a text that claims to be an expression?
    bool is_expression(std::string_view name) const;

    bool require(std::initializer_list<std::string_view> names) const;
    // At most one of them; false, and reported, when there are more.
    bool at_most_one(std::initializer_list<std::string_view> names) const;
    bool exactly_one(std::initializer_list<std::string_view> names) const;

    void wrong_type(std::string_view name, std::string_view type) const;
    void error(std::string_view name, std::string message, std::string hint = {}) const;              // at the member
    void error_here(std::string message, std::string hint = {}, std::string_view member = {}) const;  // at the object

  private:
    bool is_query(const Json& value) const;
    void report_problems(std::string_view name, const std::vector<data::QueryProblem>& problems) const;

    Report& report_;
    const Json& object_;
    Place place_;
    QueryLanguage language_;
    std::unordered_set<std::string_view> refused_;
};

}  // namespace pawl::asl
