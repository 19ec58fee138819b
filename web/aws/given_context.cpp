#include "web/aws/given_context.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "states/integration_pattern.hpp"

namespace pawl::web::aws {

namespace {

enum class Wanted : std::uint8_t { Text, Number, Anything };

struct Field {
    std::string_view part;
    std::string_view name;
    Wanted wanted;
};

constexpr std::array fields{
    Field{"Execution", "Id", Wanted::Text},
    Field{"Execution", "Input", Wanted::Anything},
    Field{"Execution", "Name", Wanted::Text},
    Field{"Execution", "RoleArn", Wanted::Text},
    Field{"Execution", "StartTime", Wanted::Text},
    Field{"Execution", "RedriveCount", Wanted::Number},
    Field{"Execution", "RedriveTime", Wanted::Text},
    Field{"State", "EnteredTime", Wanted::Text},
    Field{"State", "Name", Wanted::Text},
    Field{"State", "RetryCount", Wanted::Number},
    Field{"StateMachine", "Id", Wanted::Text},
    Field{"StateMachine", "Name", Wanted::Text},
    Field{"Task", "Token", Wanted::Text},
};

std::optional<std::string> problem_with(const std::string& part, const std::string& name, const Json& value) {
    const auto known =
        std::ranges::find_if(fields, [&](const auto& field) { return field.part == part && field.name == name; });
    if (known == fields.end()) return "Field '" + name + "' is not allowed";
    if (known->wanted == Wanted::Text && !value.is_string()) return part + "." + name + " must be a string";
    if (known->wanted == Wanted::Number && !value.is_number()) return part + "." + name + " must be a number";
    return std::nullopt;
}

bool may_have_token(const asl::State& state) {
    const auto* task = std::get_if<asl::Task>(&state.kind);
    return task && is_submitted_first(task->resource);
}

}  // namespace

Result<Json, std::string> given_context(std::string_view text, const asl::State& state) {
    auto context = parse_json(text);
    if (!context || !context->is_object()) return std::string{"Context object must be a valid JSON object"};
    for (const auto& [part, members] : context->items()) {
        if (part == "Map") return std::string{"'Map' field is not supported when mocking a Context object"};
        if (std::ranges::find(fields, std::string_view{part}, &Field::part) == fields.end()) {
            return "Field '" + part + "' is not allowed";
        }
        if (!members.is_object()) return part + " must be an object";
        for (const auto& [name, value] : members.items()) {
            if (auto problem = problem_with(part, name, value)) return *std::move(problem);
        }
    }
    if (context->contains("Task") && !may_have_token(state)) {
        return std::string{
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
            "service integration pattern"};
    }
    return *std::move(context);
}

}  // namespace pawl::web::aws
