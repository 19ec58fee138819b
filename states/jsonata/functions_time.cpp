// Date and time functions. The present is the evaluation's own: Environment::now_ms.
// Spec: docs.jsonata.org, "Date/Time functions".
#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/date_picture.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

Value formatted(Call& call, double time, const Value& picture, const Value& timezone) {
    static const std::vector<DatePart> iso8601 = parse_date_picture(iso8601_picture);
    const auto zone = timezone.is_string() ? std::optional{timezone.as_string()} : std::nullopt;
    call.budget().burn(20);
    std::string text = picture.is_string()
                           ? format_date(time, parse_date_picture(picture.as_string()), zone, call.budget())
                           : format_date(time, iso8601, zone, call.budget());
    return make_text(call.heap, std::move(text));
}

double now(const Call& call) { return static_cast<double>(call.evaluator.environment().now_ms); }

Value now_text(Call& call) { return formatted(call, now(call), call[0], call[1]); }
Value now_millis(Call& call) { return Value::number(now(call)); }

Value from_millis(Call& call) { return call.has(0) ? formatted(call, call[0].as_number(), call[1], call[2]) : Value{}; }

Value to_millis(Call& call) {
    if (!call.has(0)) return {};
    if (!call.has(1)) {
        const auto time = parse_iso8601(call[0].as_string());
        if (!time || std::isnan(*time)) throw Fault{"D3110"}.showing("value", call[0]);
        return Value::number(*time);
    }
    const auto time =
        parse_date(call[0].as_string(), parse_date_picture(call[1].as_string()), now(call), call.budget());
    return time ? Value::number(*time) : Value{};
}

constexpr std::array functions{
    Builtin{"now", "<s?s?:s>", 2, now_text},
    Builtin{"millis", "<:n>", 0, now_millis},
    Builtin{"fromMillis", "<n-s?s?:s>", 3, from_millis},
    Builtin{"toMillis", "<s-s?:n>", 2, to_millis},
};

}  // namespace

std::span<const Builtin> time_functions() { return functions; }

}  // namespace pawl::jsonata
