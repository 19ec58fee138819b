// All Map Runs, on one thread. Everything comes in through its mailbox: runs to start from the outbox, ends of children
// from the journal's thread, changes from the API.
#pragma once
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <variant>

#include "orchestrator/mailbox.hpp"
#include "orchestrator/map_runs/map_run.hpp"

namespace pawl {

class MapRunner {
  public:
    explicit MapRunner(MapRunWorld world);
    ~MapRunner() { stop(); }
    void stop();
    MapRunner(const MapRunner&) = delete;
    MapRunner& operator=(const MapRunner&) = delete;

    // These come from any thread and never block.
    void start(const TaskKey& parent, StartMapRun start, TaskListener listener);
    void cancel(const TaskKey& parent);
    void child_ended(const ExecutionRow& child);
    // Waits, but not for long, until every run that was started before has been opened; its row is on its way then.
    void catch_up();
    // Waits until the change is durable.
    ApiResult<Done> change(std::int64_t map_run, const MapRunLimits& limits);

  private:
    struct Start {
        TaskKey parent;
        StartMapRun start;
        TaskListener listener;
    };
    struct Cancel {
        TaskKey parent;
    };
    struct ChildEnded {
        std::int64_t map_run;
        std::int64_t item;
        std::int64_t items;
        ExecutionStatus status;
    };
    struct Refused {  // as MapRunWorld says it
        std::int64_t map_run;
        std::int64_t item;
    };
    struct AbortKept {
        std::int64_t map_run;
    };
    struct CatchUp {
        std::shared_ptr<std::promise<void>> done;
    };
    struct Change {
        std::int64_t map_run;
        MapRunLimits limits;
        std::shared_ptr<std::promise<ApiResult<Done>>> answer;
    };
    using Message = std::variant<Start, Cancel, ChildEnded, Refused, AbortKept, CatchUp, Change>;
    using Runs = std::map<TaskKey, std::unique_ptr<MapRun>>;
    // A run to be opened, from what is stored: it is new, or its children or the store were refused.
    struct Waiting {
        Start start;
        MapRun::OnTheirWay children;  // of its life before; null: it had none
        std::chrono::steady_clock::time_point not_before{};
        bool cancelled = false;
    };

    void loop();
    void handle(Start& message);
    void handle(Cancel& message);
    void handle(ChildEnded& message);
    void handle(Refused& message);
    void handle(AbortKept& message);
    void handle(CatchUp& message);
    void handle(Change& message);
    MapRun* run_numbered(std::int64_t number);
    bool pump_all();
    void open_waiting();
    void open(const Waiting& waiting);
    void give_up(MapRun& run, const std::exception& mistake);
    Runs::iterator forget(Runs::iterator run);
    Runs::iterator start_over(Runs::iterator run, std::chrono::milliseconds pause);
    void end_orphans();

    MapRunWorld world_;
    Mailbox<Message> mailbox_;
    Runs runs_;
    std::map<std::int64_t, TaskKey> keys_;  // of runs, by number
    std::int64_t last_number_ = 0;
    std::vector<Waiting> waiting_;
    std::int64_t stored_before_ = 0;  // the last number when this engine began
    std::set<TaskKey> asked_for_;     // by their Maps, until the orphans are ended
    bool orphans_ended_ = false;
    std::chrono::steady_clock::time_point orphans_not_before_{};
    std::vector<std::shared_ptr<std::promise<void>>> catching_up_;
    std::thread thread_;
};

}  // namespace pawl
