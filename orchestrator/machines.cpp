#include "orchestrator/machines.hpp"

#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/store.hpp"
#include "states/asl/diagnostic_text.hpp"
#include "states/assert.hpp"

namespace pawl {
namespace {

ApiError does_not_exist(std::string_view arn) {
    return {"StateMachineDoesNotExist", "State Machine Does Not Exist: '" + std::string{arn} + "'"};
}

// What CreateStateMachine compares when the name is taken: neither role nor tags.
bool same_machine(const CreateStateMachine& request, const MachineRow& row, const RevisionRow& revision) {
    return row.type == request.type && revision.definition == request.definition &&
           revision.configuration == to_text(request.configuration);
}

}  // namespace

Machines::Machines(Store& store, Journal& journal, const TaskRunner& tasks, const Clock& clock, ArnSpace arns)
    : store_{store}, journal_{journal}, tasks_{tasks}, clock_{clock}, arns_{std::move(arns)} {
    const auto numbers = store.last_numbers();
    last_machine_ = numbers.machine;
    last_revision_ = numbers.revision;
    for (auto& row : store.machines()) rows_.emplace(row.arn, row);
}

asl::Parsed Machines::check(std::string_view definition, asl::MachineType type) const {
    asl::ParseOptions options;
    options.machine_type = type;
    options.unsupported_resource = [this](std::string_view resource) { return tasks_.unsupported(resource); };
    return asl::parse_definition(definition, options);
}

ApiResult<std::shared_ptr<const asl::Definition>> Machines::parse(std::string_view text, asl::MachineType type) const {
    auto parsed = check(text, type);
    if (!parsed.definition) return ApiError{"InvalidDefinition", asl::definition_error_text(parsed.diagnostics, text)};
    return std::move(parsed.definition);
}

std::optional<MachineRow> Machines::find(std::string_view arn) const {
    const std::lock_guard lock{mutex_};
    const auto found = rows_.find(arn);
    if (found == rows_.end()) return std::nullopt;
    return found->second;
}

void Machines::keep(const MachineRow& row) {
    const std::lock_guard lock{mutex_};
    rows_.insert_or_assign(row.arn, row);
}

RevisionRow Machines::revision(std::int64_t number) const {
    auto row = store_.revision(number);
    if (!row) throw StoreError{"the store has lost revision " + std::to_string(number) + " of a state machine"};
    return *std::move(row);
}

ApiResult<StateMachineCreated> Machines::create(const CreateStateMachine& request) {
    auto definition = parse(request.definition, request.type);
    if (!definition) return std::move(definition).error();
    const auto arn = arns_.state_machine(request.name);

    const std::lock_guard lock{changing_};
    if (const auto existing = find(arn)) {
        if (same_machine(request, *existing, revision(existing->revision))) {
            return StateMachineCreated{arn, existing->created};
        }
        return ApiError{"StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'"};
    }
    const auto now = clock_.now();
    MachineRow row{++last_machine_, arn, request.name, request.type, MachineStatus::Active, now, ++last_revision_,
                   to_text(request.tags)};
    RevisionRow first{row.revision, row.number, "", now, request.definition, request.role_arn,
                      to_text(request.configuration)};
    commit_and_wait(journal_, {PutMachine{row}, PutRevision{first}});
    keep(row);
    return StateMachineCreated{arn, now};
}

ApiResult<StateMachineUpdated> Machines::update(const UpdateStateMachine& request) {
    const std::lock_guard lock{changing_};
    auto row = find(request.arn);
    if (!row) return does_not_exist(request.arn);
    if (request.definition) {
        auto definition = parse(*request.definition, row->type);
        if (!definition) return std::move(definition).error();
    }
    auto next = revision(row->revision);
    if (request.definition) next.definition = *request.definition;
    if (request.role_arn) next.role_arn = *request.role_arn;
    auto configuration = parse_json(next.configuration);
    PAWL_ASSERT(configuration, "a stored configuration is JSON");
    for (const auto& [name, value] : request.configuration.items()) (*configuration)[name] = value;
    next.configuration = to_text(*configuration);
    next.number = ++last_revision_;
    next.revision_id = new_uuid();
    next.created = clock_.now();
    row->revision = next.number;
    commit_and_wait(journal_, {PutRevision{next}, PutMachine{*row}});
    keep(*row);
    return StateMachineUpdated{next.created, next.revision_id};
}

ApiResult<Done> Machines::remove(std::string_view arn) {
    const std::lock_guard lock{changing_};
    auto row = find(arn);
    if (!row) return Done{};  // deleting what is not there succeeds, as on AWS
    row->status = MachineStatus::Deleted;
    commit_and_wait(journal_, {PutMachine{*row}});
    const std::lock_guard rows_lock{mutex_};
    rows_.erase(row->arn);
    return Done{};
}

ApiResult<StateMachineView> Machines::describe(std::string_view arn) const {
    auto row = find(arn);
    if (!row) return does_not_exist(arn);
    const auto current = row->revision;
    return StateMachineView{*std::move(row), revision(current)};
}

std::vector<StateMachineView> Machines::list(std::string_view after_name, std::size_t limit) const {
    std::vector<MachineRow> page;
    {
        const std::lock_guard lock{mutex_};
        // ARNs differ in their names alone, so their order is that of the names.
        auto it = after_name.empty() ? rows_.begin() : rows_.upper_bound(arns_.state_machine(after_name));
        for (; it != rows_.end() && page.size() < limit; ++it) page.push_back(it->second);
    }
    std::vector<StateMachineView> views;
    for (auto& row : page) {
        const auto current = row.revision;
        views.push_back({std::move(row), revision(current)});
    }
    return views;
}

ApiResult<Runnable> Machines::runnable(std::string_view arn) {
    const auto row = find(arn);
    if (!row) return does_not_exist(arn);
    auto parsed = definition(row->revision);
    const std::lock_guard lock{mutex_};
    return Runnable{*row, row->revision, roles_.at(row->revision), std::move(parsed)};
}

std::shared_ptr<const asl::Definition> Machines::definition(std::int64_t number) {
    {
        const std::lock_guard lock{mutex_};
        if (const auto found = definitions_.find(number); found != definitions_.end()) return found->second;
    }
    const auto row = revision(number);
    // Stored definitions were checked when they came: what this process can't run is told by the task, not here.
    auto parsed = asl::parse_definition(row.definition, {});
    if (!parsed.definition) {
        throw StoreError{"the stored definition of revision " + std::to_string(number) + " can't be read: " +
                         asl::definition_error_text(parsed.diagnostics, row.definition)};
    }
    const std::lock_guard lock{mutex_};
    roles_.emplace(number, row.role_arn);
    return definitions_.emplace(number, std::move(parsed.definition)).first->second;
}

std::optional<std::int64_t> Machines::number_of(std::string_view arn) const {
    const auto row = find(arn);
    return row ? std::optional{row->number} : std::nullopt;
}

}  // namespace pawl
