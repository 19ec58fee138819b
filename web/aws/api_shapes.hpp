// Whether a mocked result has the shape that the called API's answer has.
// Spec: AWS Step Functions API Reference, MockInput, "fieldValidationMode". The shapes are botocore's (Apache License
// 2.0), made by scripts/make-api-shapes; results of other services are not checked.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "states/json.hpp"
#include "web/viewer_assets.hpp"

namespace pawl::web::aws {

std::span<const EmbeddedFile> model_files();

enum class FieldValidation : std::uint8_t { Strict, Present, None };  // Strict: required members have to be there

// What is wrong with the result of this Resource: "Field 'X' must be a string". Nothing: it may be so.
std::optional<std::string> shape_problem(std::string_view resource, const Json& result, FieldValidation mode);

}  // namespace pawl::web::aws
