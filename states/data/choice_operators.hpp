// The 39 comparison operators of a Choice rule. Private to states/data.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "states/data/json_path.hpp"
#include "states/time.hpp"

namespace pawl::data {

// What the operator asks of the Variable's value.
enum class Comparing {
    texts,
    pattern,
    numbers,
    booleans,
    timestamps,
    null,
    present,
    numeric,
    text,
    boolean,
    timestamp
};
enum class Order { equal, less, greater, less_equal, greater_equal };

struct ChoiceOperator {
    std::string_view name;
    Comparing comparing;
    Order order = Order::equal;
    bool by_path = false;  // what it compares with is named by a path
};

const ChoiceOperator* find_choice_operator(std::string_view name);

// A pattern of StringMatches: `*` stands for any characters, `\*` for itself.
class Wildcards {
  public:
    explicit Wildcards(std::string_view pattern);
    bool match(std::string_view text) const;  // in linear time

  private:
    std::vector<std::string> pieces_;  // the texts between the stars, in order
};

// What stands behind an operator in the definition.
using Comparand = std::variant<std::string, double, bool, Timestamp, Wildcards, JsonPath>;

// Reads it; the error says what it should have been.
Result<Comparand, std::string> read_comparand(const ChoiceOperator& op, const Json& value);

// What a …Path selected, read as the operator wants it. Nothing: it is of another type, so the comparison is false.
std::optional<Comparand> as_comparand(const ChoiceOperator& op, const Json& value);

// Not for `present`, which asks about the path, not the value.
bool compare(const ChoiceOperator& op, const Json& value, const Comparand& with);

}  // namespace pawl::data
