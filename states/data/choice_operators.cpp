#include "states/data/choice_operators.hpp"

#include <algorithm>
#include <array>

namespace pawl::data {
namespace {

using enum Comparing;

constexpr std::array operators{
    ChoiceOperator{"StringEquals", texts, Order::equal},
    ChoiceOperator{"StringLessThan", texts, Order::less},
    ChoiceOperator{"StringGreaterThan", texts, Order::greater},
    ChoiceOperator{"StringLessThanEquals", texts, Order::less_equal},
    ChoiceOperator{"StringGreaterThanEquals", texts, Order::greater_equal},
    ChoiceOperator{"StringEqualsPath", texts, Order::equal, true},
    ChoiceOperator{"StringLessThanPath", texts, Order::less, true},
    ChoiceOperator{"StringGreaterThanPath", texts, Order::greater, true},
    ChoiceOperator{"StringLessThanEqualsPath", texts, Order::less_equal, true},
    ChoiceOperator{"StringGreaterThanEqualsPath", texts, Order::greater_equal, true},
    ChoiceOperator{"StringMatches", pattern},
    ChoiceOperator{"NumericEquals", numbers, Order::equal},
    ChoiceOperator{"NumericLessThan", numbers, Order::less},
    ChoiceOperator{"NumericGreaterThan", numbers, Order::greater},
    ChoiceOperator{"NumericLessThanEquals", numbers, Order::less_equal},
    ChoiceOperator{"NumericGreaterThanEquals", numbers, Order::greater_equal},
    ChoiceOperator{"NumericEqualsPath", numbers, Order::equal, true},
    ChoiceOperator{"NumericLessThanPath", numbers, Order::less, true},
    ChoiceOperator{"NumericGreaterThanPath", numbers, Order::greater, true},
    ChoiceOperator{"NumericLessThanEqualsPath", numbers, Order::less_equal, true},
    ChoiceOperator{"NumericGreaterThanEqualsPath", numbers, Order::greater_equal, true},
    ChoiceOperator{"BooleanEquals", booleans},
    ChoiceOperator{"BooleanEqualsPath", booleans, Order::equal, true},
    ChoiceOperator{"TimestampEquals", timestamps, Order::equal},
    ChoiceOperator{"TimestampLessThan", timestamps, Order::less},
    ChoiceOperator{"TimestampGreaterThan", timestamps, Order::greater},
    ChoiceOperator{"TimestampLessThanEquals", timestamps, Order::less_equal},
    ChoiceOperator{"TimestampGreaterThanEquals", timestamps, Order::greater_equal},
    ChoiceOperator{"TimestampEqualsPath", timestamps, Order::equal, true},
    ChoiceOperator{"TimestampLessThanPath", timestamps, Order::less, true},
    ChoiceOperator{"TimestampGreaterThanPath", timestamps, Order::greater, true},
    ChoiceOperator{"TimestampLessThanEqualsPath", timestamps, Order::less_equal, true},
    ChoiceOperator{"TimestampGreaterThanEqualsPath", timestamps, Order::greater_equal, true},
    ChoiceOperator{"IsNull", null},
    ChoiceOperator{"IsPresent", present},
    ChoiceOperator{"IsNumeric", numeric},
    ChoiceOperator{"IsString", text},
    ChoiceOperator{"IsBoolean", boolean},
    ChoiceOperator{"IsTimestamp", timestamp},
};
static_assert(operators.size() == 39);

template <class T>
bool ordered(Order order, const T& left, const T& right) {
    switch (order) {
        case Order::equal:
            return left == right;
        case Order::less:
            return left < right;
        case Order::greater:
            return left > right;
        case Order::less_equal:
            return left <= right;
        case Order::greater_equal:
            return left >= right;
    }
    return false;
}

// <0, 0, >0 as Java's String.compareTo, which counts UTF-16 units: characters beyond U+FFFF, in UTF-8 from F0 on, come
// before U+E000…U+FFFF, in UTF-8 EE and EF.
int compare_texts(std::string_view left, std::string_view right) {
    const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    if (l == left.end() || r == right.end()) return (l != left.end()) - (r != right.end());
    const auto a = static_cast<unsigned char>(*l);
    const auto b = static_cast<unsigned char>(*r);
    const bool swapped = (a >= 0xf0) != (b >= 0xf0) && std::min(a, b) >= 0xee;
    return (a < b) != swapped ? -1 : 1;
}

std::optional<Timestamp> timestamp_in(const Json& value) {
    return value.is_string() ? parse_timestamp(value.get_ref<const std::string&>()) : std::nullopt;
}

// Where `piece` first stands in `text` from `from` on (Knuth, Morris, Pratt).
std::size_t find_linear(std::string_view text, std::string_view piece, std::size_t from) {
    std::vector<std::size_t> border(piece.size() + 1, 0);
    for (std::size_t i = 1, k = 0; i < piece.size(); ++i) {
        while (k > 0 && piece[i] != piece[k]) k = border[k];
        if (piece[i] == piece[k]) ++k;
        border[i + 1] = k;
    }
    for (std::size_t i = from, k = 0; i < text.size(); ++i) {
        while (k > 0 && text[i] != piece[k]) k = border[k];
        if (text[i] == piece[k]) ++k;
        if (k == piece.size()) return i + 1 - k;
    }
    return std::string_view::npos;
}

}  // namespace

const ChoiceOperator* find_choice_operator(std::string_view name) {
    const auto* found =
        std::find_if(operators.begin(), operators.end(), [&](const ChoiceOperator& op) { return op.name == name; });
    return found == operators.end() ? nullptr : found;
}

Wildcards::Wildcards(std::string_view pattern) : pieces_(1) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        if (pattern[i] == '*') {
            pieces_.emplace_back();
        } else if (pattern[i] == '\\' && (next == '*' || next == '\\')) {
            pieces_.back() += next;
            ++i;
        } else {
            pieces_.back() += pattern[i];
        }
    }
}

bool Wildcards::match(std::string_view text) const {
    const auto& first = pieces_.front();
    const auto& last = pieces_.back();
    if (pieces_.size() == 1) return text == first;
    if (text.size() < first.size() + last.size() || !text.starts_with(first) || !text.ends_with(last)) return false;
    text.remove_suffix(last.size());
    auto at = first.size();
    for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
        if (pieces_[i].empty()) continue;
        at = find_linear(text, pieces_[i], at);
        if (at == std::string_view::npos) return false;
        at += pieces_[i].size();
    }
    return true;
}

Result<Comparand, std::string> read_comparand(const ChoiceOperator& op, const Json& value) {
    if (op.by_path) {
        if (!value.is_string()) return std::string{"must be a string that holds a reference path"};
        auto path = JsonPath::compile(value.get_ref<const std::string&>());
        if (!path) return "Value is not a Reference Path: " + path.error();
        if (!path->single()) return std::string{"Value is not a Reference Path: it may select several values"};
        return Comparand{*std::move(path)};
    }
    if (auto comparand = as_comparand(op, value)) return *std::move(comparand);
    switch (op.comparing) {
        case texts:
        case pattern:
            return std::string{"must be a string"};
        case numbers:
            return std::string{"must be a number"};
        case timestamps:
            return std::string{"String does not match RFC3339 timestamp"};
        default:
            return std::string{"must be a boolean"};
    }
}

std::optional<Comparand> as_comparand(const ChoiceOperator& op, const Json& value) {
    switch (op.comparing) {
        case texts:
            if (value.is_string()) return value.get<std::string>();
            return std::nullopt;
        case pattern:
            if (value.is_string()) return Wildcards{value.get_ref<const std::string&>()};
            return std::nullopt;
        case numbers:
            if (value.is_number()) return value.get<double>();
            return std::nullopt;
        case timestamps:
            if (const auto moment = timestamp_in(value)) return *moment;
            return std::nullopt;
        default:
            if (value.is_boolean()) return value.get<bool>();
            return std::nullopt;
    }
}

bool compare(const ChoiceOperator& op, const Json& value, const Comparand& with) {
    const auto is = [&](bool so) { return so == std::get<bool>(with); };
    switch (op.comparing) {
        case texts:
            return value.is_string() &&
                   ordered(op.order, compare_texts(value.get_ref<const std::string&>(), std::get<std::string>(with)),
                           0);
        case pattern:
            return value.is_string() && std::get<Wildcards>(with).match(value.get_ref<const std::string&>());
        case numbers:
            return value.is_number() && ordered(op.order, value.get<double>(), std::get<double>(with));
        case booleans:
            return value.is_boolean() && is(value.get<bool>());
        case timestamps: {
            const auto moment = timestamp_in(value);
            return moment && ordered(op.order, *moment, std::get<Timestamp>(with));
        }
        case null:
            return is(value.is_null());
        case present:
            return is(true);
        case numeric:
            return is(value.is_number());
        case text:
            return is(value.is_string());
        case boolean:
            return is(value.is_boolean());
        case timestamp:
            return is(timestamp_in(value).has_value());
    }
    return false;
}

}  // namespace pawl::data
