// Pictures of dates and times: "[D01]/[M01]/[Y0001] [h]:[m01][P]". Used by $fromMillis, $toMillis and $now.
// Spec: XPath and XQuery Functions 3.1, fn:format-dateTime, section 9.8.4.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/integer_picture.hpp"

namespace pawl::jsonata {

struct DatePart {
    enum class Names : std::uint8_t { none, lower, upper, title };

    std::string literal;  // when component is 0
    char component = 0;
    char modifier = 0;  // the second presentation modifier
    Names names = Names::none;
    std::optional<std::size_t> least_width;
    std::optional<std::size_t> most_width;
    std::optional<IntegerPicture> integer;
    std::size_t year_digits = 0;  // > 0: only so many of the year's last digits
};

// Throws D3131, D3132, D3135.
std::vector<DatePart> parse_date_picture(std::string_view picture);

// Throws D3130, D3133, D3134, D1001. `timezone` as "+0100"; nothing is UTC.
std::string format_date(double time, const std::vector<DatePart>& picture, std::optional<std::string_view> timezone,
                        Budget& budget);

// Milliseconds since 1970, or nothing when the text does not match. What the picture leaves out comes from `now` (more
// significant parts) or is the least it can be. Throws D3130, D3133, D3136.
std::optional<double> parse_date(std::string_view text, const std::vector<DatePart>& picture, double now,
                                 Budget& budget);

// ISO 8601, without an offset in UTC. Nothing when it is none.
std::optional<double> parse_iso8601(std::string_view text);

inline constexpr std::string_view iso8601_picture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

std::string_view month_name(std::size_t month);      // 1 is January
std::string_view weekday_name(std::size_t weekday);  // 1 is Monday

}  // namespace pawl::jsonata
