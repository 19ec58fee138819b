#include "orchestrator/machines.hpp"

#include <algorithm>

#include "orchestrator/arn.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/integrations/literal_parameters.hpp"
#include "orchestrator/machine_tags.hpp"
#include "orchestrator/name_rules.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/store.hpp"
#include "states/asl/diagnostic_text.hpp"

namespace pawl {
namespace {

constexpr std::size_t most_ready = 256;  // parsed revisions that are kept though nothing runs them

// How a machine was published when it was created stands in its first configuration: another creation of that name is
// the same one only if it asks for the same.
constexpr auto publish_member = "publish";
constexpr auto description_member = "versionDescription";

std::string first_configuration(const CreateStateMachine& request) {
    auto configuration = request.configuration;
    if (request.publish) configuration[publish_member] = true;
    if (!request.version_description.empty()) configuration[description_member] = request.version_description;
    return to_text(configuration);
}

// The configuration with what an update changes. A later revision says nothing of the creation.
std::string updated_configuration(std::string_view stored, const Json& update) {
    auto configuration = parse_json(stored);
    if (!configuration || !configuration->is_object()) {
        throw DamagedError{"a stored configuration of a state machine can't be read"};
    }
    for (const auto* member : {publish_member, description_member}) configuration->erase(member);
    for (const auto& [name, value] : update.items()) (*configuration)[name] = value;
    return to_text(*configuration);
}

// An update whose values are those that stand already makes no revision. One that names nothing but the role does: it
// is how a role that was made anew under its old ARN is taken up.
bool makes_a_revision(const UpdateStateMachine& request, const RevisionRow& before, const RevisionRow& after) {
    if (request.role_arn && !request.definition && request.configuration.empty()) return true;
    return before.definition != after.definition || before.role_arn != after.role_arn ||
           updated_configuration(before.configuration, Json::object()) != after.configuration;
}

// "arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*" -> "NAME"
std::string log_group_name(std::string_view arn) {
    constexpr std::string_view mark = ":log-group:";
    const auto at = arn.find(mark);
    if (at == std::string_view::npos) return std::string{arn};
    const auto name = arn.substr(at + mark.size());
    return std::string{name.substr(0, name.find(':'))};
}

// Empty: it has none.
std::string log_group_arn(const Json& destination) {
    const Json::json_pointer place{"/cloudWatchLogsLogGroup/logGroupArn"};
    return destination.is_object() && destination.contains(place) && destination[place].is_string()
               ? destination[place].get<std::string>()
               : std::string{};
}

// Configurations are stored as they came, and may be older than the checks of today: what is odd logs nothing.
std::shared_ptr<const LogTarget> log_target_of(std::string_view configuration) {
    const auto all = parse_json(configuration);
    if (!all || !all->is_object() || !all->contains("loggingConfiguration")) return nullptr;
    const auto& logging = (*all)["loggingConfiguration"];
    if (!logging.is_object()) return nullptr;
    const auto member = [&](const char* name) { return logging.contains(name) ? logging[name] : Json{}; };
    const auto level = member("level");
    if (!level.is_string() || level == "OFF" || !logging.contains("destinations")) return nullptr;
    LogTarget target;
    target.level = level == "ALL" ? LogLevel::All : level == "ERROR" ? LogLevel::Error : LogLevel::Fatal;
    target.include_execution_data = member("includeExecutionData") == true;
    for (const auto& destination : logging["destinations"]) target.group = log_group_name(log_group_arn(destination));
    return target.group.empty() ? nullptr : std::make_shared<const LogTarget>(std::move(target));
}

}  // namespace

ApiError machine_does_not_exist(std::string_view arn) {
    return {"StateMachineDoesNotExist", "State Machine Does Not Exist: '" + std::string{arn} + "'"};
}

ApiError machine_is_deleting(std::string_view arn) {
    return {"StateMachineDeleting", "State Machine is being deleted: '" + std::string{arn} + "'"};
}

Machines::Machines(Store& store, Journal& journal, const TaskRunner& tasks, const Clock& clock, ArnSpace arns)
    : store_{store}, journal_{journal}, tasks_{tasks}, clock_{clock}, arns_{std::move(arns)} {
    const auto numbers = store.last_numbers();
    last_machine_ = numbers.machine;
    last_revision_ = numbers.revision;
    std::map<std::int64_t, Entry*> by_number;
    for (auto& row : store.machines()) {
        if (row.status == MachineStatus::Deleting) going_.insert(row.number);
        auto& entry = entries_[row.arn];
        entry.row = std::move(row);
        by_number[entry.row.number] = &entry;
        types_[entry.row.number] = entry.row.type;
    }
    any_going_ = !going_.empty();
    for (auto& version : store.versions()) {
        if (const auto at = by_number.find(version.machine); at != by_number.end()) {
            at->second->versions.emplace(version.version, std::move(version));
        }
    }
    for (auto& alias : store.aliases()) {
        if (const auto at = by_number.find(alias.machine); at != by_number.end()) {
            auto name = alias.name;
            at->second->aliases.emplace(std::move(name), std::move(alias));
        }
    }
}

asl::Parsed Machines::check(std::string_view definition, asl::MachineType type, asl::Syntax syntax) const {
    asl::ParseOptions options;
    options.machine_type = type;
    options.syntax = syntax;
    options.unsupported_resource = [this](std::string_view resource) { return tasks_.unsupported(resource); };
    auto parsed = asl::parse_definition(definition, options);
    check_literal_parameters(parsed, definition);
    return parsed;
}

ApiResult<std::shared_ptr<const asl::Definition>> Machines::parse(std::string_view text, asl::MachineType type) const {
    auto parsed = check(text, type);
    if (!parsed.definition) return ApiError{"InvalidDefinition", asl::definition_error_text(parsed.diagnostics, text)};
    return std::move(parsed.definition);
}

std::optional<Machines::Entry> Machines::find(std::string_view arn) const {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(arn);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
}

ApiResult<Machines::Entry> Machines::find_active(std::string_view arn) {
    auto entry = find(arn);
    if (!entry) return machine_does_not_exist(arn);
    if (entry->row.status != MachineStatus::Active) return machine_is_deleting(arn);
    return *std::move(entry);
}

void Machines::keep(Entry entry) {
    const std::lock_guard lock{mutex_};
    auto arn = entry.row.arn;
    types_[entry.row.number] = entry.row.type;
    entries_.insert_or_assign(std::move(arn), std::move(entry));
}

RevisionRow Machines::revision(std::int64_t number) const {
    auto row = store_.revision(number);
    if (!row) throw DamagedError{"the store has lost revision " + std::to_string(number) + " of a state machine"};
    return *std::move(row);
}

StateMachineView Machines::view_of(const MachineRow& row, std::int64_t number) {
    return {row, revision(number), std::nullopt, ready(number).definition};
}

// --- creating and changing

ApiResult<StateMachineCreated> Machines::create(const CreateStateMachine& request) {
    if (auto error = check_name(request.name)) return *std::move(error);
    if (!request.role_arn.empty()) {  // those that ask within the process may have none
        if (auto error = check_role_arn(request.role_arn)) return *std::move(error);
    }
    const auto arn = arns_.state_machine(request.name);
    if (auto error = check_tags(arn, request.tags)) return *std::move(error);
    auto definition = parse(request.definition, request.type);
    if (!definition) return std::move(definition).error();

    const std::lock_guard lock{changing_};
    settle_locked(arn);
    if (const auto existing = find(arn)) return create_again(request, *existing);
    const auto now = clock_.now();
    Entry entry;
    auto& row = entry.row;
    row.number = ++last_machine_;
    row.arn = arn;
    row.name = request.name;
    row.type = request.type;
    row.created = now;
    row.revision = ++last_revision_;
    row.tags = to_text(request.tags);
    RevisionRow first{
        row.revision, row.number, "", now, request.definition, request.role_arn, first_configuration(request)};
    StateMachineCreated created{arn, now};
    Changes changes{PutRevision{std::move(first)}};
    if (request.publish) {
        const auto version = publish_current(entry, request.version_description, changes);
        if (!version) return version.error();
        created.version_arn = qualified_arn(arn, std::to_string(version->version));
    }
    changes.emplace_back(PutMachine{row});
    commit_and_wait(journal_, std::move(changes));
    keep(std::move(entry));
    return created;
}

// What is compared: neither role nor tags.
ApiResult<StateMachineCreated> Machines::create_again(const CreateStateMachine& request, const Entry& existing) const {
    const auto& row = existing.row;
    if (row.status != MachineStatus::Active) return machine_is_deleting(row.arn);
    const auto current = revision(row.revision);
    if (row.type != request.type || current.definition != request.definition ||
        current.configuration != first_configuration(request)) {
        return ApiError{"StateMachineAlreadyExists", "State Machine Already Exists: '" + row.arn + "'"};
    }
    StateMachineCreated created{row.arn, row.created};
    for (const auto& [number, version] : existing.versions) {
        if (request.publish && version.revision == row.revision) {
            created.version_arn = qualified_arn(row.arn, std::to_string(number));
        }
    }
    return created;
}

ApiResult<StateMachineUpdated> Machines::update(const UpdateStateMachine& request) {
    if (request.role_arn) {
        if (auto error = check_role_arn(*request.role_arn)) return *std::move(error);
    }
    const std::lock_guard lock{changing_};
    settle_locked(request.arn);
    auto entry = find_active(request.arn);
    if (!entry) return entry.error();
    auto changed = *std::move(entry);
    if (request.definition) {
        auto definition = parse(*request.definition, changed.row.type);
        if (!definition) return std::move(definition).error();
    }
    const auto before = revision(changed.row.revision);
    auto next = before;
    if (request.definition) next.definition = *request.definition;
    if (request.role_arn) next.role_arn = *request.role_arn;
    next.configuration = updated_configuration(before.configuration, request.configuration);
    Changes changes;
    StateMachineUpdated updated{before.created, before.revision_id};
    if (makes_a_revision(request, before, next)) {
        next.number = ++last_revision_;
        next.revision_id = new_uuid();
        next.created = clock_.now();
        changed.row.revision = next.number;
        updated = {next.created, next.revision_id};
        changes.emplace_back(PutRevision{std::move(next)});
    }
    if (request.publish) {
        const auto version = publish_current(changed, request.version_description, changes);
        if (!version) return version.error();
        updated.version_arn = qualified_arn(changed.row.arn, std::to_string(version->version));
    }
    if (changes.empty()) return updated;
    changes.emplace_back(PutMachine{changed.row});
    commit_and_wait(journal_, std::move(changes));
    keep(std::move(changed));
    return updated;
}

// --- looking

ApiResult<StateMachineView> Machines::describe(std::string_view arn) {
    const auto [machine_arn, qualifier] = split_machine_arn(arn);
    settle(machine_arn);
    const auto entry = find(machine_arn);
    if (!entry) return machine_does_not_exist(arn);
    if (qualifier.empty()) return view_of(entry->row, entry->row.revision);
    const auto number = version_number(qualifier);
    const auto version = number ? entry->versions.find(*number) : entry->versions.end();
    if (version == entry->versions.end()) return machine_does_not_exist(arn);
    auto view = view_of(entry->row, version->second.revision);
    view.version = version->second;
    return view;
}

std::vector<StateMachineView> Machines::list(std::string_view after_name, std::size_t limit) {
    std::vector<std::string> going;
    std::vector<MachineRow> page;
    {
        const std::lock_guard lock{mutex_};
        if (any_going_) {
            for (const auto& [arn, entry] : entries_) {
                if (entry.row.status == MachineStatus::Deleting) going.push_back(arn);
            }
        }
    }
    for (const auto& arn : going) settle(arn);
    {
        const std::lock_guard lock{mutex_};
        // ARNs differ in their names alone, so their order is that of the names.
        auto it = after_name.empty() ? entries_.begin() : entries_.upper_bound(arns_.state_machine(after_name));
        for (; it != entries_.end() && page.size() < limit; ++it) page.push_back(it->second.row);
    }
    std::vector<StateMachineView> views;
    for (auto& row : page) {
        const auto current = row.revision;
        views.push_back({std::move(row), revision(current)});
    }
    return views;
}

ApiResult<ExecutionScope> Machines::scope(std::string_view arn) {
    const auto [machine_arn, qualifier] = split_machine_arn(arn);
    settle(machine_arn);
    auto entry = find(machine_arn);
    if (!entry) return machine_does_not_exist(arn);
    ExecutionScope scope{std::move(entry->row), std::nullopt, std::nullopt};
    if (qualifier.empty()) return scope;
    scope.version = version_number(qualifier);
    const bool known = scope.version ? entry->versions.contains(*scope.version) : entry->aliases.contains(qualifier);
    if (!known) return machine_does_not_exist(arn);
    if (!scope.version) scope.alias = qualifier;
    return scope;
}

// --- running

ApiResult<Runnable> Machines::runnable(std::string_view arn, std::uint64_t dice) {
    const auto [machine_arn, qualifier] = split_machine_arn(arn);
    Runnable found;
    {
        const std::lock_guard lock{mutex_};
        const auto at = entries_.find(machine_arn);
        if (at == entries_.end()) return machine_does_not_exist(arn);
        const auto& entry = at->second;
        found.machine = entry.row;
        found.revision = entry.row.revision;
        if (const auto alias = entry.aliases.find(qualifier); alias != entry.aliases.end()) {
            found.alias = qualifier;
            auto left = static_cast<std::int64_t>(dice % 100);
            for (const auto& route : alias->second.routes) {
                if (left < route.weight) {
                    found.version = route.version;
                    break;
                }
                left -= route.weight;
            }
        } else if (const auto number = version_number(qualifier)) {
            found.version = *number;
        }
        if (!qualifier.empty() && entry.row.status == MachineStatus::Active) {
            const auto version = entry.versions.find(found.version);
            if (version == entry.versions.end()) return machine_does_not_exist(arn);
            found.revision = version->second.revision;
        }
    }
    if (found.machine.status != MachineStatus::Active) {
        settle(machine_arn);
        return find(machine_arn) ? machine_is_deleting(arn) : machine_does_not_exist(arn);
    }
    auto revision = ready(found.revision);
    found.role_arn = std::move(revision.role_arn);
    found.definition = std::move(revision.definition);
    return found;
}

std::shared_ptr<const asl::Definition> Machines::definition(std::int64_t number) { return ready(number).definition; }

std::shared_ptr<const LogTarget> Machines::log_target(std::int64_t number) { return ready(number).log; }

Machines::Ready Machines::ready(std::int64_t number) {
    {
        const std::lock_guard lock{mutex_};
        if (const auto found = ready_.find(number); found != ready_.end()) return found->second;
    }
    const auto row = revision(number);
    asl::ParseOptions options;
    {
        const std::lock_guard lock{mutex_};
        if (const auto type = types_.find(row.machine); type != types_.end()) options.machine_type = type->second;
    }
    // Stored definitions were checked when they came: what this process can't run is told by the task, not here.
    auto parsed = asl::parse_definition(row.definition, options);
    if (!parsed.definition) {
        throw DamagedError{"the stored definition of revision " + std::to_string(number) +
                           " can't be read: " + asl::definition_error_text(parsed.diagnostics, row.definition)};
    }
    Ready ready{std::move(parsed.definition), row.role_arn, log_target_of(row.configuration)};
    const std::lock_guard lock{mutex_};
    if (ready_.size() >= most_ready) {  // those that nothing runs are parsed again when they are asked for
        std::erase_if(ready_, [](const auto& one) { return one.second.definition.use_count() == 1; });
    }
    return ready_.emplace(number, std::move(ready)).first->second;
}

// --- deleting

ApiResult<Done> Machines::remove(std::string_view arn) {
    const std::lock_guard lock{changing_};
    settle_locked(arn);
    auto entry = find(arn);
    // Deleting what is not there succeeds, as on AWS.
    if (!entry || entry->row.status != MachineStatus::Active) return Done{};
    Changes changes;
    for (const auto& [number, version] : entry->versions) changes.emplace_back(DeleteVersion{version.machine, number});
    for (const auto& [name, alias] : entry->aliases) changes.emplace_back(DeleteAlias{alias.machine, name});
    entry->versions.clear();
    entry->aliases.clear();
    entry->row.status = MachineStatus::Deleting;
    changes.emplace_back(PutMachine{entry->row});
    commit_and_wait(journal_, std::move(changes));
    {
        const std::lock_guard rows_lock{mutex_};
        going_.insert(entry->row.number);
        any_going_ = true;
    }
    keep(*std::move(entry));
    settle_locked(arn);
    return Done{};
}

void Machines::settle(std::string_view arn) {
    if (!any_going_) return;
    if (const auto entry = find(arn); !entry || entry->row.status != MachineStatus::Deleting) return;
    const std::lock_guard lock{changing_};
    settle_locked(arn);
}

// A machine that is being deleted goes once none of its executions runs. Nobody waits for that: whoever asks for the
// machine next finds out.
void Machines::settle_locked(std::string_view arn) {
    auto entry = find(arn);
    if (!entry || entry->row.status != MachineStatus::Deleting) return;
    ExecutionQuery running;
    running.machine = entry->row.number;
    running.status = ExecutionStatus::Running;
    running.limit = 1;
    if (!store_.executions(running).empty()) return;
    entry->row.status = MachineStatus::Deleted;
    commit_and_wait(journal_, {PutMachine{entry->row}});
    const std::lock_guard lock{mutex_};
    entries_.erase(entry->row.arn);
    types_.erase(entry->row.number);
}

bool Machines::is_active(std::string_view arn, std::int64_t machine) const {
    const auto entry = find(arn);
    return entry && entry->row.number == machine && entry->row.status == MachineStatus::Active;
}

bool Machines::is_going(std::int64_t machine) const {
    if (!any_going_) return false;
    const std::lock_guard lock{mutex_};
    return going_.contains(machine);
}

}  // namespace pawl
