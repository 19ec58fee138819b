// loggingConfiguration, tracingConfiguration and encryptionConfiguration: checked, and brought into the one form in
// which they are stored, compared and shown.
#pragma once
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "web/aws/members.hpp"

namespace pawl::web::aws {

// For a new machine: logging and tracing are always there, so that saying the default and leaving it out is the same.
ApiResult<Json> full_configuration(const Arguments& arguments);
// For an update: only what the request holds.
// Of the member; null: the default.
ApiResult<Json> encryption_configuration(const Json* sent);
ApiResult<Json> partial_configuration(const Arguments& arguments);

// What was stored, with the defaults for what is missing.
Json stored_configuration(std::string_view text);

}  // namespace pawl::web::aws
