// Times as awsJson1_0 has them: numbers, epoch seconds with milliseconds. Their shortest text is a plain decimal.
#pragma once
#include "states/json.hpp"
#include "states/time.hpp"

namespace pawl::web::aws {

inline Json epoch_seconds(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }

}  // namespace pawl::web::aws
