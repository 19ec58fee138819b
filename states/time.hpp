// Instants as Pawl counts them (UTC, milliseconds), and ISO 8601 texts as AWS reads and writes them.
#pragma once
#include <chrono>
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

}  // namespace pawl
