// All Map Runs, on one thread. Everything comes in through its mailbox: runs to start from the outbox, ends of children
// from the journal's thread, changes from the API.
#pragma once
#include <cstdint>
#include <future>
#include <map>
#include <memory>
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
    struct ChildRefused {
        std::int64_t map_run;
        std::int64_t item;
    };
    struct Change {
        std::int64_t map_run;
        MapRunLimits limits;
        std::shared_ptr<std::promise<ApiResult<Done>>> answer;
    };
    using Message = std::variant<Start, Cancel, ChildEnded, ChildRefused, Change>;
    using Runs = std::map<TaskKey, std::unique_ptr<MapRun>>;

    void loop();
    void handle(Start& message);
    void handle(Cancel& message);
    void handle(ChildEnded& message);
    void handle(ChildRefused& message);
    void handle(Change& message);
    MapRun* run_numbered(std::int64_t number);
    bool pump_all();
    void try_waiting();

    MapRunWorld world_;
    Mailbox<Message> mailbox_;
    Runs runs_;
    std::map<std::int64_t, TaskKey> keys_;  // of runs, by number
    std::int64_t last_number_ = 0;
    std::vector<Start> waiting_;  // could not be opened: the store failed
    std::thread thread_;
};

}  // namespace pawl
