// A CloudFormation template with its functions worked out for this machine: Ref and Fn::GetAtt give what resources will
// be called here. Spec: AWS CloudFormation User Guide, "Intrinsic function reference", "Pseudo parameters reference".
#pragma once
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "orchestrator/names.hpp"
#include "states/json.hpp"

namespace pawl::templates {

// What a template asks for that can't be had here; a sentence for people. Thrown within, caught by the readers.
struct TemplateError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Parameters = std::map<std::string, std::string>;
using Exports = std::map<std::string, Json>;  // by the name of the export

class CloudFormation {
  public:
    // `source` is the template as a value, with functions in their long form ({"Fn::Sub": …}).
    CloudFormation(Json source, ArnSpace arns, Parameters parameters);

    const Json& source() const { return source_; }
    const ArnSpace& arns() const { return arns_; }
    // Resources whose condition holds, in the template's order.
    const Json& resources() const { return resources_; }

    // Adds the names of the parameters that the template declares.
    void collect_parameters(std::set<std::string, std::less<>>& names) const;
    // What the outputs export to other stacks, as far as it can be worked out.
    Exports exports() const;
    // What other stacks export, for Fn::ImportValue; must outlive this.
    void see(const Exports& exports) { imports_ = &exports; }

    // `value` without functions. What AWS::NoValue stands for is left out.
    Json resolve(const Json& value) const { return resolve(value, 0); }
    std::string resolve_text(const Json& value, std::string_view what) const;
    // What the resource will be called: its name property, or its logical ID.
    std::string physical_name(const std::string& logical_id) const { return physical_name(logical_id, 0); }
    Json ref(const std::string& name) const { return ref(name, 0); }
    Json attribute(const std::string& logical_id, const std::string& name) const {
        return attribute(logical_id, name, 0);
    }

  private:
    // An alias or a version of a function. Both are called by the function's ARN with a qualifier behind it.
    struct Published {
        std::string function_arn;
        std::string qualifier;  // the alias's name, or the version's number

        std::string arn() const { return function_arn + ":" + qualifier; }
    };

    // `depth` ends values that refer to themselves.
    Json resolve(const Json& value, int depth) const;
    Json resolve_list(const Json& list, int depth) const;
    Json function(const std::string& name, const Json& argument, int depth) const;
    std::string text(const Json& value, std::string_view what, int depth) const;
    std::string join(const Json& argument, int depth) const;
    std::string sub(const Json& argument, int depth) const;
    std::string sub_name(const std::string& name, const Json& own, int depth) const;
    Json import(const std::string& name) const;
    Json select(const Json& argument, int depth) const;
    Json split(const Json& argument, int depth) const;
    Json find_in_map(const Json& argument, int depth) const;
    Json choose(const Json& argument, int depth) const;
    bool condition(const Json& value, int depth) const;
    bool named_condition(const std::string& name, int depth) const;
    std::string physical_name(const std::string& logical_id, int depth) const;
    Json ref(const std::string& name, int depth) const;
    Json attribute(const std::string& logical_id, const std::string& name, int depth) const;
    // What `name` stands for: a resource, or what SAM makes of a function's AutoPublishAlias. Nothing: neither.
    std::optional<Published> published(const std::string& name, int depth) const;
    std::optional<Published> published_by_sam(const std::string& name, int depth) const;
    std::string function_arn(const std::string& logical_id, const Json& named, int depth) const;
    const Json* global(std::string_view kind, std::string_view property) const;
    const Json* section(std::string_view name) const;
    std::string qualified(std::string_view pattern, const std::string& logical_id, int depth) const;

    Json source_;
    ArnSpace arns_;
    Parameters parameters_;
    Json resources_ = empty_object();
    const Exports* imports_ = nullptr;
};

}  // namespace pawl::templates
