#include "orchestrator/execution_input.hpp"

#include "states/asl/json_syntax.hpp"

namespace pawl {
namespace {

ApiError too_large_input() {
    return {"ValidationException",
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less "
            "than or equal to 262144"};
}

}  // namespace

ApiResult<Payload> execution_input(const std::optional<std::string>& text, const Limits& limits) {
    if (!text) return Payload{};
    if (text->size() > limits.payload_bytes) return too_large_input();
    const auto invalid = [](const std::string& why) {
        return ApiError{"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + why + "'"};
    };
    if (text->empty()) return invalid("Invalid execution input.");
    if (const auto problem = asl::find_syntax_problem(*text)) return invalid(problem->message);
    auto payload = Payload::parse(*text);
    if (!payload) return invalid(payload.error().message);
    return *std::move(payload);
}

}  // namespace pawl
