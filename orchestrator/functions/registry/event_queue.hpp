// Event invocations: accepted when they are durable, tried until they succeed or are given up, also across restarts.
// After an error of the function there are two more tries, a minute and two minutes later; while it is throttled they
// come at growing distances. What is given up goes to the function's dead-letter target and failure destination.
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

#include "orchestrator/functions/registry/function_invoker.hpp"
#include "states/time.hpp"

namespace pawl {

class EventQueue {
  public:
    // Hands `body` to a queue, a topic or a state machine. Why it could not; nothing: it has it. May wait.
    using Deliver = std::function<std::optional<std::string>(const std::string& arn, const std::string& body)>;
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

    // Where things go that are no functions. Without one they are only mentioned in the log.
    void deliver_through(Deliver deliver);
    // `done` is called when it is durable, or refused, on the journal's thread or at once: it must be quick. What is
    // `owed` for an earlier event is never refused.
    void accept(std::string request_id, const FunctionName& function, std::string payload, std::string client_context,
                std::function<void(std::optional<ApiError>)> done, bool owed = false);
    std::size_t waiting() const;  // accepted and not yet done

  private:
    struct Event;
    struct Ended;
    struct Alive;
    using EventPtr = std::shared_ptr<Event>;

    void run(const std::stop_token& stop);
    void try_now(const EventPtr& event, std::unique_lock<std::mutex>& lock);
    void ended(const EventPtr& event, InvocationReport report);
    void settle(const Ended& ended);
    void again(const EventPtr& event, Millis pause);
    void finish(const EventPtr& event);
    void next_of(const std::string& function);
    void send(const Event& event, const std::string& arn, const std::string& body);
    void store(const Event& event);
    Json options_of(const Event& event) const;

    Journal& journal_;
    const FunctionRegistry& registry_;
    FunctionInvoker& invoker_;
    const Clock& clock_;
    const Settings settings_;

    mutable std::mutex mutex_;  // callers, the pool's threads and the queue's own meet here
    std::condition_variable_any wake_;
    Deliver deliver_;
    std::multimap<Instant, EventPtr> due_;
    std::map<std::string, std::deque<EventPtr>> behind_;  // by function: due, but enough of it are being tried
    std::map<std::string, std::size_t> trying_;           // by function
    std::deque<Ended> ended_;
    std::size_t events_ = 0, bytes_ = 0;
    const std::shared_ptr<Alive> alive_;  // callbacks of invocations may come when the queue has gone
    std::jthread thread_;
};

}  // namespace pawl
