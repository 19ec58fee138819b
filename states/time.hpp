// Instants as Pawl counts them (UTC, milliseconds), and ISO 8601 texts as AWS reads and writes them.
#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

using Millis = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Millis>;  // UTC

// "2026-11-22T13:46:46.123Z": always milliseconds, always Z.
std::string to_iso8601(Instant instant);

// The instant of an "ISO-8601 extended offset date-time" (upper-case T; Z or ±hh:mm; fraction of any length, cut to
// milliseconds). Anything else, impossible dates included, is nothing.
std::optional<Instant> parse_iso8601(std::string_view text);

// The same to the nanosecond; further digits are cut off. (64 bits of nanoseconds alone would end in 2262.)
struct Timestamp {
    std::chrono::sys_seconds seconds{};
    std::int32_t nanoseconds = 0;  // from 0 on
    friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace pawl
