// The table of operations of the Lambda API: where each is, what it takes, and what does it. Adding one is one entry in
// a file of operations and its function.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "web/aws/members.hpp"
#include "web/functions.hpp"
#include "web/http.hpp"

namespace pawl::web::lambda {

struct Call {
    const Functions& functions;
    const Request& request;    // its headers and, for Invoke, its body
    aws::Arguments arguments;  // checked: members of path, query and body, in lower camel case
    FunctionName function;     // of the path, with the qualifier of the path or the query
};

struct Operation {
    std::string_view name;
    std::string_view method;
    std::string_view pattern;
    int status = 200;                           // of success; 204: without a body
    std::span<const aws::Member> members = {};  // of the body; their names begin in lower case here
    std::span<const aws::Member> query = {};
    ApiResult<Json> (*run)(const Call& call) = nullptr;
    ApiResult<Response> (*respond)(const Call& call) = nullptr;  // instead of `run`; the body is left alone
    bool any_region = false;  // ARNs of other regions and accounts mean the function here, as they do in workflows
};

// Each in the file of that name.
std::span<const Operation> function_operations();
std::span<const Operation> version_operations();
std::span<const Operation> setting_operations();
std::span<const Operation> permission_operations();
std::span<const Operation> absent_operations();
std::span<const Operation> invoke_operations();

}  // namespace pawl::web::lambda
