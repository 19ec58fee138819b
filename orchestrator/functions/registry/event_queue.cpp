#include "orchestrator/functions/registry/event_queue.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "orchestrator/clock.hpp"
#include "orchestrator/names.hpp"
#include "persistence/journal.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t default_retries = 2;
constexpr std::int64_t default_max_age_seconds = 6 * 3600;
constexpr std::size_t tried_at_once = 64;  // of one function: the rest waits here, not in the pool
constexpr Millis longest_pause = 5min;
constexpr Millis longest_sleep = 1s;  // the clock need not be the one that a condition variable knows

Millis retry_pause(std::int64_t attempts) { return attempts <= 1 ? 1min : 2min; }

Millis throttle_pause(std::int64_t throttles) {
    return std::min<Millis>(longest_pause, 1s * (std::int64_t{1} << std::min<std::int64_t>(throttles - 1, 10)));
}

Json json_or_text(const std::string& text) {
    if (auto read = parse_json(text)) return *std::move(read);
    return Json(text);
}

std::string destination(const Json& options, std::string_view which) {
    const auto destinations = options.find("DestinationConfig");
    if (destinations == options.end()) return {};
    const auto one = destinations->find(std::string{which});
    return one == destinations->end() ? std::string{} : one->value("Destination", "");
}

// Of the version that is run; empty: none.
std::string dead_letter_target(const FunctionTarget& target) {
    const FunctionView view{target.function, target.version, {}};
    const auto* version = view.stored();
    if (version == nullptr) return {};
    return version->settings.value("DeadLetterConfig", Json::object()).value("TargetArn", "");
}

}  // namespace

struct EventQueue::Alive {
    std::mutex mutex;
    bool is = true;
};

struct EventQueue::Event {
    std::string id;
    FunctionName function;
    std::string payload, client_context;
    Instant accepted, due;
    std::int64_t attempts = 0, throttles = 0;
    std::int64_t version = latest_version;  // that the last attempt ran
    std::string dead_letter_target;         // of that version
};

// How an event came to its end, or to the end of an attempt, for the queue's own thread to act on.
struct EventQueue::Ended {
    EventPtr event;
    std::optional<InvocationReport> report;  // nothing: it became too old before it could be tried
};

EventQueue::EventQueue(Store& store, Journal& journal, const FunctionRegistry& registry, FunctionInvoker& invoker,
                       const Clock& clock, Settings settings)
    : journal_{journal},
      registry_{registry},
      invoker_{invoker},
      clock_{clock},
      settings_{settings},
      alive_{std::make_shared<Alive>()} {
    for (auto& row : store.function_events()) {
        const auto json = parse_json(row.document);
        if (!json || !json->is_object()) continue;
        auto event = std::make_shared<Event>();
        event->id = std::move(row.id);
        event->payload = std::move(row.payload);
        event->function = {json->value("function", ""), json->value("qualifier", "")};
        event->client_context = json->value("clientContext", "");
        event->accepted = Instant{Millis{json->value("accepted", std::int64_t{0})}};
        event->due = Instant{Millis{json->value("due", std::int64_t{0})}};
        event->attempts = json->value("attempts", std::int64_t{0});
        event->throttles = json->value("throttles", std::int64_t{0});
        ++events_;
        bytes_ += event->payload.size();
        due_.emplace(event->due, std::move(event));
    }
}

void EventQueue::start() {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void EventQueue::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

EventQueue::~EventQueue() {
    stop();
    journal_.flush();  // what was submitted calls back
    const std::lock_guard lock{alive_->mutex};
    alive_->is = false;
}

void EventQueue::deliver_through(Deliver deliver) {
    const std::lock_guard lock{mutex_};
    deliver_ = std::move(deliver);
}

std::size_t EventQueue::waiting() const {
    const std::lock_guard lock{mutex_};
    return events_;
}

void EventQueue::store(const Event& event) {
    Json json = Json::object();
    json["function"] = event.function.name;
    json["qualifier"] = event.function.qualifier;
    json["clientContext"] = event.client_context;
    json["accepted"] = event.accepted.time_since_epoch().count();
    json["due"] = event.due.time_since_epoch().count();
    json["attempts"] = event.attempts;
    json["throttles"] = event.throttles;
    // Nobody waits: if this is lost, a restart tries sooner or once more.
    journal_.submit({{PutFunctionEvent{{event.id, to_text(json), event.payload}}}, [] {}, [](const std::string&) {}});
}

void EventQueue::accept(std::string request_id, const FunctionName& function, std::string payload,
                        std::string client_context, std::function<void(std::optional<ApiError>)> done, bool owed) {
    auto event = std::make_shared<Event>();
    event->id = std::move(request_id);
    event->function = function;
    event->payload = std::move(payload);
    event->client_context = std::move(client_context);
    event->accepted = event->due = clock_.now();
    const auto bytes = event->payload.size();
    {
        const std::lock_guard lock{mutex_};
        if (!owed && (events_ >= settings_.max_events || bytes_ + bytes > settings_.max_bytes)) {
            return done(
                ApiError{"TooManyRequestsException", "Rate Exceeded.", {{"Reason", "CallerRateLimitExceeded"}}});
        }
        ++events_;
        bytes_ += bytes;
    }
    Json json = Json::object();
    json["function"] = event->function.name;
    json["qualifier"] = event->function.qualifier;
    json["clientContext"] = event->client_context;
    json["accepted"] = json["due"] = event->accepted.time_since_epoch().count();
    PutFunctionEvent change{{event->id, to_text(json), event->payload}};
    journal_.submit({{std::move(change)},
                     [this, event, done] {
                         {
                             const std::lock_guard lock{mutex_};
                             due_.emplace(event->due, event);
                         }
                         wake_.notify_all();
                         done(std::nullopt);
                     },
                     [this, bytes, done](const std::string& why) {
                         {
                             const std::lock_guard lock{mutex_};
                             --events_;
                             bytes_ -= bytes;
                         }
                         done(ApiError{"ServiceException", why});
                     }});
}

void EventQueue::run(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        if (!ended_.empty()) {
            const auto one = std::move(ended_.front());
            ended_.pop_front();
            lock.unlock();
            settle(one);
            lock.lock();
            continue;
        }
        const auto now = clock_.now();
        if (!due_.empty() && due_.begin()->first <= now) {
            const auto event = due_.begin()->second;
            due_.erase(due_.begin());
            if (trying_[event->function.name] >= tried_at_once) {
                behind_[event->function.name].push_back(event);
            } else {
                try_now(event, lock);
            }
            continue;
        }
        const auto sleep = due_.empty() ? longest_sleep : std::min<Millis>(longest_sleep, due_.begin()->first - now);
        const auto known = due_.empty() ? Instant::max() : due_.begin()->first;
        wake_.wait_for(lock, stop, sleep, [&] {
            return !ended_.empty() || (!due_.empty() && (due_.begin()->first < known || due_.begin()->first <= now));
        });
    }
}

// The configuration for event invocations: of the qualifier, with AWS's defaults.
Json EventQueue::options_of(const Event& event) const {
    const auto function = registry_.find(event.function.name);
    if (!function) return Json::object();
    const auto& configs = (*function)->event_configs;
    auto qualifier = event.function.qualifier == "$LATEST" ? std::string{} : event.function.qualifier;
    if (const auto found = configs.find(qualifier); found != configs.end()) return found->second;
    if (qualifier.empty()) {
        if (const auto found = configs.find("$LATEST"); found != configs.end()) return found->second;
    }
    return Json::object();
}

void EventQueue::try_now(const EventPtr& event, std::unique_lock<std::mutex>& lock) {
    ++trying_[event->function.name];
    lock.unlock();
    const auto options = options_of(*event);
    const auto max_age = std::chrono::seconds{options.value("MaximumEventAgeInSeconds", default_max_age_seconds)};
    const auto target = invoker_.resolve(event->function);
    if (!target) {
        std::fprintf(stderr, "pawl: the event %s is dropped: %s\n", event->id.c_str(), target.error().message.c_str());
        finish(event);
        return lock.lock();
    }
    event->version = target->version;
    event->dead_letter_target = dead_letter_target(*target);
    if (clock_.now() - event->accepted > max_age) {
        lock.lock();
        ended_.push_back({event, std::nullopt});
        return;
    }
    Invocation invocation;
    invocation.request_id = event->id;
    invocation.payload = event->payload;
    invocation.client_context = event->client_context;
    invocation.started = [] {};
    invocation.finished = [this, event, alive = alive_](InvocationReport report) {
        const std::lock_guard guard{alive->mutex};
        if (alive->is) ended(event, std::move(report));
    };
    if (invoker_.invoke(*target, std::move(invocation))) {
        ++event->throttles;
        again(event, throttle_pause(event->throttles));
    }
    lock.lock();
}

void EventQueue::ended(const EventPtr& event, InvocationReport report) {
    {
        const std::lock_guard lock{mutex_};
        ended_.push_back({event, std::move(report)});
    }
    wake_.notify_all();
}

void EventQueue::settle(const Ended& ended) {
    const auto& event = ended.event;
    if (ended.report && !ended.report->outcome && ended.report->outcome.error().refused) {  // it never ran
        ++event->throttles;
        return again(event, throttle_pause(event->throttles));
    }
    const auto options = options_of(*event);
    if (ended.report) ++event->attempts;
    const bool failed = !ended.report || !ended.report->outcome;
    if (ended.report && failed && event->attempts <= options.value("MaximumRetryAttempts", default_retries)) {
        return again(event, retry_pause(event->attempts));
    }
    const auto target = destination(options, failed ? "OnFailure" : "OnSuccess");
    if (!target.empty()) {
        Json record = Json::object();
        record["version"] = "1.0";
        record["timestamp"] = to_iso8601(clock_.now());
        record["requestContext"] =
            Json{{"requestId", event->id},
                 {"functionArn", registry_.arn_of(event->function.name, version_text(event->version))},
                 {"condition", !failed        ? "Success"
                               : ended.report ? "RetriesExhausted"
                                              : "EventAgeExceeded"},
                 {"approximateInvokeCount", event->attempts}};
        record["requestPayload"] = json_or_text(event->payload);
        if (ended.report) {
            record["responseContext"] = Json{{"statusCode", 200}, {"executedVersion", version_text(event->version)}};
            if (failed) record["responseContext"]["functionError"] = "Unhandled";
            record["responsePayload"] =
                json_or_text(failed ? ended.report->outcome.error().document : *ended.report->outcome);
        }
        send(*event, target, to_text(record));
    }
    if (failed) {
        if (!event->dead_letter_target.empty()) send(*event, event->dead_letter_target, event->payload);
        std::fprintf(stderr, "pawl: the event %s of the function %s is given up after %lld attempts\n",
                     event->id.c_str(), event->function.name.c_str(), static_cast<long long>(event->attempts));
    }
    finish(event);
}

void EventQueue::send(const Event& event, const std::string& arn, const std::string& body) {
    std::optional<std::string> problem;
    if (const auto function = parse_function_arn(arn)) {
        if (const auto there = registry_.resolve(*function); !there) {
            problem = there.error().message;
        } else {
            accept(
                new_uuid(), *function, body, {}, [](const std::optional<ApiError>&) {}, true);
        }
    } else {
        Deliver deliver;
        {
            const std::lock_guard lock{mutex_};
            deliver = deliver_;
        }
        problem = deliver ? deliver(arn, body) : std::string{"nothing here delivers to it"};
    }
    if (!problem) return;
    std::fprintf(stderr, "pawl: what became of the event %s of the function %s could not be sent to %s: %s\n",
                 event.id.c_str(), event.function.name.c_str(), arn.c_str(), problem->c_str());
}

// Another attempt of this one; the next of its function may be tried.
void EventQueue::again(const EventPtr& event, Millis pause) {
    event->due = clock_.now() + Millis{std::llround(static_cast<double>(pause.count()) * settings_.pace)};
    store(*event);
    const std::lock_guard lock{mutex_};
    due_.emplace(event->due, event);
    next_of(event->function.name);
}

// One less of this function is being tried. With the mutex.
void EventQueue::next_of(const std::string& function) {
    if (--trying_[function] == 0) trying_.erase(function);
    const auto behind = behind_.find(function);
    if (behind == behind_.end()) return;
    due_.emplace(behind->second.front()->due, behind->second.front());
    behind->second.pop_front();
    if (behind->second.empty()) behind_.erase(behind);
}

void EventQueue::finish(const EventPtr& event) {
    journal_.submit({{RemoveFunctionEvent{event->id}}, [] {}, [](const std::string&) {}});
    const std::lock_guard lock{mutex_};
    --events_;
    bytes_ -= event->payload.size();
    next_of(event->function.name);
}

}  // namespace pawl
