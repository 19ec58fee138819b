#include "web/rest/statistics.hpp"

#include <algorithm>
#include <utility>

#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"

namespace pawl::web::rest {
namespace {

constexpr std::size_t executions_read = 500;
constexpr std::size_t events_read = 50'000;  // of all of them together: about a second on a slow machine
constexpr std::size_t events_a_read = 1000;

std::int64_t milliseconds_between(Instant from, Instant to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

// A stay in a state that goes on while the events are read.
struct Stay {
    std::size_t state = 0;
    Instant entered;
    std::int64_t attempts = 0;
    bool failed = false;
};

// What one execution's events say, frame by frame.
class Reading {
  public:
    Reading(std::vector<StateStatistics>& states, std::map<std::string, std::size_t, std::less<>>& index)
        : states_{states}, index_{index} {}

    void read(const RecordedEvent& recorded) {
        std::visit(overloaded{
                       [&](const StateEntered& e) { enter(recorded, e); },
                       [&](const StateExited&) { leave(recorded, true); },
                       [&](const StateAborted&) { leave(recorded, false); },
                       [&](const TaskScheduled&) { begin(recorded.frame); },
                       [&](const ParallelStateStarted&) { begin(recorded.frame); },
                       [&](const MapStateStarted&) { begin(recorded.frame); },
                       [&](const MapRunStarted&) { begin(recorded.frame); },
                       [&](const ExecutionRedriven&) { begin_anew(); },
                       [&](const TaskFailed&) { fail(recorded.frame); },
                       [&](const TaskTimedOut&) { fail(recorded.frame); },
                       [&](const EvaluationFailed&) { fail(recorded.frame); },
                       [&](const ParallelStateFailed&) { fail(recorded.frame); },
                       [&](const MapStateFailed&) { fail(recorded.frame); },
                       // Whatever brought it down: not each error has an event of its own.
                       [&](const ExecutionFailed&) { fail(root_frame); },
                       [](const auto&) {},
                   },
                   recorded.event);
    }
    // Of an execution that has ended: whoever is still in a state was brought down there.
    void end(bool failed) {
        for (auto& [frame, stay] : stays_) {
            if (stay.failed || (failed && states_[stay.state].type == "Fail")) ++states_[stay.state].failures;
        }
        stays_.clear();
    }

  private:
    void enter(const RecordedEvent& recorded, const StateEntered& entered) {
        const auto [found, added] = index_.try_emplace(entered.name, states_.size());
        if (added) states_.push_back({entered.name, std::string{asl::to_string(entered.type)}, {}, 0, 0, 0});
        ++states_[found->second].visits;
        stays_[recorded.frame] = {found->second, recorded.at, 0, false};
    }
    void leave(const RecordedEvent& recorded, bool exited) {
        const auto stay = stays_.find(recorded.frame);
        if (stay == stays_.end()) return;
        auto& state = states_[stay->second.state];
        if (exited) state.durations_ms.push_back(milliseconds_between(stay->second.entered, recorded.at));
        if (stay->second.failed) ++state.failures;
        stays_.erase(stay);
    }
    // An attempt: a second one is a retry.
    void begin(FrameId frame) {
        const auto stay = stays_.find(frame);
        if (stay == stays_.end()) return;
        if (++stay->second.attempts > 1) ++states_[stay->second.state].retries;
        stay->second.failed = false;
    }
    void begin_anew() {
        for (auto& [frame, stay] : stays_) {
            if (stay.failed) ++states_[stay.state].failures;
            stay.attempts = 0;
            stay.failed = false;
        }
    }
    void fail(FrameId frame) {
        if (const auto stay = stays_.find(frame); stay != stays_.end()) stay->second.failed = true;
    }

    std::vector<StateStatistics>& states_;
    std::map<std::string, std::size_t, std::less<>>& index_;
    std::map<FrameId, Stay> stays_;
};

ApiResult<std::vector<RecordedEvent>> whole_history(Orchestrator& orchestrator, const std::string& arn,
                                                    std::size_t most) {
    std::vector<RecordedEvent> all;
    while (all.size() < most) {
        auto page = orchestrator.history(
            {.arn = arn, .reverse = false, .after = all.empty() ? 0 : all.back().id, .limit = events_a_read});
        if (!page) return page;
        const bool last = page->size() < events_a_read;
        std::move(page->begin(), page->end(), std::back_inserter(all));
        if (last) break;
    }
    return all;
}

Json statistics_json(MachineStatistics statistics) {
    Json json = Json::object();
    std::int64_t all = 0;
    Json by_status = Json::object();
    for (const auto& [status, number] : statistics.by_status) {
        by_status[std::string{to_string(status)}] = number;
        all += number;
    }
    json["executions"] = all;
    json["byStatus"] = std::move(by_status);
    json["p50Ms"] = percentile(statistics.durations_ms, 50);
    json["p95Ms"] = percentile(statistics.durations_ms, 95);
    json["complete"] = statistics.complete;
    json["states"] = Json::array();
    for (auto& state : statistics.states) {
        Json one = Json::object();
        one["name"] = state.name;
        one["type"] = state.type;
        one["visits"] = state.visits;
        one["failures"] = state.failures;
        one["retries"] = state.retries;
        one["p50Ms"] = percentile(state.durations_ms, 50);
        one["p95Ms"] = percentile(state.durations_ms, 95);
        one["maxMs"] = percentile(state.durations_ms, 100);
        json["states"].push_back(std::move(one));
    }
    return json;
}

ApiResult<Response> get(Orchestrator& orchestrator, const Call& call) {
    auto statistics = machine_statistics(orchestrator, machine_arn(orchestrator, call));
    if (!statistics) return statistics.error();
    return json_response(statistics_json(*std::move(statistics)));
}

}  // namespace

void StateCounter::add(const std::vector<RecordedEvent>& history, std::optional<ExecutionStatus> ended) {
    Reading reading{states_, index_};
    for (const auto& event : history) reading.read(event);
    if (ended) reading.end(*ended != ExecutionStatus::Succeeded);
}

std::int64_t percentile(std::vector<std::int64_t>& values, int percent) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
    return values[std::max<std::size_t>(rank, 1) - 1];
}

ApiResult<MachineStatistics> machine_statistics(Orchestrator& orchestrator, const std::string& machine_arn) {
    ListExecutions query;
    query.machine_arn = machine_arn;
    query.limit = executions_read + 1;
    const auto rows = orchestrator.list_executions(query);
    if (!rows) return rows.error();
    MachineStatistics statistics;
    StateCounter counter;
    std::size_t events = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if (i == executions_read || events >= events_read) {
            statistics.complete = false;
            break;
        }
        const auto& row = (*rows)[i].row;
        ++statistics.by_status[row.status];
        if (row.stopped) statistics.durations_ms.push_back(milliseconds_between(row.started, *row.stopped));
        const auto history = whole_history(orchestrator, row.arn, events_read - events);
        if (!history) continue;  // gone meanwhile
        events += history->size();
        if (events > events_read) {  // this history is cut off: what is in it would be taken for the whole
            statistics.complete = false;
            break;
        }
        counter.add(*history, row.stopped ? std::optional{row.status} : std::nullopt);
    }
    statistics.states = counter.take();
    return statistics;
}

std::vector<Endpoint> statistics_endpoints() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/state-machines/{machine}/statistics",
         .id = "getStatistics",
         .tag = "State machines",
         .summary = "How a state machine's newest executions fared: outcomes, durations, and those of each state",
         .parameters = {machine_parameter()},
         .replies = {{200, "The statistics", "Statistics"}},
         .errors = {"StateMachineDoesNotExist"},
         .run = get},
    };
}

}  // namespace pawl::web::rest
