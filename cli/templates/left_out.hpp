// What a template says of a resource and nothing here acts on: told at the start, so that nobody counts on it.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "states/json.hpp"

namespace pawl::templates {

// Does the template give the resource this property?
using HasProperty = std::function<bool(std::string_view name)>;

// One sentence a property, as "the layers of the function Charge are left out".
std::vector<std::string> left_out_of_function(const std::string& logical_id, const HasProperty& has);
std::vector<std::string> left_out_of_machine(const std::string& logical_id, const HasProperty& has);

}  // namespace pawl::templates
