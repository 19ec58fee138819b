// The OpenAPI 3.1 description of the REST API, made from the table that its routes are made from.
#pragma once
#include <vector>

#include "web/rest/endpoint.hpp"

namespace pawl::web::rest {

Json openapi_document(const std::vector<Endpoint>& endpoints);

}  // namespace pawl::web::rest
