// Versions: revisions with a number, which never change.
#include "orchestrator/arn.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/machines.hpp"
#include "persistence/store.hpp"

namespace pawl {
namespace {

// What stands for the revision of the creation, which has no id that anybody is shown.
constexpr std::string_view initial_revision = "INITIAL";

VersionView version_view(const MachineRow& machine, const VersionRow& version) {
    return {qualified_arn(machine.arn, std::to_string(version.version)), version};
}

ApiError another_revision(std::string_view wanted, std::string_view current) {
    return {"ConflictException", "Failed to publish the State Machine version for revision " + std::string{wanted} +
                                     ". The current State Machine revision is " + std::string{current} + "."};
}

}  // namespace

ApiResult<VersionRow> Machines::publish_current(Entry& entry, const std::string& description, Changes& changes) const {
    auto& row = entry.row;
    for (const auto& [number, version] : entry.versions) {
        if (version.revision == row.revision) return version;
    }
    if (entry.versions.size() >= max_versions) {
        return ApiError{"ServiceQuotaExceededException", "The state machine has " + std::to_string(max_versions) +
                                                             " versions, which is the most that are allowed: '" +
                                                             row.arn + "'"};
    }
    const VersionRow version{row.number, ++row.last_version, row.revision, clock_.now(), description};
    entry.versions.emplace(version.version, version);
    changes.emplace_back(PutVersion{version});
    return version;
}

ApiResult<VersionView> Machines::publish(const PublishVersion& request) {
    if (auto error = refuse_labeled(request.machine_arn)) return *std::move(error);
    const std::lock_guard lock{changing_};
    settle_locked(request.machine_arn);
    auto found = find_active(request.machine_arn);
    if (!found) return found.error();
    auto entry = *std::move(found);
    if (request.revision_id) {
        auto current = revision(entry.row.revision).revision_id;
        if (current.empty()) current = initial_revision;
        if (*request.revision_id != current) return another_revision(*request.revision_id, current);
    }
    Changes changes;
    const auto version = publish_current(entry, request.description, changes);
    if (!version) return version.error();
    auto view = version_view(entry.row, *version);
    if (changes.empty()) return view;
    changes.emplace_back(PutMachine{entry.row});
    commit_and_wait(journal_, std::move(changes));
    keep(std::move(entry));
    return view;
}

ApiResult<std::vector<VersionView>> Machines::versions(const ListVersions& query) {
    settle(query.machine_arn);
    const auto entry = find(query.machine_arn);
    if (!entry) return machine_does_not_exist(query.machine_arn);
    std::vector<VersionView> page;
    for (auto it = entry->versions.rbegin(); it != entry->versions.rend() && page.size() < query.limit; ++it) {
        if (!query.before || it->first < *query.before) page.push_back(version_view(entry->row, it->second));
    }
    return page;
}

ApiResult<Done> Machines::remove_version(std::string_view arn) {
    const auto [machine_arn, qualifier] = split_machine_arn(arn);
    const auto number = version_number(qualifier);
    if (!number) {
        return ApiError{"ValidationException",
                        "The ARN does not name a state machine version: '" + std::string{arn} + "'"};
    }
    const std::lock_guard lock{changing_};
    auto entry = find(machine_arn);
    if (!entry || !entry->versions.contains(*number)) return Done{};  // of nothing succeeds, as on AWS
    std::string users;
    for (const auto& [name, alias] : entry->aliases) {
        for (const auto& route : alias.routes) {
            if (route.version == *number) users += (users.empty() ? "" : ", ") + name;
        }
    }
    if (!users.empty()) {
        return ApiError{"ConflictException",
                        "Version to be deleted must not be referenced by an alias. Current list of aliases "
                        "referencing this version: [" +
                            users + "]"};
    }
    commit_and_wait(journal_, {DeleteVersion{entry->row.number, *number}});
    entry->versions.erase(*number);
    keep(*std::move(entry));
    return Done{};
}

}  // namespace pawl
