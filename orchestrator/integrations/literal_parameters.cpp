#include "orchestrator/integrations/literal_parameters.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "orchestrator/function_task_runner.hpp"
#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/http_task_request.hpp"
#include "orchestrator/integrations/nested_executions.hpp"
#include "orchestrator/integrations/reserved_headers.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/integrations/sfn_sdk.hpp"

namespace pawl {
namespace {

struct Rules {
    std::span<const std::string_view> members;
    std::span<const std::string_view> reserved_headers = {};
};

std::optional<Rules> rules_of(std::string_view resource) {
    constexpr std::string_view gateway = "arn:aws:states:::apigateway:invoke";
    if (resource == "arn:aws:states:::http:invoke") return Rules{http_task_members(), http_task_reserved_headers()};
    if (resource.starts_with(gateway)) return Rules{aws::gateway_members(), aws::gateway_reserved_headers()};
    if (resource == "arn:aws:states:::lambda:invoke" || resource == "arn:aws:states:::lambda:invoke.waitForTaskToken") {
        return Rules{lambda_invoke_members()};
    }
    if (NestedExecutions::serves(resource)) return Rules{NestedExecutions::members_of(resource)};
    if (const auto members = SfnSdk::members_of(resource); !members.empty()) return Rules{members};
    return std::nullopt;
}

std::string plain(const std::string& name, bool paths) {
    return paths && name.ends_with(".$") ? name.substr(0, name.size() - 2) : name;
}

// "/States/P/Branches/0/States/A" -> "/States/P/Branches[0]/States/A", as AWS gives it.
std::string location_of(const std::string& pointer) {
    constexpr std::string_view list = "/Branches/";
    auto location = pointer;
    for (auto at = location.find(list); at != std::string::npos; at = location.find(list, at + 1)) {
        const auto number = at + list.size();
        const auto end = std::min(location.find('/', number), location.size());
        if (end == number || location.find_first_not_of("0123456789", number) < end) continue;
        location.insert(end, "]");
        location[number - 1] = '[';
    }
    return location;
}

}  // namespace

std::optional<std::string> literal_problem(std::string_view resource, const Json& source, bool paths) {
    const auto rules = rules_of(resource);
    if (!rules || !source.is_object()) return std::nullopt;
    for (const auto& [written, value] : source.items()) {
        const auto name = plain(written, paths);
        if (std::ranges::find(rules->members, std::string_view{name}) == rules->members.end()) {
            return sdk::unsupported_field(name);
        }
    }
    const auto headers = source.find("Headers");
    if (headers == source.end() || !headers->is_object()) return std::nullopt;
    HttpHeaders names;
    for (const auto& [written, value] : headers->items()) names.emplace_back(plain(written, paths), "");
    return unsupported_headers(names, rules->reserved_headers);
}

void check_literal_parameters(asl::Parsed& parsed, std::string_view text) {
    if (!parsed.definition) return;
    const std::string_view json = parsed.json.empty() ? text : std::string_view{parsed.json};
    const auto before = parsed.diagnostics.size();
    for (const auto& state : parsed.definition->all()) {
        const auto* task = std::get_if<asl::Task>(&state.kind);
        if (!task || !state.parameters) continue;
        const bool paths = state.query_language == asl::QueryLanguage::JSONPath;
        auto problem = literal_problem(task->resource, state.parameters->source(), paths);
        if (!problem) continue;
        const auto pointer = state.pointer + (paths ? "/Parameters" : "/Arguments");
        parsed.diagnostics.push_back({asl::Severity::Error,
                                      "SCHEMA_VALIDATION_FAILED",
                                      *std::move(problem),
                                      location_of(pointer),
                                      asl::locate(json, pointer),
                                      {}});
    }
    if (parsed.diagnostics.size() == before) return;
    std::ranges::stable_sort(parsed.diagnostics, {}, [](const auto& one) {
        return std::pair{one.position.line, one.position.column};
    });
    parsed.definition = nullptr;
}

}  // namespace pawl
