// Answers to clients of services that Pawl does not speak for: an endpoint for all services (AWS_ENDPOINT_URL) leads
// them here, and each can read only its own protocol's errors.
// Spec: AWS SDKs, "AWS Query protocol", "REST-XML" as S3 uses it, "REST-JSON"; STS API Reference, GetCallerIdentity.
#pragma once
#include <optional>
#include <string>

#include "web/http.hpp"

namespace pawl::web::aws {

// Nothing when the request may be for us. sts:GetCallerIdentity is answered: tools ask it before all else.
std::optional<Response> answer_for_other_service(const Request& request, const std::string& account);

}  // namespace pawl::web::aws
