// Dates as text, by a picture.
#include <cmath>

#include "states/jsonata/calendar.hpp"
#include "states/jsonata/date_picture.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/letter_case.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

struct Offset {
    double hours = 0;
    double minutes = 0;  // with the sign of the whole
    double as_digits() const { return hours * 100 + minutes; }
};

std::optional<Offset> parse_offset(std::string_view timezone) {
    const auto digits = parse_leading_int(timezone);
    if (!digits) return std::nullopt;
    return Offset{std::floor(*digits / 100), std::fmod(*digits, 100)};
}

std::string named(const DatePart& part, double value) {
    std::string name;
    if (part.component == 'M' || part.component == 'x') {
        name = month_name(static_cast<std::size_t>(value));
    } else if (part.component == 'F') {
        name = weekday_name(static_cast<std::size_t>(value));
    } else {
        throw Fault{"D3133"}.with("value", Json(std::string(1, part.component)));
    }
    if (part.names == DatePart::Names::upper) name = to_upper(name);
    if (part.names == DatePart::Names::lower) name = to_lower(name);
    if (part.most_width && name.size() > *part.most_width) name.resize(*part.most_width);
    return name;
}

std::string formatted_offset(const DatePart& part, const Offset& offset, Budget& budget) {
    const IntegerPicture& picture = *part.integer;
    std::string text;
    if (picture.regular_interval > 0) {
        text = picture.format(offset.as_digits(), budget);
    } else if (picture.mandatory_digits == 1 || picture.mandatory_digits == 2) {
        text = picture.format(offset.hours, budget);
        if (offset.minutes != 0) text += ":" + IntegerPicture::parse("00").format(offset.minutes, budget);
    } else if (picture.mandatory_digits == 3 || picture.mandatory_digits == 4) {
        text = picture.format(offset.as_digits(), budget);
    } else {
        throw Fault{"D3134"}.with("value", Json(picture.mandatory_digits));
    }
    if (offset.as_digits() >= 0) text = "+" + text;
    if (part.component == 'z') text = "GMT" + text;
    return offset.as_digits() == 0 && part.modifier == 't' ? "Z" : text;
}

std::string formatted(const DatePart& part, const Date& date, const Offset& offset, Budget& budget) {
    switch (part.component) {
        case 'P': {
            const std::string_view half = date.hour >= 12 ? "pm" : "am";
            return part.names == DatePart::Names::upper ? to_upper(half) : std::string{half};
        }
        case 'C':
        case 'E':
            return "ISO";
        case 'Z':
        case 'z':
            return formatted_offset(part, offset, budget);
        default:
            break;
    }
    double value = component_of(date, part.component);
    if (std::isnan(value)) return "undefined";  // no such component: what the reference prints
    if (part.year_digits > 0 && part.year_digits < 18) {
        value = std::fmod(value, std::pow(10, static_cast<double>(part.year_digits)));
    }
    if (part.names != DatePart::Names::none) return named(part, value);
    return part.integer->format(value, budget);
}

}  // namespace

std::string format_date(double time, const std::vector<DatePart>& picture, std::optional<std::string_view> timezone,
                        Budget& budget) {
    const std::optional<Offset> known = timezone ? parse_offset(*timezone) : Offset{};
    const Offset offset = known.value_or(Offset{});
    const double shifted = std::trunc(time) + (60 * offset.hours + offset.minutes) * 60'000;
    const bool is_date = known && std::abs(shifted) <= latest_time;
    // What is wrong with the picture comes before what is wrong with the time or zone: any date shows that.
    const Date date = date_of(is_date ? shifted : 0);
    std::string text;
    for (const DatePart& part : picture) {
        budget.burn(8);
        text += part.component ? formatted(part, date, offset, budget) : part.literal;
    }
    if (!is_date) throw Fault{"D1001"}.with("value", known ? Json(time) : Json(std::string{*timezone}));
    return text;
}

}  // namespace pawl::jsonata
