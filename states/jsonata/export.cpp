#include "states/jsonata/export.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr double exact_integers = 9007199254740992.0;  // 2^53

Json json_text(std::string_view text) {
    return has_lone_surrogate(text) ? Json(without_lone_surrogates(text)) : Json(std::string{text});
}

struct Exporter {
    Budget* budget;  // null: lenient
    NonFinite non_finite = NonFinite::refused;
    std::size_t depth = 0;

    bool too_deep() const {
        if (depth <= max_json_depth) return false;
        if (budget) throw limit_exceeded("The result is nested too deeply");
        return true;
    }
    void spend(std::size_t bytes) {
        if (!budget) return;
        budget->burn();
        budget->allocate(bytes);  // until the evaluation ends: the result is its last act
    }
    // Input that goes out as it came in still has to fit.
    void spend_copy(const Json& json) {
        spend(sizeof(Json) + (json.is_string() ? json.get_ref<const std::string&>().size() : 0));
        if (!json.is_structured()) return;
        for (const auto& item : json.items()) {
            if (json.is_object()) spend(item.key().size() + 32);
            spend_copy(item.value());
        }
    }

    Json number(const Value& value) const {
        if (const Json* big = value.as_json()) return *big;
        const double number = value.as_number();
        if (std::isfinite(number)) return json_number(number);
        if (non_finite == NonFinite::as_text) return Json(number_text(number));
        if (budget) throw Fault{"D1001"}.with("value", Json());
        return {};
    }
    Json array(const Value& value) {
        Json::array_t items;
        const std::size_t size = value.size();
        spend(size * sizeof(Json));
        items.reserve(size);
        for (std::size_t i = 0; i < size; ++i) items.push_back(any(value.at(i)).value_or(Json()));
        return items;
    }
    Json object(const Value& value) {
        Json made = Json::object();
        auto& members = made.get_ref<Json::object_t&>();
        for_each_member(value, [&](std::string_view key, const Value& member) {
            spend(key.size() + sizeof(Json::object_t::value_type));
            if (auto json = any(member)) {
                members.emplace(has_lone_surrogate(key) ? without_lone_surrogates(key) : std::string{key},
                                std::move(*json));
            }
        });
        return made;
    }
    std::optional<Json> any(const Value& value) {
        switch (value.kind()) {
            case Kind::undefined:
            case Kind::function:
                return std::nullopt;
            case Kind::null:
                return Json();
            case Kind::boolean:
                return Json(value.as_boolean());
            case Kind::number:
                return number(value);
            case Kind::string:
                spend(value.as_string().size());
                return json_text(value.as_string());
            case Kind::array:
            case Kind::object:
                break;
        }
        if (const Json* json = value.as_json()) {
            spend_copy(*json);
            return *json;
        }
        ++depth;
        if (too_deep()) return Json();
        Json made = value.is_array() ? array(value) : object(value);
        --depth;
        return made;
    }
};

}  // namespace

Json json_number(double value) {
    if (value != std::trunc(value) || std::abs(value) >= 1e21) return value;
    if (std::abs(value) <= exact_integers) return static_cast<std::int64_t>(value);
    // The digits that JavaScript prints: the shortest that read back the same, then zeros.
    if (value < 0)
        return value > -9e18 ? Json(static_cast<std::int64_t>(std::strtoll(number_text(value).c_str(), nullptr, 10)))
                             : Json(value);
    return value < 1.8e19 ? Json(static_cast<std::uint64_t>(std::strtoull(number_text(value).c_str(), nullptr, 10)))
                          : Json(value);
}

std::optional<Json> exported(const Value& value, Budget& budget, NonFinite non_finite) {
    return Exporter{&budget, non_finite}.any(value.is_outer_wrapper() && value.size() == 1 ? value.at(0) : value);
}

Json exported_leniently(const Value& value) { return Exporter{nullptr}.any(value).value_or(Json()); }

}  // namespace pawl::jsonata
