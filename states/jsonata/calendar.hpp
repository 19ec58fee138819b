// The proleptic Gregorian calendar in UTC, with the range and the quirks of JavaScript's Date.
#pragma once
#include <cstdint>

namespace pawl::jsonata {

struct Date {
    std::int64_t year;
    int month;  // 0 to 11
    int day;    // 1 to 31
    int hour;
    int minute;
    int second;
    int millisecond;
    int weekday;  // 1 is Monday, 7 Sunday
    double time;  // milliseconds since 1970
};

inline constexpr double day_ms = 86'400'000;
inline constexpr double latest_time = 8.64e15;  // JavaScript's dates end here, either way

// `time` is whole and within ±latest_time.
Date date_of(double time);

// JavaScript's Date.UTC: parts beyond their range carry over, years 0 to 99 are of the twentieth century. NaN when a
// part is, or the time is beyond the range.
double utc(double year, double month, double day = 1, double hour = 0, double minute = 0, double second = 0,
           double millisecond = 0);

// The value of a picture's component: Y year, M month, D day, d day of the year, F weekday, W week of the year, w week
// of the month, X and x the year and month those weeks belong to, H and h hour, m, s, f.
double component_of(const Date& date, char component);

}  // namespace pawl::jsonata
