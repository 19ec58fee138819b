#include "states/asl/source.hpp"

#include <algorithm>
#include <charconv>

#include "states/asl/place.hpp"
#include "states/asl/source_index.hpp"

namespace pawl::asl {

Position advance(std::string_view text, std::size_t from, std::size_t to, Position position) {
    to = std::min(to, text.size());
    for (; from < to; ++from) {
        const auto byte = static_cast<unsigned char>(text[from]);
        if (byte == '\n') {
            ++position.line;
            position.column = 1;
        } else if ((byte & 0xC0) != 0x80) {  // not in the middle of a character
            ++position.column;
        }
    }
    return position;
}

Position position_at(std::string_view text, std::size_t offset) { return advance(text, 0, offset, {}); }

Position locate(std::string_view json_text, std::string_view pointer) {
    return position_at(json_text, SourceIndex{json_text}.offset(pointer));
}

std::string child_pointer(std::string_view pointer, std::string_view key) {
    std::string child{pointer};
    child.reserve(pointer.size() + key.size() + 1);
    child += '/';
    while (!key.empty()) {
        const auto plain = std::min(key.find_first_of("~/"), key.size());
        child += key.substr(0, plain);
        if (plain < key.size()) child += key[plain] == '~' ? "~0" : "~1";
        key.remove_prefix(std::min(plain + 1, key.size()));
    }
    return child;
}

std::string child_pointer(std::string_view pointer, std::size_t index) {
    return std::string{pointer} + '/' + std::to_string(index);
}

Place Place::at(std::string_view key) const {
    if (key.size() <= longest_key) return {child_pointer(pointer, key), location + '/' + std::string{key}, state};
    // A step that leads nowhere: the position is that of the parent.
    return {pointer + "/\x01", location + '/' + std::string{key.substr(0, longest_key)} + "…", state};
}

Place Place::at(std::size_t index) const {
    return {child_pointer(pointer, index), location + '[' + std::to_string(index) + ']', state};
}

Place Place::along(std::string_view relative_pointer, const Json& inside) const {
    Place place = *this;
    const Json* value = &inside;
    while (!relative_pointer.empty()) {
        const std::string step = take_step(relative_pointer);
        if (value && value->is_array()) {
            const auto index = index_of(step);
            place = place.at(index);
            value = index < value->size() ? &(*value)[index] : nullptr;
        } else {
            place = place.at(step);
            value = value && value->is_object() && value->contains(step) ? &*value->find(step) : nullptr;
        }
    }
    return place;
}

std::size_t index_of(std::string_view step) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    return error == std::errc{} && end == step.data() + step.size() ? index : std::string_view::npos;
}

std::string take_step(std::string_view& pointer) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    std::string_view escaped = pointer.substr(0, end);
    std::string step;
    while (!escaped.empty()) {
        const auto plain = std::min(escaped.find('~'), escaped.size());
        step += escaped.substr(0, plain);
        escaped.remove_prefix(plain);
        if (escaped.empty()) break;
        const auto second = escaped.size() > 1 ? escaped[1] : '\0';
        step += second == '1' ? '/' : '~';
        escaped.remove_prefix(second == '0' || second == '1' ? 2 : 1);
    }
    pointer.remove_prefix(end);
    return step;
}

}  // namespace pawl::asl
