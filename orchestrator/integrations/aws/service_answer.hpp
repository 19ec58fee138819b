// How Step Functions shows what a service has answered: results with what the SDK knows of the HTTP exchange, and
// errors named and worded as the SDKs do, which differ between the optimized integrations and those of aws-sdk.
#pragma once
#include <string>

#include "orchestrator/integrations/aws/protocols.hpp"

namespace pawl::aws {

Json with_metadata(Json result, const HttpAnswer& answer);

AslError service_error(const Call& call, const ServiceError& error);
// No answer came, or a larger one than can be taken.
AslError transport_error(const Call& call, const HttpFailure& failure);

// What the call's own rules say about its parameters: texts made of values, members that must be there. Nulls are not
// sent.
Result<Json, std::string> prepared(const Call& call, const Json& parameters);

// Of events that an execution sends: the execution and its machine are among each event's resources.
void name_origin(Json& parameters, const std::string& execution_arn);

}  // namespace pawl::aws
