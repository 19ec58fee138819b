#include "states/data/java_text.hpp"

#include <charconv>
#include <cmath>

namespace pawl::data {
namespace {

// The shortest decimal digits that give `value` back, and the power of ten before the first of them.
struct Decimal {
    std::string digits;
    int exponent;
};
Decimal shortest(double value) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    const std::string_view all{text, static_cast<std::size_t>(end - text)};  // d.ddde±xx
    const auto e = all.find('e');
    Decimal decimal{};
    for (const char c : all.substr(0, e)) {
        if (c != '.') decimal.digits += c;
    }
    const auto power = all.substr(all[e + 1] == '+' ? e + 2 : e + 1);
    std::from_chars(power.data(), power.data() + power.size(), decimal.exponent);
    return decimal;
}

std::string scalar(const Json& value) {
    return value.is_number_float() ? java_number(value.get<double>()) : to_text(value);
}

void write_java(const Json& value, std::string& out) {
    if (value.is_string()) {
        out += value.get_ref<const std::string&>();
    } else if (value.is_array()) {
        out += '[';
        bool first = true;
        for (const auto& item : value) {
            if (!std::exchange(first, false)) out += ", ";
            write_java(item, out);
        }
        out += ']';
    } else if (value.is_object()) {
        out += '{';
        bool first = true;
        for (const auto& [key, item] : value.get_ref<const Json::object_t&>()) {
            if (!std::exchange(first, false)) out += ", ";
            out += key + '=';
            write_java(item, out);
        }
        out += '}';
    } else {
        out += scalar(value);
    }
}

void write_quoted(const std::string& text, std::string& out) {
    constexpr char hex[] = "0123456789ABCDEF";
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += std::string{"\\u00"} + hex[(c >> 4) & 0xf] + hex[c & 0xf];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_jackson(const Json& value, std::string& out) {
    if (value.is_string()) {
        write_quoted(value.get_ref<const std::string&>(), out);
    } else if (value.is_array()) {
        out += '[';
        bool first = true;
        for (const auto& item : value) {
            if (!std::exchange(first, false)) out += ',';
            write_jackson(item, out);
        }
        out += ']';
    } else if (value.is_object()) {
        out += '{';
        bool first = true;
        for (const auto& [key, item] : value.get_ref<const Json::object_t&>()) {
            if (!std::exchange(first, false)) out += ',';
            write_quoted(key, out);
            out += ':';
            write_jackson(item, out);
        }
        out += '}';
    } else {
        out += scalar(value);
    }
}

}  // namespace

std::string java_number(double value) {
    if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    const std::string sign = std::signbit(value) ? "-" : "";
    if (value == 0) return sign + "0.0";
    auto [digits, exponent] = shortest(std::fabs(value));
    const bool plain = exponent >= -3 && exponent < 7;
    if (!plain) {
        const auto fraction = digits.size() > 1 ? digits.substr(1) : "0";
        return sign + digits[0] + '.' + fraction + 'E' + std::to_string(exponent);
    }
    if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole + 1) digits.append(whole + 1 - digits.size(), '0');
    return sign + digits.substr(0, whole) + '.' + digits.substr(whole);
}

std::string java_text(const Json& value) {
    std::string out;
    write_java(value, out);
    return out;
}

std::string jackson_text(const Json& value) {
    std::string out;
    write_jackson(value, out);
    return out;
}

}  // namespace pawl::data
