// One execution's events as server-sent events: all that there were, then each one as it becomes durable, then the
// status that it ended with. No event is left out and none comes twice.
//
// The engine's side never waits: news goes into a bounded mailbox. A reader who is too slow for it loses nothing, as
// the stream goes on reading the stored history until it has caught up; one that takes nothing at all is dropped by
// the transport, whose writes have a time limit.
// Spec: HTML Living Standard, "Server-sent events".
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/orchestrator.hpp"
#include "web/http.hpp"

namespace pawl::web {

// What a stream needs to know of its execution.
class EventFeed {
  public:
    virtual ~EventFeed() = default;
    virtual std::string arn() const = 0;
    // Shown events with id > `after`, oldest first. An error ends the stream.
    virtual ApiResult<std::vector<RecordedEvent>> history(std::int64_t after, std::size_t limit) = 0;
    virtual ApiResult<ExecutionStatus> status() = 0;
    virtual Subscription watch(std::function<void(const ExecutionNews&)> listener) = 0;
    virtual Json render(const RecordedEvent& event) = 0;
};

// Where a stream goes on: what a reader's Last-Event-ID says. The status event has an id, too ("end-12", after event
// 12), so that a reader who has seen it is known and is not told again.
struct StreamPosition {
    std::int64_t last_event = 0;
    bool saw_end = false;
};
std::optional<StreamPosition> parse_stream_position(std::string_view last_event_id);

struct EventStreamSettings {
    std::chrono::milliseconds heartbeat{15'000};  // a comment after this much silence: proxies cut idle connections
    std::chrono::milliseconds patience{500};      // how long one call may wait for news
    std::size_t page_events = 200;                // read from the history at once
    std::size_t mailbox_events = 500;             // news kept for a reader; beyond it the history has to do
    std::function<bool()> connected = [] { return true; };  // false when the reader has gone or the server stops
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

class EventStream {
  public:
    EventStream(std::shared_ptr<EventFeed> feed, StreamPosition from, EventStreamSettings settings = {});

    // Writes what there is to write, after waiting for it a little. False: the stream is over. One thread.
    bool write_some(const Write& write);

  private:
    struct Mailbox;
    bool catch_up(const Write& write, bool ended);
    bool follow(const Write& write, const std::vector<RecordedEvent>& news, bool ended);
    bool send(const Write& write, std::string_view text);
    bool send_events(const Write& write, const std::vector<RecordedEvent>& events);
    bool send_end(const Write& write);

    std::shared_ptr<EventFeed> feed_;
    EventStreamSettings settings_;
    std::int64_t sent_;   // id of the last event that the reader has
    bool behind_ = true;  // the history has to be read before news can be used
    bool opened_ = false;
    std::chrono::steady_clock::time_point last_write_;
    std::shared_ptr<Mailbox> mailbox_;
    Subscription subscription_;  // last, so that it ends first
};

// Answers a GET for the stream: 404 and the like as ApiError, 204 for a reader who has seen the end.
ApiResult<Response> event_stream_response(std::shared_ptr<EventFeed> feed, StreamPosition from,
                                          EventStreamSettings settings = {});

}  // namespace pawl::web
