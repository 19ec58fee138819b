// Event invocations: accepted when they are durable, tried until they succeed or are given up, also across restarts.
// After an error of the function there are two more tries, a minute and two minutes later; while it is throttled they
// come at growing distances, and while nothing is reserved for it (reserved concurrency 0) not at all. What is given up
// goes to the function's dead-letter target and failure destination.
// Spec: AWS Lambda Developer Guide, "Asynchronous invocation".
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "orchestrator/functions/registry/event_destinations.hpp"
#include "orchestrator/functions/registry/event_record.hpp"
#include "orchestrator/functions/registry/function_invoker.hpp"
#include "states/time.hpp"

namespace pawl {

class EventQueue {
  public:
    struct Settings {
        double pace = 1;  // of pauses: 0.001 makes milliseconds of seconds
        std::size_t max_events = 100'000;
        std::size_t max_bytes = 256 * 1024 * 1024;  // of payloads that wait
    };
    // All outlive the queue.
    EventQueue(Store& store, Journal& journal, const FunctionRegistry& registry, FunctionInvoker& invoker,
               const Clock& clock, Settings settings);
    // Tries what is in the store, and what comes; once all that it delivers to is there.
    void start();
    ~EventQueue();
    // Delivers nothing and tries nothing any more: before what it delivers to goes.
    void stop();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    // Where things go that are no functions. Without it they are only mentioned in the log. It outlives `stop`.
    void deliver_through(EventDestinations& destinations);
    // Why nothing can be delivered to what is no function; nothing: it may be tried.
    std::optional<std::string> unreachable(const std::string& arn) const;
    using Accepted = std::function<void(std::optional<ApiError>)>;
    // `done` is called when it is durable, or refused, on the journal's thread or at once: it must be quick.
    void accept(std::string request_id, const FunctionName& function, std::string payload, std::string client_context,
                Accepted done);
    std::size_t waiting() const;  // accepted and not yet done

  private:
    struct Event;
    struct Alive;
    using EventPtr = std::shared_ptr<Event>;
    // Something to do with an event on the queue's own thread.
    struct Step {
        EventPtr event;
        std::function<void()> act;
    };

    void run(const std::stop_token& stop);
    void act(const Step& step);
    void later(const EventPtr& event, std::function<void()> act);
    void accept(const EventPtr& event, Accepted done, bool owed);
    void try_now(const EventPtr& event);
    void attempt_ended(const EventPtr& event, const InvocationReport& report);
    void settle(const EventPtr& event, EventEnd end, const InvocationReport* report);
    void deliver(const EventPtr& event);
    void delivered(const EventPtr& event, const std::optional<std::string>& problem);
    void call_with(const EventPtr& event, const FunctionName& function, const std::string& body);
    void again(const EventPtr& event, Millis pause);
    void finish(const EventPtr& event);
    void next_of(const std::string& function);
    Json options_of(const Event& event) const;
    EventDestinations* destinations() const;

    Journal& journal_;
    const FunctionRegistry& registry_;
    FunctionInvoker& invoker_;
    const Clock& clock_;
    const Settings settings_;

    mutable std::mutex mutex_;  // callers, the pool's threads and the queue's own meet here
    std::condition_variable_any wake_;
    EventDestinations* destinations_ = nullptr;
    std::multimap<Instant, EventPtr> due_;
    std::map<std::string, std::deque<EventPtr>> behind_;  // by function: due, but enough of it are being tried
    std::map<std::string, std::size_t> trying_;           // by function
    std::deque<Step> steps_;
    std::size_t events_ = 0, bytes_ = 0;
    const std::shared_ptr<Alive> alive_;  // callbacks of invocations may come when the queue has gone
    std::jthread thread_;
};

}  // namespace pawl
