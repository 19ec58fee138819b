// The table of the intrinsic functions.
// Spec: states-language.net, "Appendix B: List of Intrinsic Functions"; Step Functions guide, "Intrinsic functions".
#include "states/data/intrinsic_functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pawl::data::intrinsic {
namespace {

constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

constexpr std::array functions{
    //        name                      least most run
    Function{"States.Array", 0, any, array},
    Function{"States.ArrayPartition", 2, 2, array_partition},
    Function{"States.ArrayContains", 2, 2, array_contains},
    Function{"States.ArrayRange", 3, 3, array_range},
    Function{"States.ArrayGetItem", 2, 2, array_get_item},
    Function{"States.ArrayLength", 1, 1, array_length},
    Function{"States.ArrayUnique", 1, 1, array_unique},
    Function{"States.Format", 1, any, format},
    Function{"States.StringSplit", 2, 2, string_split},
    Function{"States.UUID", 0, 0, uuid},
    Function{"States.StringToJson", 1, 1, string_to_json},
    Function{"States.JsonToString", 1, 1, json_to_string},
    Function{"States.JsonMerge", 3, 3, json_merge},
    Function{"States.Base64Encode", 1, 1, base64_encode},
    Function{"States.Base64Decode", 1, 1, base64_decode},
    Function{"States.Hash", 2, 2, hash},
    Function{"States.MathRandom", 2, 3, math_random},
    Function{"States.MathAdd", 2, 2, math_add},
};

[[noreturn]] void wrong_type(std::size_t i, const char* wanted) {
    throw Failure{"Argument " + std::to_string(i + 1) + " must be " + wanted};
}

// As Java's Math.round: halves go up, so -1.5 becomes -1.
double round_half_up(double value) {
    const double below = std::floor(value);
    return value - below >= 0.5 ? below + 1 : below;
}

}  // namespace

const Function* find_function(std::string_view name) {
    const auto* found =
        std::find_if(functions.begin(), functions.end(), [&](const Function& known) { return known.name == name; });
    return found == functions.end() ? nullptr : found;
}

std::vector<std::string_view> function_names() {
    std::vector<std::string_view> names;
    for (const auto& function : functions) names.push_back(function.name);
    return names;
}

const std::string& Arguments::text(std::size_t i) const {
    if (!(*this)[i].is_string()) wrong_type(i, "a string");
    return (*this)[i].get_ref<const std::string&>();
}

const Json& Arguments::array(std::size_t i) const {
    if (!(*this)[i].is_array()) wrong_type(i, "an array");
    return (*this)[i];
}

const Json& Arguments::object(std::size_t i) const {
    if (!(*this)[i].is_object()) wrong_type(i, "a JSON object");
    return (*this)[i];
}

std::int64_t Arguments::whole(std::size_t i) const {
    if (!(*this)[i].is_number_integer()) wrong_type(i, "an integer");
    return rounded(i);
}

std::int64_t Arguments::rounded(std::size_t i) const {
    if (!(*this)[i].is_number()) wrong_type(i, "a number");
    const double value = round_half_up((*this)[i].get<double>());
    if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
        wrong_type(i, "between -2147483648 and 2147483647");
    }
    return static_cast<std::int64_t>(value);
}

Json Arguments::copy(const Json& value) {
    if (!work_.make(value)) throw Failure{"The result is too large"};
    return value;
}

void Arguments::make_bytes(std::size_t bytes) {
    if (!work_.make_bytes(bytes)) throw Failure{"The result is too large"};
}

void Arguments::visit(std::size_t nodes) {
    if (!work_.visit(nodes)) throw Failure{"The arguments are too large"};
}

}  // namespace pawl::data::intrinsic
