#include "web/aws/members.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "states/whole_number.hpp"

namespace pawl::web::aws {

namespace {

// Characters as Java counts them: UTF-16 code units.
std::int64_t length_of(std::string_view text) {
    std::int64_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
    }
    return units;
}

std::string_view type_name(const Json& value) {
    switch (value.type()) {
        case Json::value_t::string:
            return "STRING_VALUE";
        case Json::value_t::boolean:
            return value.get<bool>() ? "TRUE_VALUE" : "FALSE_VALUE";
        case Json::value_t::number_float:
            return "DECIMAL_VALUE";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            return "NUMBER_VALUE";
        default:
            return "";
    }
}

std::string_view java_name(Kind kind) {
    switch (kind) {
        case Kind::Text:
            return "String";
        case Kind::Integer:
            return "Integer";
        case Kind::Number:
            return "Float";
        case Kind::Boolean:
            return "Boolean";
        case Kind::Structure:
            return "Structure";
        case Kind::List:
            return "List";
    }
    return {};
}

bool is_of(Kind kind, const Json& value) {
    switch (kind) {
        case Kind::Text:
            return value.is_string();
        case Kind::Integer:
            return value.is_number_integer();
        case Kind::Number:
            return value.is_number();
        case Kind::Boolean:
            return value.is_boolean();
        case Kind::Structure:
            return value.is_object();
        case Kind::List:
            return value.is_array();
    }
    return false;
}

ApiError wrong_type(Kind expected, const Json& value, const std::string& path) {
    const std::string where = " at '" + path + "'";
    if (value.is_object())
        return {"SerializationException", "Start of structure or map found where not expected" + where};
    if (value.is_array()) return {"SerializationException", "Start of list found where not expected" + where};
    if (expected == Kind::Structure || expected == Kind::List) {
        return {"SerializationException", "Unexpected field type" + where};
    }
    return {"SerializationException",
            std::string{type_name(value)} + " can not be converted to " + std::string{java_name(expected)} + where};
}

const Json* member_of(const Json& structure, std::string_view name) {
    const auto found = structure.find(name);
    return found == structure.end() || found->is_null() ? nullptr : &*found;
}

std::string item_path(const std::string& path, std::size_t index) {
    return path + "." + std::to_string(index + 1) + ".member";
}

class Check {
  public:
    std::optional<ApiError> types(std::span<const Member> members, const Json& structure, const std::string& prefix) {
        for (const auto& member : members) {
            const Json* value = member_of(structure, member.name);
            if (value == nullptr) continue;
            const std::string path = prefix + std::string{member.name};
            if (!is_of(member.kind, *value)) return wrong_type(member.kind, *value, path);
            if (auto error = inner_types(member, *value, path)) return error;
        }
        return std::nullopt;
    }

    void constraints(std::span<const Member> members, const Json& structure, const std::string& prefix) {
        for (const auto& member : members) {
            const std::string path = prefix + std::string{member.name};
            if (const Json* value = member_of(structure, member.name)) {
                of_value(member, *value, path);
            } else if (member.required) {
                violations_.push_back("Value null at '" + path +
                                      "' failed to satisfy constraint: Member must not be null");
            }
        }
    }

    std::optional<ApiError> result() const {
        if (violations_.empty()) return std::nullopt;
        std::string message =
            std::to_string(violations_.size()) +
            (violations_.size() == 1 ? " validation error detected: " : " validation errors detected: ");
        for (const auto& violation : violations_)
            message += (&violation == &violations_.front() ? "" : "; ") + violation;
        return ApiError{"ValidationException", message};
    }

  private:
    std::optional<ApiError> inner_types(const Member& member, const Json& value, const std::string& path) {
        if (member.kind == Kind::Structure) return types(member.members, value, path + ".");
        if (member.kind != Kind::List) return std::nullopt;
        const Kind of_items = member.list_of_texts ? Kind::Text : Kind::Structure;
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (!is_of(of_items, value[i])) return wrong_type(of_items, value[i], item_path(path, i));
            if (member.list_of_texts) continue;
            if (auto error = types(member.members, value[i], item_path(path, i) + ".")) return error;
        }
        return std::nullopt;
    }

    void of_value(const Member& member, const Json& value, const std::string& path) {
        const auto violated = [&](const std::string& constraint) {
            violations_.push_back("Value " + shown(member, value) + "at '" + path +
                                  "' failed to satisfy constraint: Member must " + constraint);
        };
        switch (member.kind) {
            case Kind::Text: {
                const auto& text = value.get_ref<const std::string&>();
                check_range(member, length_of(text), "length", violated);
                if (!member.one_of.empty() && std::ranges::find(member.one_of, text) == member.one_of.end()) {
                    violated("satisfy enum value set: " + enum_set(member));
                }
                if (member.matches != nullptr && !member.matches(text)) {
                    violated("satisfy regular expression pattern: " + std::string{member.pattern});
                }
                break;
            }
            case Kind::Integer:
                check_range(member, whole_number_of(value), "value", violated);
                break;
            case Kind::List:
                check_range(member, static_cast<std::int64_t>(value.size()), "length", violated);
                if (member.list_of_texts) {
                    of_items(member, value, path);
                    break;
                }
                for (std::size_t i = 0; i < value.size(); ++i)
                    constraints(member.members, value[i], item_path(path, i) + ".");
                break;
            case Kind::Structure:
                constraints(member.members, value, path + ".");
                break;
            case Kind::Number:
                check_range(member, value.get<double>(), "value", violated);
                break;
            case Kind::Boolean:
                break;
        }
    }

    void of_items(const Member& member, const Json& list, const std::string& path) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto length = length_of(list[i].get_ref<const std::string&>());
            const Member item{.name = {}, .min = 1, .max = member.item_max, .sensitive = member.sensitive};
            check_range(item, length, "length", [&](const std::string& constraint) {
                violations_.push_back("Value " + shown(item, list[i]) + "at '" + item_path(path, i) +
                                      "' failed to satisfy constraint: Member must " + constraint);
            });
        }
    }

    template <class Size, class Violated>
    static void check_range(const Member& member, Size size, const std::string& what, const Violated& violated) {
        if (member.max && size > static_cast<Size>(*member.max)) {
            violated("have " + what + " less than or equal to " + std::to_string(*member.max));
        }
        if (member.min && size < static_cast<Size>(*member.min)) {
            violated("have " + what + " greater than or equal to " + std::to_string(*member.min));
        }
    }

    static std::string shown(const Member& member, const Json& value) {
        if (member.sensitive) return "";
        if (value.is_array() && !member.item_name.empty()) return "'" + java_list(member, value) + "' ";
        return "'" + (value.is_string() ? value.get<std::string>() : to_text(value)) + "' ";
    }

    // "[Item(name=value, other=1), Item(…)]"
    static std::string java_list(const Member& member, const Json& list) {
        std::string text = "[";
        for (const auto& item : list) {
            text += (text.size() == 1 ? "" : ", ") + std::string{member.item_name} + "(";
            const auto start = text.size();
            for (const auto& inner : member.members) {
                const Json* value = member_of(item, inner.name);
                const auto shown_value = value == nullptr     ? "null"
                                         : value->is_string() ? value->get<std::string>()
                                                              : to_text(*value);
                text += (text.size() == start ? "" : ", ") + std::string{inner.name} + "=" + shown_value;
            }
            text += ")";
        }
        return text + "]";
    }

    static std::string enum_set(const Member& member) {
        std::string set = "[";
        for (const auto& value : member.one_of) set += (set.size() == 1 ? "" : ", ") + std::string{value};
        return set + "]";
    }

    std::vector<std::string> violations_;
};

}  // namespace

std::optional<ApiError> check_members(std::span<const Member> members, const Json& request) {
    Check check;
    if (auto error = check.types(members, request, "")) return error;
    check.constraints(members, request, "");
    return check.result();
}

const Json* Arguments::find(std::string_view name) const { return member_of(request_, name); }

std::optional<std::string> Arguments::optional_text(std::string_view name) const {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    return value->get<std::string>();
}

std::int64_t Arguments::integer(std::string_view name, std::int64_t absent) const {
    const Json* value = find(name);
    return value == nullptr ? absent : whole_number_of(*value);
}

bool Arguments::flag(std::string_view name, bool absent) const {
    const Json* value = find(name);
    return value == nullptr ? absent : value->get<bool>();
}

}  // namespace pawl::web::aws
