// The state machines: their rows, their revisions, versions and aliases, and the parsed definitions that executions
// share. Implemented in machines.cpp, machine_versions.cpp, machine_aliases.cpp and machine_tags.cpp.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/names.hpp"
#include "orchestrator/requests.hpp"
#include "persistence/change.hpp"
#include "states/asl/definition.hpp"

namespace pawl {

class Clock;
class Journal;
class Store;
class TaskRunner;

// AWS's quotas of one machine.
inline constexpr std::size_t max_versions = 1'000;
inline constexpr std::size_t max_aliases = 100;

// A revision ready to run, and by which of the machine's names it was asked for.
struct Runnable {
    MachineRow machine;
    std::int64_t revision = 0;
    std::string role_arn;
    std::shared_ptr<const asl::Definition> definition;
    std::int64_t version = 0;  // 0: by the machine's own ARN
    std::string alias;         // empty: not by an alias
};

// Which executions a machine's ARN, a version's or an alias's stands for.
struct ExecutionScope {
    MachineRow machine;
    std::optional<std::int64_t> version;
    std::optional<std::string> alias;
};

class Machines {
  public:
    Machines(Store& store, Journal& journal, const TaskRunner& tasks, const Clock& clock, ArnSpace arns);

    ApiResult<StateMachineCreated> create(const CreateStateMachine& request);
    ApiResult<StateMachineUpdated> update(const UpdateStateMachine& request);
    // It is Deleting while executions of it run; these end when they come to their next state.
    ApiResult<Done> remove(std::string_view arn);
    ApiResult<StateMachineView> describe(std::string_view arn);  // or a version
    std::vector<StateMachineView> list(std::string_view after_name, std::size_t limit);
    asl::Parsed check(std::string_view definition, asl::MachineType type, asl::Syntax syntax = asl::Syntax::Json) const;

    ApiResult<VersionView> publish(const PublishVersion& request);
    ApiResult<std::vector<VersionView>> versions(const ListVersions& query);  // newest first
    ApiResult<Done> remove_version(std::string_view arn);

    ApiResult<AliasView> create_alias(const CreateAlias& request);
    ApiResult<AliasView> update_alias(const UpdateAlias& request);
    ApiResult<AliasView> describe_alias(std::string_view arn);
    ApiResult<Done> remove_alias(std::string_view arn);
    ApiResult<std::vector<AliasView>> aliases(const ListAliases& query);  // by name

    ApiResult<Json> tags(std::string_view arn);
    ApiResult<Done> tag(std::string_view arn, const Json& tags);
    ApiResult<Done> untag(std::string_view arn, const std::vector<std::string>& keys);

    // What a new execution runs: of a machine, a version or an alias. `dice` picks one of an alias's routes.
    ApiResult<Runnable> runnable(std::string_view arn, std::uint64_t dice);
    // What a stored execution runs: also of machines that are gone.
    std::shared_ptr<const asl::Definition> definition(std::int64_t revision);
    // What its machine wants to be logged; null: nothing.
    std::shared_ptr<const LogTarget> log_target(std::int64_t revision);
    ApiResult<ExecutionScope> scope(std::string_view arn);
    // Has this machine been deleted while executions of it ran? Cheap: asked at every step of an execution.
    bool is_going(std::int64_t machine) const;
    // Is this the machine of that ARN, not deleted and not replaced by a later one of its name?
    bool is_active(std::string_view arn, std::int64_t machine) const;

  private:
    struct Entry {
        MachineRow row;
        std::map<std::int64_t, VersionRow> versions;
        std::map<std::string, AliasRow, std::less<>> aliases;
    };
    struct Ready {  // a revision, parsed
        std::shared_ptr<const asl::Definition> definition;
        std::string role_arn;
        std::shared_ptr<const LogTarget> log;
    };

    std::optional<Entry> find(std::string_view arn) const;
    // The same of a machine that may be used; StateMachineDoesNotExist or StateMachineDeleting.
    ApiResult<Entry> find_active(std::string_view arn);
    void settle(std::string_view arn);
    void settle_locked(std::string_view arn);
    RevisionRow revision(std::int64_t number) const;
    Ready ready(std::int64_t revision);
    void keep(Entry entry);
    ApiResult<std::shared_ptr<const asl::Definition>> parse(std::string_view text, asl::MachineType type) const;
    StateMachineView view_of(const MachineRow& row, std::int64_t revision);
    ApiResult<StateMachineCreated> create_again(const CreateStateMachine& request, const Entry& existing) const;
    // The version of the current revision: the one there is, or one that goes into `changes` and `entry`.
    ApiResult<VersionRow> publish_current(Entry& entry, const std::string& description, Changes& changes) const;
    struct Routes {
        Entry entry;
        std::vector<AliasRoute> routes;
    };
    ApiResult<Routes> resolve_routes(const std::vector<RouteRequest>& routes);
    struct FoundAlias {
        Entry entry;
        AliasRow alias;
    };
    ApiResult<FoundAlias> find_alias(std::string_view arn) const;

    Store& store_;
    Journal& journal_;
    const TaskRunner& tasks_;
    const Clock& clock_;
    const ArnSpace arns_;

    // One writer at a time: machines change rarely, and two creations of one name must not meet. Guards the numbers.
    std::mutex changing_;
    std::int64_t last_machine_ = 0;
    std::int64_t last_revision_ = 0;
    // Guards what follows; held for look-ups only, never while the disk works.
    mutable std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;  // by ARN
    std::map<std::int64_t, asl::MachineType> types_;     // of the same, by number
    std::map<std::int64_t, Ready> ready_;                // by revision
    std::set<std::int64_t> going_;                       // machines deleted while their executions ran
    std::atomic<bool> any_going_ = false;                // spares those who ask the mutex
};

ApiError machine_does_not_exist(std::string_view arn);
ApiError machine_is_deleting(std::string_view arn);

}  // namespace pawl
