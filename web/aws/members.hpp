// What an operation's request may hold, as data, and the check of a request against it, in AWS's words.
// Spec: the published API model of Step Functions (shapes and their constraints).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "states/json.hpp"

namespace pawl::web::aws {

enum class Kind : std::uint8_t { Text, Integer, Number, Boolean, Structure, List };

struct Member {
    std::string_view name;
    Kind kind = Kind::Text;
    bool required = false;
    // Characters of a text, items of a list, or the value of a number.
    std::optional<std::int64_t> min = std::nullopt;
    std::optional<std::int64_t> max = std::nullopt;
    std::span<const std::string_view> one_of = {};  // in the order in which AWS prints them
    bool sensitive = false;                         // its value is not repeated in messages
    std::span<const Member> members = {};           // of a structure, or of each structure in a list
    bool list_of_texts = false;
    std::optional<std::int64_t> item_max = std::nullopt;  // characters of each text in a list
    // What a text has to match, as AWS prints it, and whether it does.
    std::string_view pattern = {};
    bool (*matches)(std::string_view text) = nullptr;
    std::string_view item_name = {};  // what AWS calls a structure of a list when it prints the list
};

// SerializationException for what has another type, ValidationException for what breaks a constraint; nothing when
// the request is fine. Members that are null count as absent; members that are not described are read over.
std::optional<ApiError> check_members(std::span<const Member> members, const Json& request);

// A request that has been checked: members by name.
class Arguments {
  public:
    explicit Arguments(const Json& request) : request_{request} {}

    bool has(std::string_view name) const { return find(name) != nullptr; }
    std::string text(std::string_view name) const { return optional_text(name).value_or(""); }
    std::optional<std::string> optional_text(std::string_view name) const;
    std::int64_t integer(std::string_view name, std::int64_t absent) const;
    bool flag(std::string_view name, bool absent) const;
    const Json* find(std::string_view name) const;  // null when absent
    const Json& all() const { return request_; }

  private:
    const Json& request_;
};

}  // namespace pawl::web::aws
