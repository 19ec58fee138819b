// Where events, and the records of what became of them, can go beside functions: state machines, which are started with
// them, queues (SQS), topics (SNS) and event buses (EventBridge). Any thread may call.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "states/effect.hpp"

namespace pawl {

class Orchestrator;
class TaskRunner;

struct MessageAttribute {
    std::string name, type, value;  // type: "String", "Number"
};

struct Delivery {
    std::string arn;
    std::string body;                          // JSON
    std::vector<MessageAttribute> attributes;  // of the message; only queues and topics have them
};

class EventDestinations {
  public:
    using Done = std::function<void(std::optional<std::string> problem)>;  // nothing: it has arrived
    virtual ~EventDestinations() = default;
    // Why nothing can be delivered there; nothing: it may be tried. Functions are not asked about.
    virtual std::optional<std::string> unreachable(const std::string& arn) const = 0;
    // `done` may be called at once, later and from any thread, or never, when the engine stops first. StoreError: the
    // state machine could not be started because of the store; then it is not called.
    virtual void deliver(const Delivery& delivery, Done done) = 0;
};

class EngineDestinations final : public EventDestinations {
  public:
    // Both outlive it. `services` runs what an integration with them would.
    EngineDestinations(Orchestrator& orchestrator, TaskRunner& services);
    std::optional<std::string> unreachable(const std::string& arn) const override;
    void deliver(const Delivery& delivery, Done done) override;

  private:
    void send(const Delivery& delivery, std::string_view resource, Done done);

    Orchestrator& orchestrator_;
    TaskRunner& services_;
    std::atomic<TaskId> last_ = 0;
};

}  // namespace pawl
