// The functions that may end a path: `$.items.length()`, `$.prices.max()`. AWS documents that it has none of them, and
// fails such a path at run time; Jayway has them all.
#include <algorithm>
#include <cmath>

#include "states/data/java_text.hpp"
#include "states/data/json_path_eval.hpp"

namespace pawl::data::path {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Failure{{why, PathError::Kind::inapplicable}}; }

Json argument(const Argument& argument, Evaluator& evaluator) {
    if (const auto* query = std::get_if<Query>(&argument.value)) {
        return evaluator.copy(evaluator.select(*query, evaluator.document()));
    }
    return std::get<Json>(argument.value);
}

// The numbers of the node and of the arguments, whatever else is among them.
std::vector<double> numbers(const Call& call, const Json& node, Evaluator& evaluator) {
    std::vector<double> out;
    const auto add = [&](const Json& value) {
        evaluator.visit();
        if (value.is_number()) out.push_back(value.get<double>());
    };
    const auto add_all = [&](const Json& value) {
        if (value.is_array()) {
            std::for_each(value.begin(), value.end(), add);
        } else {
            add(value);
        }
    };
    if (node.is_array()) add_all(node);
    for (const auto& given : call.arguments) add_all(argument(given, evaluator));
    if (out.empty()) refuse("Aggregation function attempted to calculate value using empty array");
    return out;
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values) total += value;
    return total;
}

double standard_deviation(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    const double mean = sum(values) / count;
    double squares = 0;
    for (const double value : values) squares += value * value;
    return std::sqrt(std::max(0.0, squares / count - mean * mean));
}

Json length(const Call& call, const Json& node, Evaluator& evaluator) {
    if (!call.arguments.empty()) {
        const auto given = argument(call.arguments.front(), evaluator);
        if (given.is_structured()) return given.size();
    }
    return node.is_structured() ? Json(node.size()) : Json();
}

Json keys(const Json& node) {
    if (!node.is_object()) return nullptr;
    Json names = Json::array();
    for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) names.push_back(name);
    return names;
}

Json item_at(const Json& node, std::int64_t index, Evaluator& evaluator) {
    if (!node.is_array() || node.empty()) {
        refuse("Aggregation function attempted to calculate value using empty array");
    }
    const auto size = static_cast<std::int64_t>(node.size());
    const auto real = index < 0 ? index + size : index;
    if (real < 0 || real >= size) {
        refuse("Target index:" + std::to_string(index) + " larger than object count:" + std::to_string(size));
    }
    return evaluator.copy(node[static_cast<std::size_t>(real)]);
}

std::int64_t index_argument(const Call& call, Evaluator& evaluator) {
    const auto given = call.arguments.empty() ? Json() : argument(call.arguments.front(), evaluator);
    if (!given.is_number_integer()) refuse("index() needs a whole number");
    return given.get<std::int64_t>();
}

std::string concat(const Call& call, const Json& node, Evaluator& evaluator) {
    std::string out;
    const auto add = [&](const Json& value) {
        if (value.is_string()) out += value.get_ref<const std::string&>();
    };
    if (node.is_array()) std::for_each(node.begin(), node.end(), add);
    for (const auto& given : call.arguments) {
        const auto value = argument(given, evaluator);
        if (value.is_array()) {
            std::for_each(value.begin(), value.end(), add);
        } else {
            out += value.is_structured() || value.is_null() ? "" : java_text(value);
        }
    }
    return out;
}

Json append(const Call& call, const Json& node, Evaluator& evaluator) {
    auto out = evaluator.copy(node);
    if (!out.is_array()) return out;
    for (const auto& given : call.arguments) out.push_back(argument(given, evaluator));
    return out;
}

}  // namespace

Json call_function(const Call& call, const Json& node, Evaluator& evaluator) {
    switch (call.function) {
        case Function::length:
            return length(call, node, evaluator);
        case Function::min: {
            const auto values = numbers(call, node, evaluator);
            return *std::min_element(values.begin(), values.end());
        }
        case Function::max: {
            const auto values = numbers(call, node, evaluator);
            return *std::max_element(values.begin(), values.end());
        }
        case Function::avg: {
            const auto values = numbers(call, node, evaluator);
            return sum(values) / static_cast<double>(values.size());
        }
        case Function::sum:
            return sum(numbers(call, node, evaluator));
        case Function::stddev:
            return standard_deviation(numbers(call, node, evaluator));
        case Function::keys:
            return keys(node);
        case Function::first:
            return item_at(node, 0, evaluator);
        case Function::last:
            return item_at(node, -1, evaluator);
        case Function::index:
            return item_at(node, index_argument(call, evaluator), evaluator);
        case Function::concat:
            return concat(call, node, evaluator);
        case Function::append:
            return append(call, node, evaluator);
    }
    return nullptr;
}

}  // namespace pawl::data::path
