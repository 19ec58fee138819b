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
constexpr std::size_t tried_at_once = 64;   // of one function: the rest waits here, not in the pool
constexpr std::int64_t longest_chain = 16;  // of events that came of one another: about where AWS stops a loop
constexpr Millis longest_pause = 5min;
constexpr Millis longest_sleep = 1s;  // the clock need not be the one that a condition variable knows

Millis retry_pause(std::int64_t attempts) { return attempts <= 1 ? 1min : 2min; }

Millis throttle_pause(std::int64_t throttles) {
    return std::min<Millis>(longest_pause, 1s * (std::int64_t{1} << std::min<std::int64_t>(throttles - 1, 10)));
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
    std::int64_t depth = 0;                 // how many events came before it, each of what became of the last
    std::int64_t troubles = 0;              // of ours, in a row: the store failed
    std::int64_t version = latest_version;  // that the last attempt ran
    std::string dead_letter_target;         // of that version
    std::deque<Delivery> owed;              // it has ended, and this is to be told of it

    PutFunctionEvent row() const {
        Json json = Json::object();
        json["function"] = function.name;
        json["qualifier"] = function.qualifier;
        json["clientContext"] = client_context;
        json["accepted"] = accepted.time_since_epoch().count();
        json["due"] = due.time_since_epoch().count();
        json["attempts"] = attempts;
        json["throttles"] = throttles;
        json["depth"] = depth;
        return {{id, to_text(json), payload}};
    }
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
        event->depth = json->value("depth", std::int64_t{0});
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

std::optional<std::string> EventQueue::unreachable(const std::string& arn) const {
    const auto* known = destinations();
    return known == nullptr ? std::nullopt : known->unreachable(arn);
}

void EventQueue::deliver_through(EventDestinations& destinations) {
    const std::lock_guard lock{mutex_};
    destinations_ = &destinations;
}

EventDestinations* EventQueue::destinations() const {
    const std::lock_guard lock{mutex_};
    return destinations_;
}

std::size_t EventQueue::waiting() const {
    const std::lock_guard lock{mutex_};
    return events_;
}

void EventQueue::accept(std::string request_id, const FunctionName& function, std::string payload,
                        std::string client_context, Accepted done) {
    auto event = std::make_shared<Event>();
    event->id = std::move(request_id);
    event->function = function;
    event->payload = std::move(payload);
    event->client_context = std::move(client_context);
    accept(event, std::move(done), false);
}

// What is owed for an earlier event is never refused.
void EventQueue::accept(const EventPtr& event, Accepted done, bool owed) {
    event->accepted = event->due = clock_.now();
    const auto bytes = event->payload.size();
    bool full = false;
    {
        const std::lock_guard lock{mutex_};
        full = !owed && (events_ >= settings_.max_events || bytes_ + bytes > settings_.max_bytes);
        if (!full) {
            ++events_;
            bytes_ += bytes;
        }
    }
    if (full) {
        return done(ApiError{"TooManyRequestsException", "Rate Exceeded.", {{"Reason", "CallerRateLimitExceeded"}}});
    }
    journal_.submit({{event->row()},
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
        if (!steps_.empty()) {
            const auto step = std::move(steps_.front());
            steps_.pop_front();
            lock.unlock();
            act(step);
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
                ++trying_[event->function.name];
                steps_.push_back({event, [this, event] { try_now(event); }});
            }
            continue;
        }
        const auto sleep = due_.empty() ? longest_sleep : std::min<Millis>(longest_sleep, due_.begin()->first - now);
        const auto known = due_.empty() ? Instant::max() : due_.begin()->first;
        wake_.wait_for(lock, stop, sleep, [&] {
            return !steps_.empty() || (!due_.empty() && (due_.begin()->first < known || due_.begin()->first <= now));
        });
    }
}

// The entry of all that is done with an event. When the store fails, or anything of ours, the event is owed still.
void EventQueue::act(const Step& step) {
    const auto& event = step.event;
    try {
        return step.act();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pawl: the event %s of the function %s is tried again later: %s\n", event->id.c_str(),
                     event->function.name.c_str(), error.what());
    }
    again(event, throttle_pause(++event->troubles));
}

void EventQueue::later(const EventPtr& event, std::function<void()> act) {
    {
        const std::lock_guard lock{mutex_};
        steps_.push_back({event, std::move(act)});
    }
    wake_.notify_all();
}

// The configuration for event invocations: of the qualifier, with AWS's defaults.
Json EventQueue::options_of(const Event& event) const {
    const auto function = registry_.find(event.function.name);
    if (!function) return Json::object();
    const auto& configs = (*function)->event_configs;
    const auto qualifier = event.function.qualifier == "$LATEST" ? std::string{} : event.function.qualifier;
    const auto found = configs.find(qualifier);
    return found == configs.end() ? Json::object() : found->second;
}

void EventQueue::try_now(const EventPtr& event) {
    if (!event->owed.empty()) return deliver(event);
    const auto options = options_of(*event);
    const auto max_age = std::chrono::seconds{options.value("MaximumEventAgeInSeconds", default_max_age_seconds)};
    const auto target = invoker_.resolve(event->function);
    if (!target) {
        std::fprintf(stderr, "pawl: the event %s is dropped: %s\n", event->id.c_str(), target.error().message.c_str());
        return finish(event);
    }
    event->version = target->version;
    event->dead_letter_target = dead_letter_target(*target);
    if (target->function->reserved_concurrency == 0) return settle(event, EventEnd::ZeroReservedConcurrency, nullptr);
    if (clock_.now() - event->accepted > max_age) return settle(event, EventEnd::EventAgeExceeded, nullptr);
    Invocation invocation;
    invocation.request_id = event->id;
    invocation.payload = event->payload;
    invocation.client_context = event->client_context;
    invocation.started = [] {};
    invocation.finished = [this, event, alive = alive_](InvocationReport report) {
        const std::lock_guard guard{alive->mutex};
        if (!alive->is) return;
        later(event, [this, event, ended = std::make_shared<const InvocationReport>(std::move(report))] {
            attempt_ended(event, *ended);
        });
    };
    if (invoker_.invoke(*target, std::move(invocation))) again(event, throttle_pause(++event->throttles));
}

void EventQueue::attempt_ended(const EventPtr& event, const InvocationReport& report) {
    if (!report.outcome && report.outcome.error().refused) {  // it never ran
        return again(event, throttle_pause(++event->throttles));
    }
    ++event->attempts;
    if (report.outcome) return settle(event, EventEnd::Success, &report);
    if (event->attempts <= options_of(*event).value("MaximumRetryAttempts", default_retries)) {
        return again(event, retry_pause(event->attempts));
    }
    settle(event, EventEnd::RetriesExhausted, &report);
}

void EventQueue::settle(const EventPtr& event, EventEnd end, const InvocationReport* report) {
    const auto version = version_text(event->version);
    const EndedEvent ended{
        event->id, registry_.arn_of(event->function.name, version), version, event->payload, event->attempts, end,
        report};
    const bool failed = end != EventEnd::Success;
    if (auto to = destination(options_of(*event), failed ? "OnFailure" : "OnSuccess"); !to.empty()) {
        event->owed.push_back({std::move(to), to_text(record_of(ended, clock_.now())), {}});
    }
    if (failed) {
        if (!event->dead_letter_target.empty()) {
            event->owed.push_back({event->dead_letter_target, event->payload, dead_letter_attributes(ended)});
        }
        std::fprintf(stderr, "pawl: the event %s of the function %s is given up after %lld attempts\n",
                     event->id.c_str(), event->function.name.c_str(), static_cast<long long>(event->attempts));
    }
    event->troubles = 0;
    deliver(event);
}

// What is owed, one after the other; with the last the event ends.
void EventQueue::deliver(const EventPtr& event) {
    if (event->owed.empty()) return finish(event);
    const auto& next = event->owed.front();
    if (const auto function = parse_function_arn(next.arn)) return call_with(event, *function, next.body);
    auto* known = destinations();
    if (known == nullptr) return delivered(event, "nothing here delivers to it");
    known->deliver(next, [this, event, alive = alive_](std::optional<std::string> problem) {
        const std::lock_guard guard{alive->mutex};
        if (!alive->is) return;
        later(event, [this, event, problem = std::move(problem)] { delivered(event, problem); });
    });
}

void EventQueue::delivered(const EventPtr& event, const std::optional<std::string>& problem) {
    if (problem) {
        std::fprintf(stderr, "pawl: what became of the event %s of the function %s could not be sent to %s: %s\n",
                     event->id.c_str(), event->function.name.c_str(), event->owed.front().arn.c_str(),
                     problem->c_str());
    }
    event->owed.pop_front();
    event->troubles = 0;
    deliver(event);
}

// A function as a destination: an event of its own, that the store has before this one goes.
void EventQueue::call_with(const EventPtr& event, const FunctionName& function, const std::string& body) {
    if (event->depth >= longest_chain) {
        return delivered(event,
                         "it is in a loop: " + std::to_string(longest_chain) + " events have come of one another");
    }
    if (const auto there = registry_.resolve(function); !there) return delivered(event, there.error().message);
    auto next = std::make_shared<Event>();
    next->id = new_uuid();
    next->function = function;
    next->payload = body;
    next->depth = event->depth + 1;
    const auto taken = [this, event, alive = alive_](const std::optional<ApiError>& refusal) {
        const std::lock_guard guard{alive->mutex};
        if (!alive->is) return;
        later(event, [this, event, refused = refusal.has_value()] {
            if (refused) return again(event, throttle_pause(++event->troubles));
            delivered(event, std::nullopt);
        });
    };
    accept(next, taken, true);
}

// Another attempt of this one; the next of its function may be tried.
void EventQueue::again(const EventPtr& event, Millis pause) {
    event->due = clock_.now() + Millis{std::llround(static_cast<double>(pause.count()) * settings_.pace)};
    // Nobody waits: if this is lost, a restart tries sooner or once more.
    journal_.submit({{event->row()}, [] {}, [](const std::string&) {}});
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
