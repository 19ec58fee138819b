// Functions behind URLs: /lambda-url/NAME[:ALIAS]/…, for those that have a URL configuration.
// Spec: AWS Lambda Developer Guide, "Invoking Lambda function URLs": payload format version 2.0.
#pragma once
#include "web/http.hpp"
#include "web/lambda/operation.hpp"

namespace pawl::web::lambda {

Response answer_url(const Functions& functions, const Request& request);

// The event that a request becomes; `path` is what follows the function's own part, as it was sent.
Json url_event(const Request& request, std::string_view function, std::string_view path, std::string_view request_id,
               Instant now);
// The answer that a function's result means: {"statusCode", "headers", "body", …}, or just a body.
Response url_response(const std::string& result);

}  // namespace pawl::web::lambda
