// Jayway's comparisons: a text and a number compare as texts, what is missing equals nothing, wrong types are false.
#include "states/data/json_path_filter.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "states/data/java_text.hpp"
#include "states/data/json_path_eval.hpp"

namespace pawl::data::path {
namespace {

const Json& root_of(const Query& query, const Json& current, Evaluator& evaluator) {
    return query.root == Root::current ? current : evaluator.document();
}

// Null: the path selects nothing. A regular expression is no value.
const Json* value_of(const Operand& operand, const Json& current, Evaluator& evaluator) {
    if (const auto* literal = std::get_if<Json>(&operand)) return literal;
    const auto* query = std::get_if<Query>(&operand);
    if (query == nullptr) return nullptr;
    const Json& root = root_of(*query, current, evaluator);
    if (query->plain()) return walk_plain(*query, root);
    try {
        return &evaluator.select(*query, root);
    } catch (const Failure&) {
        return nullptr;
    }
}

const std::string& text(const Json& value) { return value.get_ref<const std::string&>(); }

std::optional<double> as_number(const std::string& digits) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

bool equal(const Json& left, const Json& right) {
    if (left.is_string() && right.is_number()) return text(left) == java_text(right);
    if (left.is_number() && right.is_string()) {
        const auto number = as_number(text(right));
        return number && left.get<double>() == *number;
    }
    return left == right;
}

bool same_kind(const Json& left, const Json& right) {
    return left.type() == right.type() || (left.is_number() && right.is_number()) ||
           (left.is_structured() && right.is_structured());
}

bool fits_integer(const Json& value) {
    return value.is_number_integer() &&
           (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
}

// <0, 0, >0; nothing when the two cannot be compared.
std::optional<int> order(const Json& left, const Json& right) {
    if (fits_integer(left) && fits_integer(right)) {
        const auto a = left.get<std::int64_t>();
        const auto b = right.get<std::int64_t>();
        return a < b ? -1 : a > b ? 1 : 0;
    }
    if (left.is_number() && right.is_number()) {
        const auto a = left.get<double>();
        const auto b = right.get<double>();
        return a < b ? -1 : a > b ? 1 : 0;
    }
    const bool texts = (left.is_string() || left.is_number()) && (right.is_string() || right.is_number());
    if (!texts) return std::nullopt;
    return java_text(left).compare(java_text(right));
}

bool contains(const Json& list, const Json& wanted) {
    return std::any_of(list.begin(), list.end(), [&](const Json& item) { return equal(wanted, item); });
}

// Texts count characters, as Java does only for the basic plane; arrays count items.
std::int64_t size_of(const Json& value) {
    if (value.is_array()) return static_cast<std::int64_t>(value.size());
    if (!value.is_string()) return -1;
    return std::count_if(text(value).begin(), text(value).end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool is_empty(const Json& value) { return value.is_string() ? text(value).empty() : value.empty(); }

bool matches(const Regex& regex, const Json& value) {
    if (value.is_array()) {
        return std::any_of(value.begin(), value.end(), [&](const Json& item) {
            return !item.is_structured() && regex.matches(item.is_null() ? "" : java_text(item));
        });
    }
    return regex.matches(value.is_object() || value.is_null() ? "" : java_text(value));
}

bool compare_lists(Relation relation, const Json& left, const Json& right) {
    if (!left.is_array() || !right.is_array()) return false;
    const auto in_right = [&](const Json& item) { return contains(right, item); };
    switch (relation) {
        case Relation::all:
            return std::all_of(right.begin(), right.end(), [&](const Json& item) { return contains(left, item); });
        case Relation::subset_of:
            return std::all_of(left.begin(), left.end(), in_right);
        case Relation::any_of:
            return std::any_of(left.begin(), left.end(), in_right);
        default:
            return std::none_of(left.begin(), left.end(), in_right);
    }
}

bool compare(Relation relation, const Json& left, const Json& right) {
    switch (relation) {
        case Relation::equal:
            return equal(left, right);
        case Relation::not_equal:
            return !equal(left, right);
        case Relation::same:
            return same_kind(left, right) && equal(left, right);
        case Relation::not_same:
            return !(same_kind(left, right) && equal(left, right));
        case Relation::less:
            return order(left, right).value_or(1) < 0;
        case Relation::less_equal:
            return order(left, right).value_or(1) <= 0;
        case Relation::greater:
            return order(left, right).value_or(-1) > 0;
        case Relation::greater_equal:
            return order(left, right).value_or(-1) >= 0;
        case Relation::matches:
            return false;
        case Relation::in:
            return right.is_array() && contains(right, left);
        case Relation::not_in:
            return !(right.is_array() && contains(right, left));
        case Relation::contains:
            if (left.is_string() && right.is_string()) return text(left).find(text(right)) != std::string::npos;
            return left.is_array() && contains(left, right);
        case Relation::size:
            return right.is_number_integer() && size_of(left) == right.get<std::int64_t>();
        case Relation::empty:
            return (left.is_string() || left.is_structured()) && right.is_boolean() &&
                   is_empty(left) == right.get<bool>();
        case Relation::all:
        case Relation::subset_of:
        case Relation::any_of:
        case Relation::none_of:
            return compare_lists(relation, left, right);
    }
    return false;
}

class Judge {
  public:
    Judge(const Json& current, Evaluator& evaluator) : current_{current}, evaluator_{evaluator} {}

    bool operator()(const Comparison& test) const {
        evaluator_.visit();
        const auto* left = value_of(test.left, current_, evaluator_);
        const auto* right = value_of(test.right, current_, evaluator_);
        if (test.relation == Relation::matches) {
            const auto* behind = std::get_if<Regex>(&test.right);
            const auto* before = std::get_if<Regex>(&test.left);
            if (behind != nullptr && before == nullptr) return left != nullptr && matches(*behind, *left);
            if (before != nullptr && behind == nullptr) return right != nullptr && matches(*before, *right);
            return false;
        }
        if (left != nullptr && right != nullptr) {
            if (left->is_structured() || right->is_structured()) spend(*left, *right);
            return compare(test.relation, *left, *right);
        }
        return test.relation == Relation::not_equal || test.relation == Relation::not_same ||
               test.relation == Relation::not_in;
    }
    bool operator()(const Exists& test) const {
        if (test.query.definite()) return value_of(test.query, current_, evaluator_) != nullptr;
        try {
            return evaluator_.finds(test.query, root_of(test.query, current_, evaluator_));
        } catch (const Failure&) {
            return false;
        }
    }
    bool operator()(const Not& test) const { return !holds(test.part.front(), current_, evaluator_); }
    bool operator()(const And& test) const {
        return std::all_of(test.parts.begin(), test.parts.end(),
                           [&](const Condition& part) { return holds(part, current_, evaluator_); });
    }
    bool operator()(const Or& test) const {
        return std::any_of(test.parts.begin(), test.parts.end(),
                           [&](const Condition& part) { return holds(part, current_, evaluator_); });
    }

  private:
    // Comparing lists looks at every pair.
    void spend(const Json& left, const Json& right) const {
        evaluator_.visit(std::max<std::size_t>(left.size(), 1) * std::max<std::size_t>(right.size(), 1));
    }

    const Json& current_;
    Evaluator& evaluator_;
};

}  // namespace

bool holds(const Condition& condition, const Json& current, Evaluator& evaluator) {
    return std::visit(Judge{current, evaluator}, condition.held);
}

}  // namespace pawl::data::path
