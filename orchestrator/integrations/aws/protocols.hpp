// A call as an HTTP request, and the answer as the workflow sees it: one file a protocol.
// Members are named as in the services' API references, in PascalCase.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/integrations/aws/catalogue.hpp"
#include "orchestrator/integrations/aws/endpoints.hpp"
#include "orchestrator/integrations/aws/signature.hpp"
#include "states/json.hpp"

namespace pawl::aws {

// What a service says instead of a result.
struct ServiceError {
    std::string shape;  // as its API names it: "QueueDoesNotExist"
    std::string code;   // as it was written: "AWS.SimpleQueueService.NonExistentQueue"
    std::string message;
    int status = 0;
    std::string request_id;
    std::string extended_request_id;  // S3
};

using Encoded = Result<Signable, std::string>;  // or why the parameters can't be sent
using Decoded = Result<Json, ServiceError>;

// Of a header: nothing in it would end its line.
bool can_be_sent(std::string_view name, std::string_view value);

// The whole way; Host and the endpoint's own path are set.
Encoded encode(const Call& call, const Json& parameters, const Endpoint& endpoint);
Decoded decode(const Call& call, HttpAnswer answer, const Endpoint& endpoint);

// An action that the table of a service does not have; always fine where none is needed.
bool knows_action(const Call& call);

Encoded encode_json(const Call& call, const Json& parameters);
Decoded decode_json(const Call& call, const HttpAnswer& answer);

Encoded encode_query(const Call& call, const Json& parameters);
Decoded decode_query(const Call& call, const HttpAnswer& answer);

Signable form_request(const Query& form);  // a POST of it

// SQS as it was spoken to before it spoke JSON.
Encoded encode_sqs_query(const Call& call, const Json& parameters);
Decoded decode_sqs_query(const Call& call, const HttpAnswer& answer);

bool knows_rest_action(const Service& service, std::string_view action);
Encoded encode_rest_json(const Call& call, const Json& parameters);
Decoded decode_rest_json(const Call& call, const HttpAnswer& answer);

bool knows_s3_action(std::string_view action);
Encoded encode_s3(const Call& call, const Json& parameters, const Endpoint& endpoint);
Decoded decode_s3(const Call& call, const HttpAnswer& answer);

Encoded encode_gateway(const Json& parameters, const Endpoint& endpoint);
std::span<const std::string_view> gateway_members();
std::span<const std::string_view> gateway_reserved_headers();
bool gateway_is_signed(const Json& parameters);  // when they say so; all other calls are always
Decoded decode_gateway(const HttpAnswer& answer);

// Answers in JSON that are errors.
ServiceError json_error(const HttpAnswer& answer);

// "MessageBody" -> "messageBody" and back, in all objects but maps, whose keys are data.
Json lower_members(const Json& value);
Json upper_members(const Json& value);

// A value as the text that a query parameter or a header needs: texts as they are, else JSON.
std::string as_text(const Json& value);
std::string wrong_type(std::string_view member, std::string_view expected);

}  // namespace pawl::aws
