// A YAML document as the JSON text that it means: YAML 1.2's core schema, merge keys (`<<`), aliases written out.
// Spec: yaml.org/spec/1.2.2, "Core Schema"; yaml.org/type/merge.html.
#pragma once
#include "states/asl/derived_text.hpp"
#include "states/asl/yaml_document.hpp"

namespace pawl::asl {

// Aliases may let a document grow to this many bytes of JSON.
inline constexpr std::size_t max_yaml_expansion = 4 * 1024 * 1024;

struct YamlReading {
    // "!Sub x" as {"Fn::Sub": "x"}: the short forms of CloudFormation's functions. Otherwise tags are refused.
    bool cloudformation_tags = false;
    // A plain scalar that is `${Name}` alone stays without quotes: what is filled in decides what it is.
    bool bare_placeholders = false;
};

// Needs a document that is not empty.
Result<DerivedText, YamlProblem> yaml_to_json(const YamlDocument& document, const YamlReading& reading);

}  // namespace pawl::asl
