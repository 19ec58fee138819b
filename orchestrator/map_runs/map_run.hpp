// One Map Run: takes items from their source, starts an execution for each (or for each batch), counts how they end,
// and answers the Map that waits for it. All it knows is in the store, so that it goes on where it was after a restart:
// which children exist, and how far they have come. Used by MapRunner's thread alone.
// Spec: Developer Guide, "Using Map state in Distributed mode".
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "orchestrator/map_runs/item_source.hpp"
#include "orchestrator/map_runs/map_run_world.hpp"
#include "orchestrator/requests.hpp"
#include "orchestrator/task_runner.hpp"
#include "states/map_plan.hpp"

namespace pawl {

class MapRun {
  public:
    MapRun(const MapRunWorld& world, std::int64_t number, TaskKey parent, StartMapRun start, TaskListener listener);

    // Finds out where it stands. StoreError when that can't be read; DamagedError when it never will be.
    void open();
    // Starts children while there are items and room, but not too many in one go. True: it could go on at once.
    bool pump();
    void child_ended(std::int64_t item, std::int64_t items, ExecutionStatus status);
    // Children whose shards have not said whether they took what was asked of them: a run that is opened anew could not
    // know of it.
    using OnTheirWay = std::shared_ptr<const std::atomic<std::int64_t>>;
    OnTheirWay on_their_way() const { return on_their_way_; }
    // `done` is told when the change is durable, or why it is not.
    using Told = std::function<void(std::optional<std::string> why_not)>;
    void change(const MapRunLimits& limits, Told done);
    // Nobody waits any more: its children are stopped. It is over when that is durable: nobody would ask again.
    void abort();
    void abort_kept();
    bool aborted() const { return aborted_; }
    // It can't go on, and would not at the next try either.
    void give_up(AslError why);
    bool over() const { return over_; }
    bool waits_for(std::int64_t item) const { return running_.contains(item); }
    const TaskKey& parent() const { return parent_; }
    const StartMapRun& began_with() const { return start_; }
    const TaskListener& listener() const { return listener_; }
    std::int64_t number() const { return row_.number; }

  private:
    struct Child {
        std::int64_t item = 0;   // which child
        std::int64_t items = 0;  // in it
        Payload input;
    };
    const asl::Map& map() const { return std::get<asl::Map>(state_->kind); }
    void open_source();
    void learn_children();
    void judge();
    void redrive_fallen();
    std::optional<Child> next_child();    // nothing: no items are left, or the run has failed
    std::optional<Payload> next_input();  // of one item
    std::optional<Payload> batch(std::int64_t& items);
    bool start(Child child);
    std::int64_t room() const;
    void fail(AslError error);
    void stop_children();
    Reply unless_refused(std::int64_t item);
    void finish_if_done();
    // map_results.cpp
    Result<Payload> result();
    Result<Payload> collected();
    Result<Payload> transformed();
    Result<Payload> written();
    bool writes_files() const;
    AslError too_large() const;
    template <class Visit>
    void each_child(std::optional<ExecutionStatus> status, const Visit& visit);
    void keep_row(std::function<void()> then = {}, std::function<void(const std::string&)> failed = {});

    const MapRunWorld& world_;
    const std::shared_ptr<std::atomic<std::int64_t>> on_their_way_ = std::make_shared<std::atomic<std::int64_t>>(0);
    const TaskKey parent_;
    const StartMapRun start_;
    const TaskListener listener_;
    MapPlan plan_;
    MapRunRow row_;
    std::shared_ptr<const asl::Definition> definition_;
    const asl::State* state_ = nullptr;
    std::string role_arn_;
    std::string test_case_;

    std::unique_ptr<ItemSource> source_;
    bool exhausted_ = false;
    std::int64_t next_item_ = 0;  // index of the next item
    std::int64_t next_child_ = 0;
    std::optional<Payload> left_over_;  // an item that did not fit into the last batch
    std::optional<Child> delayed_;      // a child that found no room in its shard
    std::vector<bool> known_;           // children that are in the store, from before a restart
    std::unordered_map<std::int64_t, std::pair<std::int64_t, Child>>
        running_;                       // by child: its execution, and what it is
    std::vector<ExecutionRow> fallen_;  // children to be redriven
    std::int64_t failed_items_ = 0;
    std::optional<AslError> error_;
    bool aborted_ = false;
    bool ended_ = false;  // what it came to is on its way to the store
    bool over_ = false;
};

}  // namespace pawl
