// The life of a Map Run, as DescribeMapRun names it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pawl {

enum class MapRunStatus : std::uint8_t { Running, Succeeded, Failed, Aborted };
std::string_view to_string(MapRunStatus status);  // "RUNNING", "ABORTED"

namespace map_run_status {

struct Completed {};
struct Errored {};  // more failures than tolerated, items that cannot be read, results that cannot be written
struct Stopped {};  // with the execution that it belongs to
struct Redriven {};
using Event = std::variant<Completed, Errored, Stopped, Redriven>;

// The status after `event`; nothing when the table has no row for it.
std::optional<MapRunStatus> next(MapRunStatus status, const Event& event);

std::string diagram();  // Mermaid

}  // namespace map_run_status
}  // namespace pawl
