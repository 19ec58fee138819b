// What a Task waits for, as the end of its Resource says.
// Spec: AWS Step Functions Developer Guide, "Discover service integration patterns".
#pragma once
#include <cstdint>
#include <string_view>

namespace pawl {

enum class IntegrationPattern : std::uint8_t {
    RequestResponse,  // the service's answer
    RunAJob,          // .sync, .sync:2: the end of what was begun
    TaskToken         // .waitForTaskToken: somebody who sends the token back
};

inline IntegrationPattern integration_pattern(std::string_view resource) {
    if (resource.ends_with(".waitForTaskToken")) return IntegrationPattern::TaskToken;
    const bool job = resource.ends_with(".sync") || resource.ends_with(".sync:2");
    return job ? IntegrationPattern::RunAJob : IntegrationPattern::RequestResponse;
}
// Is there a TaskSubmitted between its start and its end?
inline bool is_submitted_first(std::string_view resource) {
    return integration_pattern(resource) != IntegrationPattern::RequestResponse;
}

}  // namespace pawl
