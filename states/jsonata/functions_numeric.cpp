// Numeric functions. Spec: docs.jsonata.org, "Numeric functions".
#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/format_number.hpp"
#include "states/jsonata/integer_picture.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::string_view digits = "0123456789";

std::size_t skip_digits(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_not_of(digits, at);
    return end == std::string_view::npos ? text.size() : end;
}

// -?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?
bool is_decimal(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    std::size_t end = skip_digits(text, at);
    if (end == at) return false;
    at = end;
    if (at < text.size() && text[at] == '.') {
        end = skip_digits(text, at + 1);
        if (end == at + 1) return false;
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        if (++at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
        end = skip_digits(text, at);
        if (end == at) return false;
        at = end;
    }
    return at == text.size();
}

int digit_value(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 99;
}

// 0x1F, 0o17, 0b11; nothing for anything else.
std::optional<double> prefixed_integer(std::string_view text) {
    if (text.size() < 3 || text[0] != '0') return std::nullopt;
    const char kind = static_cast<char>(text[1] | 0x20);
    const int radix = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    if (radix == 0) return std::nullopt;
    double value = 0;
    for (const char c : text.substr(2)) {
        if (digit_value(c) >= radix) return std::nullopt;
        value = value * radix + digit_value(c);
    }
    return value;
}

Value number(Call& call) {
    const Value& from = call[0];
    switch (from.kind()) {
        case Kind::undefined:
        case Kind::number:
            return from;
        case Kind::boolean:
            return Value::number(from.as_boolean() ? 1 : 0);
        case Kind::string: {
            const std::string_view text = from.as_string();
            if (is_decimal(text) && std::isfinite(parse_number(text))) return Value::number(parse_number(text));
            if (const auto value = prefixed_integer(text)) return Value::number(*value);
            break;
        }
        default:
            break;
    }
    throw Fault{"D3030"}.showing("value", from).with("index", Json(1));
}

template <double (*operation)(double)>
Value rounded(Call& call) {
    return call.has(0) ? Value::number(operation(call[0].as_number())) : Value{};
}
double floor_of(double value) { return std::floor(value); }
double ceil_of(double value) { return std::ceil(value); }
double abs_of(double value) { return std::abs(value); }

Value round(Call& call) {
    if (!call.has(0)) return {};
    const double decimals = call.has(1) ? call[1].as_number() : 0;
    if (decimals != std::trunc(decimals)) return Value::number(std::nan(""));  // no exponent, for the reference
    return Value::number(round_half_even(call[0].as_number(), static_cast<int>(std::clamp(decimals, -2000.0, 2000.0))));
}

Value sqrt(Call& call) {
    if (!call.has(0)) return {};
    if (call[0].as_number() < 0) throw Fault{"D3060"}.with("index", Json(1)).showing("value", call[0]);
    return Value::number(std::sqrt(call[0].as_number()));
}

Value power(Call& call) {
    if (!call.has(0)) return {};
    const double result = call.has(1) ? std::pow(call[0].as_number(), call[1].as_number()) : std::nan("");
    if (!std::isfinite(result)) throw Fault{"D3061"}.showing("value", call[0]).showing("exp", call[1]);
    return Value::number(result);
}

// java.util.Random(seed).nextDouble(), which the service's $random(seed) is.
double java_random(double seed) {
    constexpr std::uint64_t mask = (std::uint64_t{1} << 48) - 1;
    std::uint64_t state = (static_cast<std::uint64_t>(static_cast<std::int64_t>(seed)) ^ 0x5DEECE66Du) & mask;
    const auto next = [&](int bits) {
        state = (state * 0x5DEECE66Du + 0xBu) & mask;
        return state >> (48 - bits);
    };
    const std::uint64_t high = next(26) << 27;
    return static_cast<double>(high + next(27)) * 0x1.0p-53;
}

Value random(Call& call) {
    if (!call.has(0)) return Value::number(static_cast<double>(call.evaluator.random_bits() >> 11) * 0x1.0p-53);
    const double seed = std::trunc(call[0].as_number());
    if (!(std::abs(seed) < 9.2e18)) throw Fault{"D1001"}.showing("value", call[0]);
    return Value::number(java_random(seed));
}

Value format_base(Call& call) {
    if (!call.has(0)) return {};
    const double radix = call.has(1) ? round_half_even(call[1].as_number(), 0) : 10;
    if (!(radix >= 2 && radix <= 36)) throw Fault{"D3100"}.showing("value", Value::number(radix));
    return make_text(call.heap, number_in_radix(round_half_even(call[0].as_number(), 0), static_cast<int>(radix)));
}

Value format_number(Call& call) {
    if (!call.has(0)) return {};
    NumberSymbols symbols;
    for_each_member(call[2], [&](std::string_view name, const Value& value) {
        if (value.is_string()) symbols.set(name, value.as_string());
    });
    const std::string_view picture = call[1].is_string() ? call[1].as_string() : "";
    call.budget().burn(20 + 2 * picture.size());  // it is read character by character, several times
    return make_text(call.heap, format_decimal(call[0].as_number(), picture, symbols));
}

Value format_integer(Call& call) {
    if (!call.has(0)) return {};
    const auto picture = IntegerPicture::parse(call[1].is_string() ? call[1].as_string() : "");
    std::string text = picture.format(std::floor(call[0].as_number()), call.budget());
    call.budget().burn(text.size() / 2);
    return make_text(call.heap, std::move(text));
}

Value parse_integer(Call& call) {
    if (!call.has(0)) return {};
    const auto picture = IntegerPicture::parse(call[1].is_string() ? call[1].as_string() : "");
    call.budget().burn_text(call[0].as_string().size() * 16);
    const auto value = picture.read(call[0].as_string());
    return Value::number(value ? *value : std::nan(""));
}

constexpr std::array functions{
    Builtin{"number", "<(nsb)-:n>", 1, number},
    Builtin{"floor", "<n-:n>", 1, rounded<floor_of>},
    Builtin{"ceil", "<n-:n>", 1, rounded<ceil_of>},
    Builtin{"abs", "<n-:n>", 1, rounded<abs_of>},
    Builtin{"round", "<n-n?:n>", 2, round},
    Builtin{"sqrt", "<n-:n>", 1, sqrt},
    Builtin{"power", "<n-n:n>", 2, power},
    Builtin{"random", "<n?:n>", 0, random},
    Builtin{"formatBase", "<n-n?:s>", 2, format_base},
    Builtin{"formatNumber", "<n-so?:s>", 3, format_number},
    Builtin{"formatInteger", "<n-s:s>", 2, format_integer},
    Builtin{"parseInteger", "<s-s:n>", 2, parse_integer},
};

}  // namespace

std::span<const Builtin> numeric_functions() { return functions; }

}  // namespace pawl::jsonata
