#include "cli/templates/left_out.hpp"

#include <array>
#include <span>

namespace pawl::templates {
namespace {

struct Property {
    std::string_view name;
    std::string_view words;
    std::string_view verb;
};

// Only what changes how a workflow goes, or who starts it. SAM and CloudFormation have different names for some.
// clang-format off
constexpr std::array of_functions{
    Property{"Layers",                       "layers",                              "are"},
    Property{"Events",                       "events",                              "are"},
    Property{"EventInvokeConfig",            "settings of asynchronous invocations", "are"},
    Property{"DeadLetterQueue",              "dead-letter queue",                   "is"},
    Property{"DeadLetterConfig",             "dead-letter queue",                   "is"},
    Property{"FunctionUrlConfig",            "URL",                                 "is"},
    Property{"VpcConfig",                    "VPC",                                 "is"},
    Property{"FileSystemConfigs",            "file systems",                        "are"},
    Property{"SnapStart",                    "SnapStart",                           "is"},
    Property{"ReservedConcurrentExecutions", "reserved concurrency",                "is"},
    Property{"ProvisionedConcurrencyConfig", "provisioned concurrency",             "is"},
};
constexpr std::array of_machines{
    Property{"Events",                       "events",                              "are"},
};
// clang-format on

std::vector<std::string> left_out(std::span<const Property> properties, const std::string& resource,
                                  const HasProperty& has) {
    std::vector<std::string> notes;
    for (const auto& [name, words, verb] : properties) {
        if (!has(name)) continue;
        notes.push_back("the " + std::string{words} + " of " + resource + " " + std::string{verb} + " left out");
    }
    return notes;
}

}  // namespace

std::vector<std::string> left_out_of_function(const std::string& logical_id, const HasProperty& has) {
    return left_out(of_functions, "the function " + logical_id, has);
}

std::vector<std::string> left_out_of_machine(const std::string& logical_id, const HasProperty& has) {
    return left_out(of_machines, "the state machine " + logical_id, has);
}

}  // namespace pawl::templates
