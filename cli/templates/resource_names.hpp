// What kinds of resources are called by, and what Ref and Fn::GetAtt give for them.
// Spec: AWS CloudFormation Template Reference, "Return values" of each resource type.
#pragma once
#include <string_view>

namespace pawl::templates {

// In patterns {name} is the physical name, {region}, {account}, {partition} are those of the ARNs.
struct ResourceKind {
    std::string_view type;
    std::string_view name_property;  // holds the physical name
    std::string_view ref;            // pattern of Ref
    std::string_view arn;            // pattern of Fn::GetAtt Arn
};

// A kind that is not known has its logical ID for a name.
const ResourceKind& kind_of(std::string_view type);

}  // namespace pawl::templates
