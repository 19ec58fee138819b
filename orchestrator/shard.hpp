// A shard: one thread, its executions and their timers. Message -> decide -> batch -> journal; effects leave when the
// batch is durable. Executions are spread over the shards by number; nothing here is shared but what the constructor
// takes.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "orchestrator/live_execution.hpp"
#include "orchestrator/mailbox.hpp"
#include "orchestrator/outbox.hpp"
#include "orchestrator/requests.hpp"
#include "states/decide.hpp"

namespace pawl {

class Clock;
class Journal;
class Machines;
class Store;

// Told when what a message asked for is durable, or why it is not.
using Reply = std::function<void(ApiResult<Instant>)>;

struct StartMessage {
    ExecutionIdentity identity;
    ExecutionRow row;
    std::shared_ptr<const asl::Definition> definition;
    Payload input;
    Reply reply;
};
struct StimulusMessage {
    std::int64_t execution = 0;
    decltype(Stimulus::what) what;
    Reply reply;  // may be empty
};
struct ResetMessage {  // the store did not take a batch: what is in memory is ahead of it
    std::string why;
};
using ShardMessage = std::variant<StartMessage, StimulusMessage, ResetMessage>;

// What all shards share; constant while they live.
struct ShardContext {
    Store& store;
    Journal& journal;
    Machines& machines;
    Outbox& outbox;
    const Clock& clock;
    const Surroundings& surroundings;
    std::size_t shards = 1;
    bool skip_time = false;  // of executions with a test case: what they wait for comes at once
    bool keep_express_history = true;
    std::function<void(std::size_t shard)> was_reset;      // this shard has let go of what it had
    std::function<void(const ExecutionRow&)> child_ended;  // of a Map Run, durably
};

class Shard {
  public:
    Shard(const ShardContext& context, std::size_t index);
    void start();  // once all shards are there: what it recovers may speak to any of them
    ~Shard() { stop(); }
    void stop();  // after the messages in work; later ones are not looked at
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    // False: too much is waiting already.
    bool try_post(ShardMessage message) { return mailbox_.try_post(std::move(message)); }
    void post(ShardMessage message) { mailbox_.post(std::move(message)); }

    bool ready() const { return ready_.load(); }
    std::size_t in_memory() const { return in_memory_.load(); }
    std::size_t waiting() const { return mailbox_.size(); }

    static constexpr std::size_t mailbox_limit = 20'000;
    static constexpr Millis sleeps_from{2'000};  // executions that wait longer than this are evicted

  private:
    using Live = std::shared_ptr<LiveExecution>;
    struct Timer {
        Instant when;
        std::int64_t execution;
        friend bool operator>(const Timer& a, const Timer& b) { return a.when > b.when; }
    };

    // shard_memory.cpp
    void recover();
    void load_due(std::optional<std::pair<Instant, std::int64_t>> after);
    Live load(const ExecutionRow& row);
    Live find(std::int64_t execution, bool also_ended);
    void resume(const Live& live);
    void evict_settled();
    bool may_sleep(const LiveExecution& live) const;
    bool stays(const LiveExecution& live) const;

    // shard.cpp
    void loop();

    void handle(StartMessage& message);
    void handle(StimulusMessage& message);
    void catch_up(const Live& live);
    void handle(ResetMessage& message);
    void reset(const std::string& why);
    void react(const Live& live, decltype(Stimulus::what) what, const Reply& reply);
    void set_aside(const Live& live, const std::exception& mistake, const Reply& reply);
    void hold(const Live& live, Decision decision);
    void submit(const Live& live, Decision decision, const Reply& reply);
    void settle_row(LiveExecution& live, bool recorded, bool more) const;
    Changes changes_of(const Live& live, std::int64_t batch, std::vector<RecordedEvent> events) const;
    bool ends_instead(const LiveExecution& live, const decltype(Stimulus::what)& what) const;
    void wake_timers();
    void flush_held();
    void continue_unfinished();

    // As the execution sees it.
    Instant now(const LiveExecution& live) const;
    bool skips_time(const ExecutionRow& row) const;
    void skip_waits();

    void arm(const Live& live);
    Millis patience() const;

    const ShardContext context_;
    const std::size_t index_;
    Mailbox<ShardMessage> mailbox_{mailbox_limit};
    std::unordered_map<std::int64_t, Live> live_;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
    std::deque<Live> unfinished_;                         // decisions that stopped with `more`
    std::vector<std::pair<Instant, std::int64_t>> held_;  // executions with held events, and since when
    std::deque<Live> skipping_;                           // executions that may have nothing to do but wait
    std::deque<Live> settling_;                           // to be evicted once durable
    std::optional<Instant> next_sleeper_;                 // when the store has an evicted execution to wake
    std::set<std::int64_t> damaged_;                      // can't be loaded: not tried again when a sleeper is woken
    bool broken_ = false;                                 // between a failed batch and the recovery after it
    Instant recover_at_{};
    std::atomic<bool> ready_{false};
    std::atomic<std::size_t> in_memory_{0};
    std::thread thread_;
};

}  // namespace pawl
