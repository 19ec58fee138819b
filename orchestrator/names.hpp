// ARNs of what Pawl keeps, and the names it makes up.
// Source: AWS Step Functions Developer Guide, "Resource ARNs"; RFC 9562, section 5.7 (UUID version 7).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "states/time.hpp"

namespace pawl {

struct ArnSpace {  // what stands in front of every ARN
    std::string region;
    std::string account;

    std::string state_machine(std::string_view name) const;
    std::string test_execution(std::string_view machine, std::string_view name) const;  // of TestState
    std::string activity(std::string_view name) const;
    std::string execution(std::string_view machine, std::string_view name) const;
    // Of an Express machine: its executions may share a name, so each has a UUID as well.
    std::string express(std::string_view machine, std::string_view name, std::string_view uuid) const;
};

// "arn:…:stateMachine:machine:qualifier": the machine's own ARN, and the version or alias; empty: neither.
struct QualifiedArn {
    std::string machine_arn;
    std::string qualifier;
};
QualifiedArn split_machine_arn(std::string_view arn);
std::string qualified_arn(std::string_view machine_arn, std::string_view qualifier);
// The version that a qualifier means: a number from 1 as it is written; nothing for an alias.
std::optional<std::int64_t> version_number(std::string_view qualifier);

bool is_express(std::string_view execution_arn);

// "arn:…:execution:machine:name" -> "arn:…:stateMachine:machine" and "machine": also of machines that are gone.
std::string machine_arn_of(std::string_view execution_arn);
std::string machine_name_of(std::string_view execution_arn);
// And back.
std::string execution_arn_of(std::string_view machine_arn, std::string_view name);

// A name for an execution that was started without one. It begins with the time, so that the index over names grows at
// its end: a random one would touch a page of its own at every start.
std::string new_execution_name(Instant now);
// The same name for the same `retry_key`, so that a repeated call finds the execution that the first one started.
std::string execution_name_for(std::string_view retry_key);
std::string new_uuid();

// 64 bits that nobody can guess: the seed of a decision.
std::uint64_t new_seed();

}  // namespace pawl
