// restJson1 as Lambda speaks it: statuses, headers and bodies of answers and errors. Pure.
// Spec: smithy.io, "AWS restJson1 protocol"; the published API model of Lambda.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "web/aws/members.hpp"
#include "web/http.hpp"

namespace pawl::web::lambda {

// The HTTP status that an error's type has.
int status_of(std::string_view error_type);
Response answer_document(int status, const Json& document);
Response answer_error(const ApiError& error);

// The members of `given` that are described, with names that begin in lower case, as AWS's messages have them; those
// of structures inside, too. Others are left out.
Json lower_members(std::span<const aws::Member> members, Json given);
// Back: "memorySize" -> "MemorySize".
std::string upper_name(std::string_view name);
Json upper_members(std::span<const aws::Member> members, const Json& lower);

}  // namespace pawl::web::lambda
