// Activities: tasks that wait until a worker anywhere comes and asks for one. What is queued here is in the histories
// of running executions, so a restart fills the queues again; what a worker has taken waits for its token alone. Spec:
// AWS Step Functions Developer Guide, "Activities"; API Reference, GetActivityTask.
#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/names.hpp"
#include "orchestrator/requests.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Clock;
class Journal;
class Store;

class Activities final : public TaskRunner {
  public:
    // How the execution learns that a worker takes a task; `reply` is called when that is durable, or with
    // TaskTimedOut when the execution does not wait for it any more.
    using Begin = std::function<void(const TaskKey&, std::string worker, std::function<void(ApiResult<Done>)> reply)>;
    using Token = std::function<std::string(const TaskKey&)>;

    Activities(Store& store, Journal& journal, const Clock& clock, ArnSpace arns, Token token);
    // Before the first task comes.
    void connect(Begin begin) { begin_ = std::move(begin); }

    ApiResult<ActivityRow> create(const CreateActivity& request);
    ApiResult<ActivityRow> describe(std::string_view arn) const;
    ApiResult<Done> remove(std::string_view arn);
    std::vector<ActivityRow> list(std::string_view after_name, std::size_t limit) const;
    ApiResult<Json> tags(std::string_view arn) const;  // key -> value
    ApiResult<Done> tag(std::string_view arn, const Json& tags);
    ApiResult<Done> untag(std::string_view arn, const std::vector<std::string>& keys);

    // Waits for a task. `give` is called once, on any thread and perhaps before this returns, unless stop_polling
    // comes first: with a task, or with an error of the store; with nothing when the activity is
    // deleted, or the task that was found for it was over already.
    ApiResult<ActivityPoll> poll(std::string_view arn, std::string worker, GiveActivityTask give);
    // False: something is, or will be, given.
    bool stop_polling(ActivityPoll poll);

    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

    static constexpr std::size_t pollers_limit = 50'000;  // of one activity; each costs a few hundred bytes here

  private:
    struct Waiting {  // a task
        TaskKey key;
        Payload input;
    };
    struct Poller {
        std::int64_t number = 0;
        std::string worker;
        GiveActivityTask give;
    };
    struct Queue {  // tasks, or pollers, never both
        std::list<Waiting> tasks;
        std::list<Poller> pollers;
    };
    using Queues = std::map<std::string, Queue, std::less<>>;
    struct Match {
        Waiting task;
        Poller poller;
    };

    bool exists(std::string_view arn) const;
    std::optional<Match> match(const std::string& arn);
    void hand_over(Match match);
    void drop_if_empty(Queues::iterator queue);
    void keep(ActivityRow row);

    Store& store_;
    Journal& journal_;
    const Clock& clock_;
    const ArnSpace arns_;
    const Token token_;
    Begin begin_;

    std::mutex changing_;       // one creation or deletion at a time
    mutable std::mutex mutex_;  // guards what follows: workers, shards and the journal meet here, never for long
    std::map<std::string, ActivityRow, std::less<>> rows_;  // by ARN
    Queues queues_;                                         // by ARN
    std::map<TaskKey, std::pair<std::string, std::list<Waiting>::iterator>> queued_;
    std::map<std::int64_t, std::pair<std::string, std::list<Poller>::iterator>> polling_;
    std::int64_t last_poll_ = 0;
};

}  // namespace pawl
