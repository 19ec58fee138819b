#include <algorithm>
#include <functional>
#include <map>

#include "states/data/intrinsic_functions.hpp"

namespace pawl::data::intrinsic {
namespace {

constexpr std::int64_t max_range_items = 1'000;

bool same(const Json& a, const Json& b);

bool same_members(const Json& a, const Json& b) {
    const auto& members = a.get_ref<const Json::object_t&>();
    const auto& others = b.get_ref<const Json::object_t&>();
    return members.size() == others.size() && std::all_of(members.begin(), members.end(), [&](const auto& member) {
               const auto twin = others.find(member.first);
               return twin != others.end() && same(member.second, twin->second);
           });
}

// As Java's equals: 1 and 1.0 are of two types, so they differ; the order of members does not matter.
bool same(const Json& a, const Json& b) {
    if (a.is_number_float() != b.is_number_float()) return false;
    if (a.is_array() && b.is_array()) return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
    if (a.is_object() && b.is_object()) return same_members(a, b);
    return a == b;
}

// Equal values have equal keys; different ones seldom do. Keeps ArrayUnique from comparing all pairs.
std::size_t rough_hash(const Json& value) {
    const std::hash<std::string_view> hash_text;
    std::size_t h = static_cast<std::size_t>(value.is_number_integer() ? 1 : static_cast<int>(value.type()) + 2);
    if (value.is_string()) return hash_text(value.get_ref<const std::string&>()) ^ h;
    if (value.is_number()) return std::hash<double>{}(value.get<double>()) ^ h;
    if (value.is_boolean()) return value.get<bool>() ? ~h : h;
    if (value.is_array()) {
        for (const auto& item : value) h = h * 1'000'003 + rough_hash(item);
    }
    if (value.is_object()) {
        for (const auto& [key, item] : value.get_ref<const Json::object_t&>())
            h += hash_text(key) * 31 ^ rough_hash(item);
    }
    return h;
}

}  // namespace

Json array(Arguments& arguments) {
    Json out = Json::array();
    for (std::size_t i = 0; i < arguments.size(); ++i) out.push_back(arguments.copy(arguments[i]));
    return out;
}

Json array_partition(Arguments& arguments) {
    const auto& items = arguments.array(0);
    const auto chunk = arguments.rounded(1);
    if (chunk < 1) throw Failure{"The chunk size must be a positive integer"};
    Json out = Json::array();
    std::int64_t room = 0;
    for (const auto& item : items) {
        if (room == 0) {
            arguments.make_bytes(bytes_a_value);
            out.push_back(Json::array());
            room = chunk;
        }
        out.back().push_back(arguments.copy(item));
        --room;
    }
    return out;
}

Json array_contains(Arguments& arguments) {
    const auto& items = arguments.array(0);
    return std::any_of(items.begin(), items.end(), [&](const Json& item) { return same(item, arguments[1]); });
}

Json array_range(Arguments& arguments) {
    const auto first = arguments.rounded(0);
    const auto last = arguments.rounded(1);
    const auto step = arguments.rounded(2);
    if (step == 0) throw Failure{"The increment must not be zero"};
    Json out = Json::array();
    const auto count = (last - first) / step + 1;
    if ((step > 0) != (last >= first) && last != first) return out;
    if (count > max_range_items) throw Failure{"The array would have more than 1000 items"};
    for (auto value = first; step > 0 ? value <= last : value >= last; value += step) out.push_back(value);
    return out;
}

Json array_get_item(Arguments& arguments) {
    const auto& items = arguments.array(0);
    const auto index = arguments.whole(1);
    if (index < 0 || index >= static_cast<std::int64_t>(items.size())) {
        throw Failure{"Index " + std::to_string(index) + " is out of bounds for an array of " +
                      std::to_string(items.size()) + " items"};
    }
    return arguments.copy(items[static_cast<std::size_t>(index)]);
}

Json array_length(Arguments& arguments) { return arguments.array(0).size(); }

Json array_unique(Arguments& arguments) {
    Json out = Json::array();
    std::multimap<std::size_t, std::size_t> seen;  // hash -> index in out
    for (const auto& item : arguments.array(0)) {
        const auto hash = rough_hash(item);
        const auto [begin, end] = seen.equal_range(hash);
        const bool known = std::any_of(begin, end, [&](const auto& entry) {
            arguments.visit(1);
            return same(out[entry.second], item);
        });
        if (known) continue;
        seen.emplace(hash, out.size());
        out.push_back(arguments.copy(item));
    }
    return out;
}

}  // namespace pawl::data::intrinsic
