#include "web/event_stream.hpp"

#include <charconv>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace pawl::web {
namespace {

constexpr std::size_t flush_bytes = 64 * 1024;  // large payloads go out before the next event is rendered

std::string sse_event(std::string_view name, const std::string& id, const Json& data) {
    return "event: " + std::string{name} + "\nid: " + id + "\ndata: " + to_text(data) + "\n\n";
}

}  // namespace

// Where the engine's thread and the reader's meet.
struct EventStream::Mailbox {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<RecordedEvent> events;
    bool overflowed = false;  // events were dropped: only the history has them
    bool ended = false;       // the newest news was of an execution that has ended

    void put(const ExecutionNews& news, std::size_t limit) {
        {
            const std::lock_guard lock{mutex};
            for (const auto& event : news.events) {
                if (event.id == 0) continue;  // not shown
                if (events.size() >= limit) {
                    overflowed = true;
                    events.clear();
                    break;
                }
                if (!overflowed) events.push_back(event);
            }
            ended = news.status != ExecutionStatus::Running;
        }
        arrived.notify_one();
    }
};

std::optional<StreamPosition> parse_stream_position(std::string_view last_event_id) {
    StreamPosition position;
    if (last_event_id.empty()) return position;
    constexpr std::string_view end_mark = "end-";
    position.saw_end = last_event_id.starts_with(end_mark);
    if (position.saw_end) last_event_id.remove_prefix(end_mark.size());
    const char* const last = last_event_id.data() + last_event_id.size();
    const auto [end, error] = std::from_chars(last_event_id.data(), last, position.last_event);
    if (error != std::errc{} || end != last || position.last_event < 0) return std::nullopt;
    return position;
}

// Subscribes before anything is read: an event is in the history, or in the mailbox, or in both.
EventStream::EventStream(std::shared_ptr<EventFeed> feed, StreamPosition from, EventStreamSettings settings)
    : feed_{std::move(feed)},
      settings_{std::move(settings)},
      sent_{from.last_event},
      last_write_{settings_.now()},
      mailbox_{std::make_shared<Mailbox>()},
      subscription_{feed_->watch([mailbox = mailbox_, limit = settings_.mailbox_events](const ExecutionNews& news) {
          mailbox->put(news, limit);
      })} {
    const auto status = feed_->status();
    const std::lock_guard lock{mailbox_->mutex};
    if (status && *status != ExecutionStatus::Running) mailbox_->ended = true;
}

bool EventStream::write_some(const Write& write) {
    if (!settings_.connected()) return false;
    if (!opened_) {
        opened_ = true;
        return send(write, "retry: 2000\n\n");  // at once: the reader sees that it is connected
    }
    std::vector<RecordedEvent> news;
    bool ended = false;
    {
        std::unique_lock lock{mailbox_->mutex};
        const auto something = [&] { return !mailbox_->events.empty() || mailbox_->overflowed || mailbox_->ended; };
        if (!behind_) mailbox_->arrived.wait_for(lock, settings_.patience, something);
        news = std::exchange(mailbox_->events, {});
        behind_ = std::exchange(mailbox_->overflowed, false) || behind_;
        ended = mailbox_->ended;
    }
    return behind_ ? catch_up(write, ended) : follow(write, news, ended);
}

// News taken from the mailbox before this page is read is in the history by now, so it can be forgotten.
bool EventStream::catch_up(const Write& write, bool ended) {
    const auto page = feed_->history(sent_, settings_.page_events);
    if (!page) return false;
    behind_ = page->size() >= settings_.page_events;
    if (!send_events(write, *page)) return false;
    return behind_ || !ended || send_end(write);
}

bool EventStream::follow(const Write& write, const std::vector<RecordedEvent>& news, bool ended) {
    std::vector<RecordedEvent> fresh;
    for (const auto& event : news) {
        const auto last = fresh.empty() ? sent_ : fresh.back().id;
        if (event.id <= last) continue;
        if (event.id != last + 1) {  // ids have no gaps, so something is missing here
            behind_ = true;
            break;
        }
        fresh.push_back(event);
    }
    if (!send_events(write, fresh)) return false;
    if (behind_) return true;
    if (ended) return send_end(write);
    if (settings_.now() - last_write_ >= settings_.heartbeat) return send(write, ": still here\n\n");
    return true;
}

bool EventStream::send(const Write& write, std::string_view text) {
    if (text.empty()) return true;
    last_write_ = settings_.now();
    return write(text);
}

bool EventStream::send_events(const Write& write, const std::vector<RecordedEvent>& events) {
    std::string text;
    for (const auto& event : events) {
        text += sse_event("history", std::to_string(event.id), feed_->render(event));
        sent_ = event.id;
        if (text.size() >= flush_bytes && !send(write, std::exchange(text, {}))) return false;
    }
    return send(write, text);
}

// Always false: it is the last thing that the stream says.
bool EventStream::send_end(const Write& write) {
    Json data = Json::object();
    data["executionArn"] = feed_->arn();
    if (const auto status = feed_->status()) {
        data["status"] = std::string{to_string(*status)};
        send(write, sse_event("status", "end-" + std::to_string(sent_), data));
    }
    return false;
}

ApiResult<Response> event_stream_response(std::shared_ptr<EventFeed> feed, StreamPosition from,
                                          EventStreamSettings settings) {
    const auto status = feed->status();
    if (!status) return status.error();
    if (from.saw_end && *status != ExecutionStatus::Running) {
        const auto newer = feed->history(from.last_event, 1);
        if (!newer) return newer.error();
        if (newer->empty()) return Response{204, "", "", {}, {}, {}};
    }
    Response response;
    response.content_type = "text/event-stream";
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    const auto stream = std::make_shared<EventStream>(std::move(feed), from, std::move(settings));
    response.stream = [stream](const Write& write) { return stream->write_some(write); };
    return response;
}

}  // namespace pawl::web
