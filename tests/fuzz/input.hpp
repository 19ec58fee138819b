// What the targets have in common: an input of several texts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "states/json.hpp"

namespace pawl::fuzz {

// Parts are parted by a line "---", so that a corpus can be read and written by people.
inline std::vector<std::string_view> parts_of(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view line = "\n---\n";
    std::string_view text{reinterpret_cast<const char*>(data), size};
    std::vector<std::string_view> parts;
    for (std::size_t at = text.find(line); at != std::string_view::npos; at = text.find(line)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + line.size());
    }
    parts.push_back(text);
    return parts;
}

// The part with this number as JSON; null when it is none or is missing.
inline Json json_part(const std::vector<std::string_view>& parts, std::size_t index) {
    if (index >= parts.size()) return nullptr;
    auto parsed = parse_json(parts[index]);
    return parsed ? *std::move(parsed) : Json();
}

}  // namespace pawl::fuzz
