#include "orchestrator/activities.hpp"

#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/machine_tags.hpp"
#include "persistence/store.hpp"

namespace pawl {
namespace {

ApiError does_not_exist(std::string_view arn) {
    return {"ActivityDoesNotExist", "Activity Does Not Exist: '" + std::string{arn} + "'"};
}

}  // namespace

Activities::Activities(Store& store, Journal& journal, const Clock& clock, ArnSpace arns, Token token)
    : store_{store}, journal_{journal}, clock_{clock}, arns_{std::move(arns)}, token_{std::move(token)} {
    for (auto& row : store_.activities()) rows_.emplace(row.arn, row);
}

bool Activities::exists(std::string_view arn) const { return rows_.contains(arn); }

// --- the activities themselves --------------------------------------------------------------------------------------

// Creating what is there answers what is there, as on AWS; only other encryption is another activity.
ApiResult<ActivityRow> Activities::create(const CreateActivity& request) {
    const auto arn = arns_.activity(request.name);
    const std::lock_guard changing{changing_};
    if (auto existing = describe(arn)) {
        if (existing->configuration == to_text(request.configuration)) return existing;
        return ApiError{"ActivityAlreadyExists", "Activity Already Exists: '" + arn + "'"};
    }
    if (auto error = check_tags(arn, request.tags)) return *std::move(error);
    ActivityRow row{arn, request.name, clock_.now(), to_text(request.tags), to_text(request.configuration)};
    keep(row);
    return row;
}

ApiResult<ActivityRow> Activities::describe(std::string_view arn) const {
    const std::lock_guard lock{mutex_};
    const auto found = rows_.find(arn);
    if (found == rows_.end()) return does_not_exist(arn);
    return found->second;
}

// Tasks that wait for a worker stay where they are: their executions time out, or the activity is made again.
ApiResult<Done> Activities::remove(std::string_view arn) {
    const std::lock_guard changing{changing_};
    if (!describe(arn)) return Done{};
    commit_and_wait(journal_, {RemoveActivity{std::string{arn}}});
    std::list<Poller> sent_away;
    {
        const std::lock_guard lock{mutex_};
        rows_.erase(rows_.find(arn));
        if (const auto queue = queues_.find(arn); queue != queues_.end()) {
            sent_away.swap(queue->second.pollers);
            for (const auto& poller : sent_away) polling_.erase(poller.number);
            drop_if_empty(queue);
        }
    }
    for (const auto& poller : sent_away) poller.give(std::optional<ActivityTask>{});
    return Done{};
}

std::vector<ActivityRow> Activities::list(std::string_view after_name, std::size_t limit) const {
    const std::lock_guard lock{mutex_};
    std::vector<ActivityRow> page;
    // ARNs differ in their names alone, so their order is that of the names.
    auto it = after_name.empty() ? rows_.begin() : rows_.upper_bound(arns_.activity(after_name));
    for (; it != rows_.end() && page.size() < limit; ++it) page.push_back(it->second);
    return page;
}

ApiResult<Json> Activities::tags(std::string_view arn) const {
    const auto row = describe(arn);
    if (!row) return tagged_resource_not_found(arn);
    return stored_tags(row->tags);
}

ApiResult<Done> Activities::tag(std::string_view arn, const Json& tags) {
    const std::lock_guard changing{changing_};
    auto row = describe(arn);
    if (!row) return tagged_resource_not_found(arn);
    auto all = with_tags(arn, row->tags, tags);
    if (!all) return all.error();
    row->tags = *std::move(all);
    keep(*std::move(row));
    return Done{};
}

ApiResult<Done> Activities::untag(std::string_view arn, const std::vector<std::string>& keys) {
    const std::lock_guard changing{changing_};
    auto row = describe(arn);
    if (!row) return tagged_resource_not_found(arn);
    row->tags = without_tags(row->tags, keys);
    keep(*std::move(row));
    return Done{};
}

void Activities::keep(ActivityRow row) {
    commit_and_wait(journal_, {PutActivity{row}});
    const std::lock_guard lock{mutex_};
    auto arn = row.arn;
    rows_.insert_or_assign(std::move(arn), std::move(row));
}

// --- tasks and workers ----------------------------------------------------------------------------------------------

ApiResult<ActivityPoll> Activities::poll(std::string_view arn, std::string worker, GiveActivityTask give) {
    std::optional<Match> found;
    ActivityPoll poll;
    {
        const std::lock_guard lock{mutex_};
        if (!exists(arn)) return does_not_exist(arn);
        const std::string key{arn};
        auto& queue = queues_[key];
        if (queue.pollers.size() >= pollers_limit) {
            return ApiError{"ActivityWorkerLimitExceeded",
                            "The maximum number of workers concurrently polling for activity tasks has been reached."};
        }
        poll.number = ++last_poll_;
        queue.pollers.push_back({poll.number, std::move(worker), std::move(give)});
        polling_.emplace(poll.number, std::pair{key, std::prev(queue.pollers.end())});
        found = match(key);
    }
    if (found) hand_over(*std::move(found));
    return poll;
}

bool Activities::stop_polling(ActivityPoll poll) {
    const std::lock_guard lock{mutex_};
    const auto found = polling_.find(poll.number);
    if (found == polling_.end()) return false;
    const auto queue = queues_.find(found->second.first);
    queue->second.pollers.erase(found->second.second);
    drop_if_empty(queue);
    polling_.erase(found);
    return true;
}

void Activities::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    std::optional<Match> found;
    bool there = false;
    {
        const std::lock_guard lock{mutex_};
        if (queued_.contains(key)) return;  // handed out again: it is still here
        there = exists(task.resource);
        if (there) {
            auto& queue = queues_[task.resource];
            queue.tasks.push_back({key, task.parameters});
            queued_.emplace(key, std::pair{task.resource, std::prev(queue.tasks.end())});
            found = match(task.resource);
        }
    }
    if (!there) {
        return listener.answered(AslError{"ActivityDoesNotExist", does_not_exist(task.resource).message},
                                 TaskFailure::Schedule);
    }
    if (found) hand_over(*std::move(found));
}

void Activities::cancel(const TaskKey& key) {
    const std::lock_guard lock{mutex_};
    const auto found = queued_.find(key);
    if (found == queued_.end()) return;
    const auto queue = queues_.find(found->second.first);
    queue->second.tasks.erase(found->second.second);
    drop_if_empty(queue);
    queued_.erase(found);
}

// With the mutex held: takes the oldest task and the worker who has waited longest out of the queue.
std::optional<Activities::Match> Activities::match(const std::string& arn) {
    const auto found = queues_.find(arn);
    auto& queue = found->second;
    if (queue.tasks.empty() || queue.pollers.empty()) return std::nullopt;
    Match match{std::move(queue.tasks.front()), std::move(queue.pollers.front())};
    queue.tasks.pop_front();
    queue.pollers.pop_front();
    queued_.erase(match.task.key);
    polling_.erase(match.poller.number);
    drop_if_empty(found);
    return match;
}

void Activities::drop_if_empty(Queues::iterator queue) {
    if (queue->second.tasks.empty() && queue->second.pollers.empty()) queues_.erase(queue);
}

// The worker gets the task when ActivityStarted is durable: nobody else will, whatever happens to this process.
void Activities::hand_over(Match match) {
    const auto shared = std::make_shared<Match>(std::move(match));
    begin_(shared->task.key, shared->poller.worker, [this, shared](const ApiResult<Done>& begun) {
        if (begun) {
            shared->poller.give(std::optional{ActivityTask{token_(shared->task.key), shared->task.input}});
        } else if (begun.error().type == "TaskTimedOut") {
            shared->poller.give(std::optional<ActivityTask>{});  // the task was over: the worker asks again
        } else {
            shared->poller.give(begun.error());
        }
    });
}

}  // namespace pawl
