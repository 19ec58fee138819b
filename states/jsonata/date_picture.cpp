#include "states/jsonata/date_picture.hpp"

#include <array>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::size_t widest = 1000;

std::string_view default_presentation(char component) {
    switch (component) {
        case 'Y':
        case 'M':
        case 'D':
        case 'd':
        case 'W':
        case 'w':
        case 'X':
        case 'x':
        case 'H':
        case 'h':
        case 'f':
            return "1";
        case 'F':
        case 'P':
        case 'C':
        case 'E':
            return "n";
        case 'm':
        case 's':
            return "01";
        case 'Z':
        case 'z':
            return "01:01";
        default:
            return {};
    }
}

bool is_integer_component(char component) {
    return component != 0 && std::string_view{"YMDdFWwXxHhmsf"}.find(component) != std::string_view::npos;
}

std::optional<std::size_t> width(std::string_view text) {
    const auto value = text == "*" ? std::nullopt : parse_leading_int(text);
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::size_t>(std::min(*value, static_cast<double>(widest)));
}

void add_literal(std::vector<DatePart>& parts, std::string_view text) {
    if (text.empty()) return;
    DatePart part;
    for (std::size_t at = 0; at < text.size(); ++at) {
        part.literal += text[at];
        if (text.substr(at, 2) == "]]") ++at;
    }
    parts.push_back(std::move(part));
}

std::string without_space(std::string_view text) {
    std::string dense;
    for (const char c : text) {
        if (std::string_view{" \t\n\r\v\f"}.find(c) == std::string_view::npos) dense += c;
    }
    return dense;
}

void set_integer(DatePart& part, const std::string& presentation) {
    part.integer = IntegerPicture::parse(part.modifier ? presentation + ";" + part.modifier : presentation);
    IntegerPicture& picture = *part.integer;
    const bool decimal = picture.primary == IntegerPicture::Primary::decimal;  // else the width is that of the value
    if (decimal && part.least_width) picture.mandatory_digits = std::max(picture.mandatory_digits, *part.least_width);
    if (part.component != 'Y') return;
    if (part.most_width) {
        part.year_digits = *part.most_width;
        if (decimal) picture.mandatory_digits = *part.most_width;
    } else if (decimal && picture.mandatory_digits + picture.optional_digits >= 2) {
        part.year_digits = picture.mandatory_digits + picture.optional_digits;
    }
}

DatePart parse_marker(std::string_view text, DatePart* previous) {
    const std::string marker = without_space(text);
    DatePart part;
    std::string component;
    if (!marker.empty()) {
        std::size_t at = 0;
        append_code_point(component, next_code_point(marker, at));
    }
    part.component = component.size() == 1 ? component[0] : '?';
    std::string presentation;
    if (const std::size_t comma = marker.rfind(','); comma != std::string::npos) {
        const std::string_view widths = std::string_view{marker}.substr(comma + 1);
        const std::size_t dash = widths.find('-');
        part.least_width = width(widths.substr(0, dash));
        if (dash != std::string_view::npos) part.most_width = width(widths.substr(dash + 1));
        if (comma >= component.size()) presentation = marker.substr(component.size(), comma - component.size());
    } else {
        presentation = marker.substr(component.size());
    }
    if (presentation.empty()) {
        presentation = default_presentation(part.component);
        if (presentation.empty()) throw Fault{"D3132"}.with("value", Json(component));
    } else if (presentation.size() > 1 &&
               std::string_view{"atco"}.find(presentation.back()) != std::string_view::npos) {
        part.modifier = presentation.back();
        presentation.pop_back();
    }
    if (presentation.starts_with('n')) {
        part.names = DatePart::Names::lower;
    } else if (presentation.starts_with('N')) {
        part.names = presentation.starts_with("Nn") ? DatePart::Names::title : DatePart::Names::upper;
    } else if (is_integer_component(part.component)) {
        set_integer(part, presentation);
        // Digits directly before digits: only a fixed width tells where they end.
        if (previous && previous->integer) previous->integer->parse_width = previous->integer->mandatory_digits;
    }
    if (part.component == 'Z' || part.component == 'z') part.integer = IntegerPicture::parse(presentation);
    return part;
}

}  // namespace

std::vector<DatePart> parse_date_picture(std::string_view picture) {
    std::vector<DatePart> parts;
    std::size_t start = 0;
    std::size_t at = 0;
    while (at < picture.size()) {
        if (picture[at] != '[') {
            ++at;
            continue;
        }
        add_literal(parts, picture.substr(start, at - start));
        if (picture.substr(at, 2) == "[[") {
            add_literal(parts, "[");
            at += 2;
            start = at;
            continue;
        }
        const std::size_t end = picture.find(']', at);
        if (end == std::string_view::npos) throw Fault{"D3135"};
        DatePart* const previous = parts.empty() ? nullptr : &parts.back();
        parts.push_back(parse_marker(picture.substr(at + 1, end - at - 1), previous));
        at = start = end + 1;
    }
    add_literal(parts, picture.substr(start));
    return parts;
}

std::string_view month_name(std::size_t month) {
    static constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                            "May",       "June",     "July",     "August",
                                                            "September", "October",  "November", "December"};
    return names[month - 1];
}

std::string_view weekday_name(std::size_t weekday) {
    static constexpr std::array<std::string_view, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                           "Friday", "Saturday", "Sunday"};
    return names[weekday - 1];
}

}  // namespace pawl::jsonata
