#include "states/data/work.hpp"

#include <algorithm>

namespace pawl::data {

bool Work::make_bytes(std::size_t bytes) {
    if (bytes > bytes_left_) return false;
    bytes_left_ -= bytes;
    return true;
}

bool Work::make(const Json& value, std::size_t depth) {
    if (value.is_string()) return make_bytes(bytes_a_value + value.get_ref<const std::string&>().size());
    if (!make_bytes(bytes_a_value)) return false;
    if (!value.is_structured()) return true;
    if (depth >= max_json_depth) return false;
    if (value.is_array()) {
        return std::all_of(value.begin(), value.end(), [&](const Json& item) { return make(item, depth + 1); });
    }
    const auto& members = value.get_ref<const Json::object_t&>();
    return std::all_of(members.begin(), members.end(), [&](const auto& member) {
        return make_bytes(sizeof(std::string) + member.first.size()) && make(member.second, depth + 1);
    });
}

}  // namespace pawl::data
