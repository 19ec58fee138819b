#include "orchestrator/machine_tags.hpp"

#include <algorithm>

#include "orchestrator/commit.hpp"
#include "orchestrator/machines.hpp"
#include "persistence/store.hpp"

namespace pawl {
namespace {

constexpr std::string_view reserved_prefix = "aws:";

bool is_reserved(std::string_view key) {
    return key.size() >= reserved_prefix.size() &&
           std::ranges::equal(key.substr(0, reserved_prefix.size()), reserved_prefix, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

// Letters, digits and white space of any script, and a few marks.
bool may_stand_in_a_tag(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) return true;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{" \t_.:/=+-@"}.find(c) != std::string_view::npos;
}

}  // namespace

ApiError tagged_resource_not_found(std::string_view arn) {
    return {"ResourceNotFound", "Resource not found: '" + std::string{arn} + "'", {{"resourceName", std::string{arn}}}};
}

std::optional<ApiError> check_tags(std::string_view arn, const Json& tags) {
    for (const auto& [key, value] : tags.items()) {
        if (key.empty()) return ApiError{"ValidationException", "Invalid tag: a tag must have a key."};
        if (is_reserved(key)) {
            return ApiError{
                "ValidationException",
                "Invalid tag key '" + key + "': aws: prefixed tag key names are not allowed for external use."};
        }
        const auto& text = value.get_ref<const std::string&>();
        if (!std::ranges::all_of(key, may_stand_in_a_tag) || !std::ranges::all_of(text, may_stand_in_a_tag)) {
            return ApiError{"ValidationException", "Invalid tag '" + key +
                                                       "': keys and values may only contain letters, digits, white "
                                                       "space and _ . : / = + - @"};
        }
    }
    if (tags.size() > max_tags) {
        return ApiError{"TooManyTags",
                        "Too many tags: '" + std::string{arn} + "' may have at most " + std::to_string(max_tags),
                        {{"resourceName", std::string{arn}}}};
    }
    return std::nullopt;
}

Json stored_tags(std::string_view stored) {
    auto tags = parse_json(stored);
    return tags && tags->is_object() ? *std::move(tags) : Json::object();
}

ApiResult<std::string> with_tags(std::string_view arn, std::string_view stored, const Json& tags) {
    auto all = stored_tags(stored);
    all.erase("");  // of a store from before keys were checked
    for (const auto& [key, value] : tags.items()) all[key] = value;
    if (auto error = check_tags(arn, all)) return *std::move(error);
    return to_text(all);
}

std::string without_tags(std::string_view stored, const std::vector<std::string>& keys) {
    auto all = stored_tags(stored);
    for (const auto& key : keys) all.erase(key);
    return to_text(all);
}

ApiResult<Json> Machines::tags(std::string_view arn) {
    settle(arn);
    const auto entry = find(arn);
    if (!entry) return tagged_resource_not_found(arn);
    return stored_tags(entry->row.tags);
}

ApiResult<Done> Machines::tag(std::string_view arn, const Json& tags) {
    const std::lock_guard lock{changing_};
    settle_locked(arn);
    auto entry = find(arn);
    if (!entry) return tagged_resource_not_found(arn);
    auto all = with_tags(arn, entry->row.tags, tags);
    if (!all) return all.error();
    entry->row.tags = *std::move(all);
    commit_and_wait(journal_, {PutMachine{entry->row}});
    keep(*std::move(entry));
    return Done{};
}

ApiResult<Done> Machines::untag(std::string_view arn, const std::vector<std::string>& keys) {
    const std::lock_guard lock{changing_};
    settle_locked(arn);
    auto entry = find(arn);
    if (!entry) return tagged_resource_not_found(arn);
    entry->row.tags = without_tags(entry->row.tags, keys);
    commit_and_wait(journal_, {PutMachine{entry->row}});
    keep(*std::move(entry));
    return Done{};
}

}  // namespace pawl
