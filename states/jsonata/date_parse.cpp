// Dates from text, by a picture or as ISO 8601.
#include <cmath>
#include <map>

#include "states/jsonata/calendar.hpp"
#include "states/jsonata/date_picture.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/regex.hpp"

namespace pawl::jsonata {
namespace {

using Components = std::map<char, std::optional<double>>;

std::string escaped(std::string_view literal) {
    std::string pattern;
    for (const char c : literal) {
        if (std::string_view{".*+?^${}()|[]\\"}.find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern;
}

bool has_name(const DatePart& part) { return !part.integer && part.component != 'f'; }

// "+01:00", where the colon is the picture's own separator.
std::optional<std::string> offset_separator(const DatePart& part) {
    if (part.integer->regular_interval == 0) return std::nullopt;
    std::string text;
    const char32_t separator = part.integer->separators.front().character;
    text += static_cast<char>(separator < 0x80 ? separator : U':');
    return text;
}

std::string pattern_of(const DatePart& part) {
    if (part.component == 0) return escaped(part.literal);
    if (part.component == 'Z' || part.component == 'z') {
        const auto separator = offset_separator(part);
        return std::string{part.component == 'z' ? "GMT" : ""} + "[-+][0-9]+" +
               (separator ? escaped(*separator) + "[0-9]+" : "");
    }
    if (part.component == 'f') return "[0-9]+";
    if (part.integer) return part.integer->pattern();
    if (std::string_view{"MxFP"}.find(part.component) == std::string_view::npos) {
        throw Fault{"D3133"}.with("value", Json(std::string(1, part.component)));
    }
    return "[a-zA-Z]+";
}

std::optional<double> read_name(const DatePart& part, std::string_view text) {
    if (part.component == 'P') {
        if (text == "am" || text == "AM") return 0;
        if (text == "pm" || text == "PM") return 1;
        return std::nullopt;
    }
    const bool is_weekday = part.component == 'F';
    const std::size_t shown = part.most_width && *part.most_width > 0 ? *part.most_width : std::string_view::npos;
    std::optional<double> found;
    for (std::size_t i = 1; i <= (is_weekday ? 7u : 12u); ++i) {
        if ((is_weekday ? weekday_name(i) : month_name(i)).substr(0, shown) == text) found = static_cast<double>(i);
    }
    return found;
}

double read_offset(const DatePart& part, std::string_view text) {
    if (part.component == 'z') text.remove_prefix(3);
    const auto integer = [](std::string_view digits) { return parse_leading_int(digits).value_or(std::nan("")); };
    if (const auto separator = offset_separator(part)) {
        const std::size_t at = text.find(*separator);
        return integer(text.substr(0, at)) * 60 + integer(text.substr(at + separator->size()));
    }
    if (text.size() - 1 <= 2) return integer(text) * 60;
    return integer(text.substr(0, 3)) * 60 + integer(text.substr(3));
}

std::optional<double> read(const DatePart& part, std::string_view text) {
    if (part.component == 'Z' || part.component == 'z') return read_offset(part, text);
    if (part.component == 'f') return parse_number("0." + std::string{text.substr(0, 3)}) * 1000;
    if (has_name(part)) return read_name(part, text);
    return part.integer->read(text).value_or(std::nan(""));
}

bool is_given(const Components& components, char component) {
    const auto found = components.find(component);
    return found != components.end() && found->second && *found->second != 0 && !std::isnan(*found->second);
}

// Whether the given ones among `all` are among `wanted`, and there is one.
bool consists_of(const Components& components, std::string_view all, std::string_view wanted) {
    bool any = false;
    for (const char component : all) {
        if (!is_given(components, component)) continue;
        if (wanted.find(component) == std::string_view::npos) return false;
        any = true;
    }
    return any;
}

// Fills what is missing: before the first given component from `now`, after the last with the least value.
void complete(Components& components, std::string_view order, const Date& now) {
    bool started = false;
    bool ended = false;
    for (const char component : order) {
        auto& value = components[component];
        if (value) {
            started = true;
            if (ended) throw Fault{"D3136"};
        } else if (started) {
            value = component == 'M' || component == 'D' || component == 'd' ? 1 : 0;
            ended = true;
        } else if (component != 'P') {
            value = component_of(now, component);
        }
    }
}

double assembled(Components& components, double now) {
    const bool date_a = consists_of(components, "YXMxWwdD", "YMD");
    const bool date_b = !date_a && consists_of(components, "YXMxWwdD", "Yd");
    const bool date_c = consists_of(components, "YXMxWwdD", "Xxw");
    const bool date_d = !date_c && consists_of(components, "YXMxWwdD", "XW");
    const bool time_a = consists_of(components, "PHhmsf", "Hmsf");
    const bool time_b = !time_a && consists_of(components, "PHhmsf", "Phmsf");
    const std::string order = std::string{date_b   ? "YD"
                                          : date_c ? "XxwF"
                                          : date_d ? "XWF"
                                                   : "YMD"} +
                              (time_b ? "Phmsf" : "Hmsf");
    complete(components, order, date_of(now));
    if (date_c || date_d) throw Fault{"D3136"};  // weeks are not read

    const auto get = [&](char component) { return components[component].value_or(std::nan("")); };
    double month = components['M'] && get('M') > 0 ? get('M') - 1 : 0;
    double day = get('D');
    double hour = get('H');
    if (date_b) {
        const double time = utc(get('Y'), 0) + (get('d') - 1) * day_ms;
        if (!(std::abs(time) <= latest_time)) return std::nan("");
        month = date_of(time).month;
        day = date_of(time).day;
    }
    if (time_b) {
        hour = get('h') == 12 ? 0 : get('h');
        if (components['P'] && get('P') == 1) hour += 12;
    }
    double time = utc(get('Y'), month, day, hour, get('m'), get('s'), get('f'));
    const double zone = is_given(components, 'Z') ? get('Z') : is_given(components, 'z') ? get('z') : 0;
    return time - zone * 60'000;
}

bool digits_at(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return false;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
    }
    return true;
}

}  // namespace

std::optional<double> parse_date(std::string_view text, const std::vector<DatePart>& picture, double now,
                                 Budget& budget) {
    std::string pattern = "^";
    for (const DatePart& part : picture) pattern += "(" + pattern_of(part) + ")";
    const auto regex = Regex::compile(pattern + "$", true, false);
    budget.burn(50 * (picture.size() + 1));
    const auto match = regex->search(RegexSubject{text}, 0, budget);
    if (!match) return std::nullopt;
    Components components;
    for (std::size_t i = 0; i < picture.size(); ++i) {
        if (picture[i].component == 0) continue;
        components[picture[i].component] = read(picture[i], match->groups[i].value_or(""));
    }
    if (components.empty()) return std::nullopt;
    return assembled(components, now);
}

std::optional<double> parse_iso8601(std::string_view text) {
    std::size_t at = 0;
    const auto number = [&](std::size_t count) {
        const double value = parse_number(text.substr(at, count));
        at += count;
        return value;
    };
    const auto follows = [&](char sign, std::size_t digits) {
        return at < text.size() && text[at] == sign && digits_at(text, at + 1, digits);
    };
    if (!digits_at(text, 0, 4)) return std::nullopt;
    const double year = number(4);
    double month = 1;
    double day = 1;
    if (follows('-', 2)) {
        ++at;
        month = number(2);
        if (follows('-', 2)) {
            ++at;
            day = number(2);
        }
    }
    double hour = 0;
    double minute = 0;
    double second = 0;
    double millisecond = 0;
    const bool has_time = follows('T', 2);
    if (has_time) {
        ++at;
        hour = number(2);
        if (!follows(':', 2)) return std::nullopt;
        ++at;
        minute = number(2);
        if (!follows(':', 2)) return std::nullopt;
        ++at;
        second = number(2);
        if (follows('.', 1)) {
            const std::size_t begin = ++at;
            while (digits_at(text, at, 1)) ++at;
            std::string digits{text.substr(begin, std::min<std::size_t>(3, at - begin))};
            digits.resize(3, '0');
            millisecond = parse_number(digits);
        }
    }
    double offset = 0;
    if (at < text.size() && text[at] == 'Z') {
        ++at;
    } else if (has_time && (follows('+', 2) || follows('-', 2))) {
        const double sign = text[at++] == '-' ? -1 : 1;
        const double hours = number(2);
        if (at < text.size() && text[at] == ':') ++at;
        if (!digits_at(text, at, 2)) return std::nullopt;
        const double minutes = number(2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        offset = sign * (hours * 60 + minutes);
    }
    const bool is_midnight_24 = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
    if (at != text.size() || month < 1 || month > 12 || day < 1 || day > 31 || (hour > 23 && !is_midnight_24) ||
        minute > 59 || second > 59) {
        return std::nullopt;
    }
    // utc() takes two-digit years for the twentieth century: go around it by 400 years, a whole cycle.
    const double cycle = 146097 * day_ms;
    return utc(year + 400, month - 1, day, hour, minute, second, millisecond) - cycle - offset * 60'000;
}

}  // namespace pawl::jsonata
