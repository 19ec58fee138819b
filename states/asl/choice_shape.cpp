// The form of a choice rule, in the service's words: one selector, one operator, operands of the right type. What its
// paths mean is for states/data to say.
#include <algorithm>
#include <array>
#include <utility>

#include "states/asl/parser.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::asl {
namespace {

// clang-format off
constexpr std::array<std::string_view, 43> rule_keys = {
    "And", "Or", "Not", "Variable",
    "StringEquals", "StringLessThan", "StringGreaterThan", "StringLessThanEquals", "StringGreaterThanEquals",
    "StringEqualsPath", "StringLessThanPath", "StringGreaterThanPath", "StringLessThanEqualsPath",
    "StringGreaterThanEqualsPath", "StringMatches",
    "NumericEquals", "NumericLessThan", "NumericGreaterThan", "NumericLessThanEquals", "NumericGreaterThanEquals",
    "NumericEqualsPath", "NumericLessThanPath", "NumericGreaterThanPath", "NumericLessThanEqualsPath",
    "NumericGreaterThanEqualsPath",
    "BooleanEquals", "BooleanEqualsPath",
    "TimestampEquals", "TimestampLessThan", "TimestampGreaterThan", "TimestampLessThanEquals",
    "TimestampGreaterThanEquals", "TimestampEqualsPath", "TimestampLessThanPath", "TimestampGreaterThanPath",
    "TimestampLessThanEqualsPath", "TimestampGreaterThanEqualsPath",
    "IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"};
// clang-format on

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void check_operand(const Fields& rule, const std::string& name, const Json& value) {
    if (name.ends_with("Path")) {
        rule.reference_path(name, Fields::Roots::Any);
    } else if (name.starts_with("String")) {
        rule.text(name);
    } else if (name.starts_with("Timestamp")) {
        const auto written = rule.text(name);
        if (written && !parse_iso8601(*written)) {
            rule.error(name, "String does not match RFC3339 timestamp", "write it like 2030-01-31T18:00:00Z");
        }
    } else if (name.starts_with("Numeric")) {
        if (!value.is_number()) rule.wrong_type(name, "Number");
    } else {
        rule.flag(name);
    }
}

class RuleCheck {
  public:
    RuleCheck(const Fields& rule, bool nested) : rule_{rule}, nested_{nested} {}

    void run() {
        if (rule_.report().full()) return;
        for (const auto& [key, value] : rule_.object().items()) member(key, value);
        if (selectors_ != 1) {
            // A misspelt selector has been reported already.
            if (selectors_ > 1 || !unknown_) {
                rule_.error_here(
                    "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]");
            }
            return;
        }
        if (rule_.has("Variable")) comparison();
        if (rule_.has("And")) each("And");
        if (rule_.has("Or")) each("Or");
        if (const Json* negated = rule_.object("Not")) descend(*negated, rule_.at("Not"));
    }

  private:
    void member(const std::string& key, const Json& value) {
        if (data::is_choice_operator(key)) {
            operators_ += (operators_.empty() ? "" : ", ") + key;
            ++operator_count_;
            if (rule_.object().contains("Variable")) check_operand(rule_, key, value);
        } else if (is_one_of(key, {"And", "Or", "Not", "Variable", "Condition"})) {
            ++selectors_;
        }
        if (is_one_of(key, {"Condition", "Output"})) {
            rule_.error_here("The QueryLanguage is set to 'JSONPath', but field '" + key +
                                 "' is only supported for the 'JSONata' QueryLanguage",
                             key == "Condition" ? "in JSONPath use 'Variable' and a comparison operator" : "", key);
        }
        const bool own = is_one_of(key, {"Next", "Comment", "Assign", "Condition", "Output"});
        const bool known = data::is_choice_operator(key) || is_one_of(key, {"And", "Or", "Not", "Variable"});
        if (known || (own && (!nested_ || key == "Comment"))) return;
        unknown_ = true;
        rule_.error_here("Field '" + key + "' is not supported",
                         own ? "it belongs to the rule as a whole, not to a part of it" : did_you_mean(key, rule_keys),
                         key);
    }

    void comparison() {
        rule_.reference_path("Variable", Fields::Roots::Any);
        if (operator_count_ > 1) {
            rule_.error_here("There should only be one of the following fields: [" + operators_ + "]");
        } else if (operator_count_ == 0 && !unknown_) {
            rule_.error_here("A comparison operator is required beside 'Variable'",
                             "one of StringEquals, NumericLessThan, IsPresent, …");
        }
    }

    void each(std::string_view name) {
        const Json* parts = rule_.list(name);
        if (!parts) return;
        const Place place = rule_.at(name);
        std::size_t index = 0;
        for (const auto& part : *parts) descend(part, place.at(index++));
    }

    void descend(const Json& part, Place place) {
        if (!part.is_object()) {
            rule_.report().add({.where = std::move(place), .message = "Expected value of type Object"});
            return;
        }
        const Fields fields{rule_.report(), part, std::move(place), rule_.language()};
        RuleCheck{fields, true}.run();
    }

    const Fields& rule_;
    bool nested_;
    bool unknown_ = false;
    int selectors_ = 0;
    int operator_count_ = 0;
    std::string operators_;
};

}  // namespace

void check_rule_shape(const Fields& rule) { RuleCheck{rule, false}.run(); }

}  // namespace pawl::asl
