#include "orchestrator/task_output.hpp"

#include <utility>

#include "states/asl/json_syntax.hpp"

namespace pawl {

ApiResult<Payload> task_output(std::string text) {
    const auto invalid = [](const std::string& why) {
        return ApiError{"InvalidOutput", "Invalid Output: '" + why + "'"};
    };
    if (const auto problem = asl::find_syntax_problem(text)) return invalid(problem->message);
    auto payload = Payload::parse(std::move(text));
    if (!payload) return invalid(payload.error().message);
    return *std::move(payload);
}

}  // namespace pawl
