#include "states/jsonata/calendar.hpp"

#include <cmath>
#include <initializer_list>

namespace pawl::jsonata {
namespace {

constexpr double week_ms = 7 * day_ms;

// Howard Hinnant's days_from_civil and civil_from_days.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

// The start of the week that holds the first Thursday of this month (of this year, for January).
double start_of_first_week(std::int64_t year, int month) {
    const double first = utc(static_cast<double>(year), month);
    const int weekday = date_of(first).weekday;
    return weekday > 4 ? first + (8 - weekday) * day_ms : first - (weekday - 1) * day_ms;
}

struct Month {
    std::int64_t year;
    int month;
    Month next() const { return month == 11 ? Month{year + 1, 0} : Month{year, month + 1}; }
    Month previous() const { return month == 0 ? Month{year - 1, 11} : Month{year, month - 1}; }
    double first_week() const { return start_of_first_week(year, month); }
};

double weeks_between(double start, double end) { return (end - start) / week_ms + 1; }

// The week of a period that starts where `here` does; `last` is the highest number every such period has.
double week_number(const Date& date, double here, double following, double previous, int last) {
    const double today = utc(static_cast<double>(date.year), date.month, date.day);
    double week = weeks_between(here, today);
    if (week > last) {
        if (today >= following) week = 1;
    } else if (week < 1) {
        week = weeks_between(previous, today);
    }
    return std::floor(week);
}

}  // namespace

Date date_of(double time) {
    const auto days = static_cast<std::int64_t>(std::floor(time / day_ms));
    const auto in_day = static_cast<std::int64_t>(time - static_cast<double>(days) * day_ms);
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    Date date{};
    date.year = year_of_era + era * 400 + (month <= 2);
    date.month = static_cast<int>(month - 1);
    date.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    date.hour = static_cast<int>(in_day / 3'600'000);
    date.minute = static_cast<int>(in_day / 60'000 % 60);
    date.second = static_cast<int>(in_day / 1000 % 60);
    date.millisecond = static_cast<int>(in_day % 1000);
    date.weekday = static_cast<int>(((days + 3) % 7 + 7) % 7) + 1;  // 1970 began on a Thursday
    date.time = time;
    return date;
}

double utc(double year, double month, double day, double hour, double minute, double second, double millisecond) {
    for (double* part : {&year, &month, &day, &hour, &minute, &second, &millisecond}) {
        if (!(std::abs(*part) <= latest_time)) return std::nan("");
        *part = std::trunc(*part);
    }
    if (year >= 0 && year <= 99) year += 1900;
    year += std::floor(month / 12);
    month -= std::floor(month / 12) * 12;
    if (std::abs(year) > 400'000) return std::nan("");
    const auto days = days_from_civil(static_cast<std::int64_t>(year), static_cast<std::int64_t>(month) + 1, 1);
    const double time = (static_cast<double>(days) + day - 1) * day_ms + hour * 3'600'000 + minute * 60'000 +
                        second * 1000 + millisecond;
    return std::abs(time) <= latest_time ? time : std::nan("");
}

double component_of(const Date& date, char component) {
    const Month january{date.year, 0};
    const Month month{date.year, date.month};
    switch (component) {
        case 'Y':
            return static_cast<double>(date.year);
        case 'M':
            return date.month + 1;
        case 'D':
            return date.day;
        case 'd':
            return (utc(static_cast<double>(date.year), date.month, date.day) -
                    utc(static_cast<double>(date.year), 0)) /
                       day_ms +
                   1;
        case 'F':
            return date.weekday;
        case 'W':
            return week_number(date, january.first_week(), Month{date.year + 1, 0}.first_week(),
                               Month{date.year - 1, 0}.first_week(), 52);
        case 'w':
            return week_number(date, month.first_week(), month.next().first_week(), month.previous().first_week(), 4);
        case 'X':
            if (date.time < january.first_week()) return static_cast<double>(date.year - 1);
            return static_cast<double>(date.time >= Month{date.year + 1, 0}.first_week() ? date.year + 1 : date.year);
        case 'x':
            if (date.time < month.first_week()) return month.previous().month + 1;
            return (date.time >= month.next().first_week() ? month.next() : month).month + 1;
        case 'H':
            return date.hour;
        case 'h':
            return date.hour % 12 == 0 ? 12 : date.hour % 12;
        case 'm':
            return date.minute;
        case 's':
            return date.second;
        case 'f':
            return date.millisecond;
        default:
            return std::nan("");
    }
}

}  // namespace pawl::jsonata
