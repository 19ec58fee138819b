// Error names that ASL and the service define. Spec: states-language.net, "Appendix A: Predefined Error Codes".
#pragma once
#include <string_view>

namespace pawl::error {

inline constexpr std::string_view all = "States.ALL";
inline constexpr std::string_view task_failed = "States.TaskFailed";
inline constexpr std::string_view timeout = "States.Timeout";
inline constexpr std::string_view heartbeat_timeout = "States.HeartbeatTimeout";
inline constexpr std::string_view runtime = "States.Runtime";
inline constexpr std::string_view data_limit_exceeded = "States.DataLimitExceeded";
inline constexpr std::string_view no_choice_matched = "States.NoChoiceMatched";
inline constexpr std::string_view intrinsic_failure = "States.IntrinsicFailure";
inline constexpr std::string_view parameter_path_failure = "States.ParameterPathFailure";
inline constexpr std::string_view result_path_match_failure = "States.ResultPathMatchFailure";
inline constexpr std::string_view query_evaluation_error = "States.QueryEvaluationError";
inline constexpr std::string_view permissions = "States.Permissions";
inline constexpr std::string_view exceed_tolerated_failure_threshold = "States.ExceedToleratedFailureThreshold";
inline constexpr std::string_view item_reader_failed = "States.ItemReaderFailed";
inline constexpr std::string_view result_writer_failed = "States.ResultWriterFailed";

}  // namespace pawl::error
