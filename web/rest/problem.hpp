// Errors as people's HTTP clients know them: a status that tells what kind it is, and a problem document.
// Spec: RFC 9457, "Problem Details for HTTP APIs".
#pragma once
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "web/http.hpp"

namespace pawl::web::rest {

// What an ApiError's type means in HTTP.
struct ProblemKind {
    std::string_view type;  // as in ApiError
    int status;
    std::string_view title;  // the same for every occurrence
};

// Types without a line of their own are bad requests.
ProblemKind problem_kind(std::string_view error_type);

// {"type": "urn:pawl:problem:…", "title", "status", "detail", "code"} and the error's further members.
Json problem_json(const ApiError& error);
Response problem_response(const ApiError& error);

}  // namespace pawl::web::rest
