// The part of JSON Schema that our own API description uses, as a checker: it guards request bodies, and the tests
// hold real answers against it, so that the description can't say one thing and the server do another.
// Spec: JSON Schema 2020-12 (as in OpenAPI 3.1); `format` is checked for date-time only.
#pragma once
#include <string>
#include <vector>

#include "states/json.hpp"

namespace pawl::web::rest {

struct SchemaViolation {
    std::string pointer;  // JSON pointer to the value; empty: the whole document
    std::string message;  // "must be a string"
};

// `components` resolves "#/components/schemas/NAME". A keyword that the checker does not know is a violation, too:
// a rule nobody checks is no rule.
std::vector<SchemaViolation> schema_violations(const Json& value, const Json& schema, const Json& components);

}  // namespace pawl::web::rest
