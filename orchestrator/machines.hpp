// The state machines: their rows, their revisions, and the parsed definitions that executions share.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/names.hpp"
#include "orchestrator/requests.hpp"
#include "states/asl/definition.hpp"

namespace pawl {

class Clock;
class Journal;
class Store;
class TaskRunner;

// A revision ready to run.
struct Runnable {
    MachineRow machine;
    std::int64_t revision = 0;
    std::string role_arn;
    std::shared_ptr<const asl::Definition> definition;
};

class Machines {
  public:
    Machines(Store& store, Journal& journal, const TaskRunner& tasks, const Clock& clock, ArnSpace arns);

    ApiResult<StateMachineCreated> create(const CreateStateMachine& request);
    ApiResult<StateMachineUpdated> update(const UpdateStateMachine& request);
    ApiResult<Done> remove(std::string_view arn);
    ApiResult<StateMachineView> describe(std::string_view arn) const;
    std::vector<StateMachineView> list(std::string_view after_name, std::size_t limit) const;
    asl::Parsed check(std::string_view definition, asl::MachineType type) const;

    // What a new execution of this machine runs.
    ApiResult<Runnable> runnable(std::string_view arn);
    // What a stored execution runs: also of machines that are gone.
    std::shared_ptr<const asl::Definition> definition(std::int64_t revision);
    // Its number, while it exists.
    std::optional<std::int64_t> number_of(std::string_view arn) const;

  private:
    using Rows = std::map<std::string, MachineRow, std::less<>>;  // by ARN

    std::optional<MachineRow> find(std::string_view arn) const;
    RevisionRow revision(std::int64_t number) const;
    void keep(const MachineRow& row);
    ApiResult<std::shared_ptr<const asl::Definition>> parse(std::string_view text, asl::MachineType type) const;

    Store& store_;
    Journal& journal_;
    const TaskRunner& tasks_;
    const Clock& clock_;
    const ArnSpace arns_;

    // One writer at a time: machines change rarely, and two creations of one name must not meet.
    std::mutex changing_;
    // Guards what follows; held for look-ups only, never while the disk works.
    mutable std::mutex mutex_;
    Rows rows_;
    std::map<std::int64_t, std::shared_ptr<const asl::Definition>> definitions_;  // by revision
    std::map<std::int64_t, std::string> roles_;                                   // of the same revisions
    std::int64_t last_machine_ = 0;
    std::int64_t last_revision_ = 0;
};

}  // namespace pawl
