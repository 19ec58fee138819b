// /api/v1/executions/{arn}/history and /events: what happened, in pages or as it happens. Events are the AWS API's.
#include <memory>

#include "persistence/store.hpp"
#include "web/aws/history_event.hpp"
#include "web/event_stream.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"

namespace pawl::web::rest {
namespace {

Json event_json(const Orchestrator& orchestrator, const RecordedEvent& event) {
    return aws::history_event(event, {.region = orchestrator.settings().region});
}

ApiResult<Response> list(Orchestrator& orchestrator, const Call& call) {
    const auto limit = call.query["limit"].get<std::size_t>();
    GetHistory query{.arn = call.path("arn")};
    query.reverse = call.query["reverse"].get<bool>();
    query.after = call.query["after"].get<std::int64_t>();
    query.limit = limit + 1;
    const auto found = orchestrator.history(query);
    if (!found) return found.error();
    auto events = Json::array();
    for (std::size_t i = 0; i < found->size() && i < limit; ++i)
        events.push_back(event_json(orchestrator, (*found)[i]));
    Json page = Json::object();
    page["events"] = std::move(events);
    if (found->size() > limit) page["nextAfter"] = (*found)[limit - 1].id;
    return json_response(page);
}

// A store that breaks while a stream is open ends the stream; the reader comes back and hears more.
template <class T, class Read>
ApiResult<T> read_store(const Read& read) {
    try {
        return read();
    } catch (const StoreError& error) {
        return ApiError{"StoreUnavailable", error.what()};
    }
}

class OrchestratorFeed final : public EventFeed {
  public:
    OrchestratorFeed(Orchestrator& orchestrator, std::string arn) : orchestrator_{orchestrator}, arn_{std::move(arn)} {}

    std::string arn() const override { return arn_; }
    ApiResult<std::vector<RecordedEvent>> history(std::int64_t after, std::size_t limit) override {
        return read_store<std::vector<RecordedEvent>>(
            [&] { return orchestrator_.history({.arn = arn_, .reverse = false, .after = after, .limit = limit}); });
    }
    ApiResult<ExecutionStatus> status() override {
        return read_store<ExecutionStatus>([&]() -> ApiResult<ExecutionStatus> {
            const auto view = orchestrator_.describe_execution(arn_);
            if (!view) return view.error();
            return view->row.status;
        });
    }
    Subscription watch(std::function<void(const ExecutionNews&)> listener) override {
        return orchestrator_.watch(arn_, std::move(listener));
    }
    Json render(const RecordedEvent& event) override { return event_json(orchestrator_, event); }

  private:
    Orchestrator& orchestrator_;
    std::string arn_;
};

ApiResult<Response> events(Orchestrator& orchestrator, const Call& call) {
    auto last = call.request.header("Last-Event-ID");
    if (last.empty() && call.query.contains("lastEventId"))
        last = call.query["lastEventId"].get_ref<const std::string&>();
    const auto position = parse_stream_position(last);
    if (!position) return invalid_request("Last-Event-ID is not one that this server gave.");
    EventStreamSettings settings;
    settings.connected = call.request.connected;
    return event_stream_response(std::make_shared<OrchestratorFeed>(orchestrator, call.path("arn")), *position,
                                 settings);
}

}  // namespace

std::vector<Endpoint> history_endpoints() {
    const std::string execution = "/api/v1/executions/{arn}";
    const Parameter after{"after", In::Query, "Only events beyond this id, in the direction asked for",
                          *parse_json(R"({"type": "integer", "minimum": 0, "default": 0})")};
    const Parameter reverse{"reverse", In::Query, "Newest first",
                            *parse_json(R"({"type": "boolean", "default": false})")};
    const Json text = *parse_json(R"({"type": "string", "maxLength": 40})");
    const Parameter last_header{"Last-Event-ID", In::Header, "Sent by browsers when they reconnect", text};
    const Parameter last_query{"lastEventId", In::Query, "The same, for callers that can't set headers", text};
    return {
        {.method = "GET",
         .pattern = execution + "/history",
         .id = "getExecutionHistory",
         .tag = "Executions",
         .summary = "Get an execution's events",
         .parameters = {execution_parameter(), after, limit_parameter(), reverse},
         .replies = {{200, "A page of events", "HistoryPage"}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = list},
        {.method = "GET",
         .pattern = execution + "/events",
         .id = "followExecution",
         .tag = "Executions",
         .summary = "Follow an execution's events as they happen",
         .parameters = {execution_parameter(), last_header, last_query},
         .replies = {{200, "Events until the execution has ended", "EventStream", "text/event-stream"},
                     {204, "The execution has ended, and this reader knows it: do not reconnect", ""}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = events},
    };
}

}  // namespace pawl::web::rest
