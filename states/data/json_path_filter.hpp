// The condition of a JSONPath filter, `[?(…)]`. Private to states/data.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "states/data/json_path_query.hpp"
#include "states/data/regex.hpp"

namespace pawl::data::path {

enum class Relation {
    equal,
    not_equal,
    same,
    not_same,
    less,
    less_equal,
    greater,
    greater_equal,
    matches,
    in,
    not_in,
    contains,
    all,
    size,
    empty,
    subset_of,
    any_of,
    none_of,
};

using Operand = std::variant<Query, Json, Regex>;

struct Comparison {
    Operand left;
    Relation relation;
    Operand right;
};
struct Exists {
    Query query;
};
struct Not {
    std::vector<Condition> part;  // one
};
struct And {
    std::vector<Condition> parts;
};
struct Or {
    std::vector<Condition> parts;
};
struct Condition {
    std::variant<Comparison, Exists, Not, And, Or> held;
};

class Evaluator;

// Does the condition hold for `current` (`@`)? `$` in it is the evaluator's document.
bool holds(const Condition& condition, const Json& current, Evaluator& evaluator);

}  // namespace pawl::data::path
