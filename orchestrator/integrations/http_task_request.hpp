// An HTTP Task's parameters as a request. Spec: AWS Step Functions Developer Guide, "Call HTTPS APIs in Step Functions
// workflows".
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/http_connections.hpp"
#include "states/json.hpp"

namespace pawl {

struct HttpTaskRequest {
    HttpRequest request;     // without its connection's authorization
    std::string connection;  // its ARN
};

// "Authentication": {"ConnectionArn": …}, or the older "InvocationConfig"; empty: neither is given.
std::string connection_arn(const Json& parameters);

// Why the parameters make no request, for States.Runtime.
Result<HttpTaskRequest, std::string> read_http_task(const Json& parameters, const HttpConnection& connection,
                                                    const std::string& region);

// What its parameters may hold, and which headers they may not, in small letters.
std::span<const std::string_view> http_task_members();
std::span<const std::string_view> http_task_reserved_headers();

enum class ArrayFormat { Indices, Repeat, Commas, Brackets, None };
// {"a": [1, 2], "b": {"c": 3}} -> a[0]=1&a[1]=2&b[c]=3, encoded.
std::string form_of(const Json& body, ArrayFormat format);

}  // namespace pawl
