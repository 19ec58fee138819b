#include "web/rest/schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "states/time.hpp"

namespace pawl::web::rest {
namespace {

using Violations = std::vector<SchemaViolation>;

constexpr std::array<std::string_view, 21> known_keywords{
    "$ref",          "type",    "enum",    "const", "properties", "required",  "additionalProperties",
    "items",         "minimum", "maximum", "oneOf", "minLength",  "maxLength", "minProperties",
    "maxProperties", "format",  "default", "title", "example",    "examples",  "description",
};

bool is_type(const Json& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
}

std::string article(const std::string& type) {
    if (type == "null") return type;
    return (std::string_view{"aeio"}.find(type.front()) == std::string_view::npos ? "a " : "an ") + type;
}

std::string types_text(const Json& types) {
    if (types.is_string()) return article(types.get<std::string>());
    std::string text;
    for (const auto& type : types) text += (text.empty() ? "" : " or ") + article(type.get<std::string>());
    return text;
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string step(std::string key) {
    std::string escaped = "/";
    for (const char c : key) {
        if (c == '~') {
            escaped += "~0";
        } else if (c == '/') {
            escaped += "~1";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

class Checker {
  public:
    explicit Checker(const Json& components) : components_{components} {}

    Violations check(const Json& value, const Json& schema, const std::string& pointer) const {
        Violations found;
        const auto violated = [&](std::string message) { found.push_back({pointer, std::move(message)}); };
        for (const auto& [keyword, rule] : schema.items()) {
            if (std::find(known_keywords.begin(), known_keywords.end(), keyword) == known_keywords.end()) {
                violated("the schema's keyword " + keyword + " is unknown");
            }
        }
        if (const auto ref = schema.find("$ref"); ref != schema.end()) append(found, check_ref(value, *ref, pointer));
        if (const auto type = schema.find("type"); type != schema.end() && !has_type(value, *type)) {
            violated("must be " + types_text(*type));
            return found;
        }
        if (const auto options = schema.find("enum"); options != schema.end()) {
            if (std::find(options->begin(), options->end(), value) == options->end()) {
                violated("must be one of " + to_text(*options));
            }
        }
        if (const auto constant = schema.find("const"); constant != schema.end() && value != *constant) {
            violated("must be " + to_text(*constant));
        }
        if (const auto options = schema.find("oneOf"); options != schema.end()) {
            const auto matching = std::count_if(options->begin(), options->end(), [&](const Json& option) {
                return check(value, option, pointer).empty();
            });
            if (matching != 1)
                violated("matches " + std::to_string(matching) + " of the alternatives, and must match one");
        }
        if (value.is_number()) append(found, check_number(value, schema, pointer));
        if (value.is_string()) append(found, check_string(value.get_ref<const std::string&>(), schema, pointer));
        if (value.is_array()) append(found, check_array(value, schema, pointer));
        if (value.is_object()) append(found, check_object(value, schema, pointer));
        return found;
    }

  private:
    static void append(Violations& to, Violations more) {
        to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }

    static bool has_type(const Json& value, const Json& types) {
        if (types.is_string()) return is_type(value, types.get_ref<const std::string&>());
        return std::any_of(types.begin(), types.end(),
                           [&](const Json& type) { return is_type(value, type.get_ref<const std::string&>()); });
    }

    Violations check_ref(const Json& value, const Json& ref, const std::string& pointer) const {
        constexpr std::string_view prefix = "#/components/schemas/";
        const auto& text = ref.get_ref<const std::string&>();
        const auto found = text.starts_with(prefix) ? components_.find(text.substr(prefix.size())) : components_.end();
        if (found == components_.end()) return {{pointer, "the schema refers to " + text + ", which does not exist"}};
        return check(value, *found, pointer);
    }

    static Violations check_number(const Json& value, const Json& schema, const std::string& pointer) {
        const auto number = value.get<double>();
        if (const auto rule = schema.find("minimum"); rule != schema.end() && number < rule->get<double>()) {
            return {{pointer, "must be at least " + to_text(*rule)}};
        }
        if (const auto rule = schema.find("maximum"); rule != schema.end() && number > rule->get<double>()) {
            return {{pointer, "must be at most " + to_text(*rule)}};
        }
        return {};
    }

    static Violations check_string(const std::string& value, const Json& schema, const std::string& pointer) {
        const auto length = code_points(value);
        if (const auto rule = schema.find("minLength"); rule != schema.end() && length < rule->get<std::size_t>()) {
            return {{pointer, "must have at least " + to_text(*rule) + " characters"}};
        }
        if (const auto rule = schema.find("maxLength"); rule != schema.end() && length > rule->get<std::size_t>()) {
            return {{pointer, "must have at most " + to_text(*rule) + " characters"}};
        }
        if (schema.value("format", "") == "date-time" && !parse_iso8601(value)) {
            return {{pointer, "must be a date and time such as 2026-11-22T13:46:46.123Z"}};
        }
        return {};
    }

    Violations check_array(const Json& value, const Json& schema, const std::string& pointer) const {
        Violations found;
        const auto items = schema.find("items");
        if (items == schema.end()) return found;
        for (std::size_t i = 0; i < value.size(); ++i) {
            append(found, check(value[i], *items, pointer + "/" + std::to_string(i)));
        }
        return found;
    }

    Violations check_object(const Json& value, const Json& schema, const std::string& pointer) const {
        Violations found;
        if (const auto rule = schema.find("minProperties");
            rule != schema.end() && value.size() < rule->get<std::size_t>()) {
            found.push_back({pointer, "must have at least " + to_text(*rule) + " members"});
        }
        if (const auto rule = schema.find("maxProperties");
            rule != schema.end() && value.size() > rule->get<std::size_t>()) {
            found.push_back({pointer, "must have at most " + to_text(*rule) + " members"});
        }
        if (const auto required = schema.find("required"); required != schema.end()) {
            for (const auto& name : *required) {
                const auto& key = name.get_ref<const std::string&>();
                if (!value.contains(key)) found.push_back({pointer + step(key), "is required"});
            }
        }
        const auto properties = schema.find("properties");
        const auto others = schema.find("additionalProperties");
        for (const auto& [key, member] : value.items()) {
            if (properties != schema.end() && properties->contains(key)) {
                append(found, check(member, properties->at(key), pointer + step(key)));
            } else if (others != schema.end() && others->is_object()) {
                append(found, check(member, *others, pointer + step(key)));
            } else if (others != schema.end() && *others == Json(false)) {
                found.push_back({pointer + step(key), "is not known"});
            }
        }
        return found;
    }

    const Json& components_;
};

}  // namespace

std::vector<SchemaViolation> schema_violations(const Json& value, const Json& schema, const Json& components) {
    return Checker{components}.check(value, schema, "");
}

}  // namespace pawl::web::rest
