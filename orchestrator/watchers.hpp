// Who wants to hear of executions as their events become durable.
#pragma once
#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "orchestrator/requests.hpp"

namespace pawl {

class Watchers {
  public:
    using Listener = std::function<void(const ExecutionNews&)>;

    // Until the returned object goes. Empty `arn`: all executions.
    std::shared_ptr<void> add(std::string arn, Listener listener);
    // Calls the listeners; nearly free when there are none.
    void publish(const ExecutionNews& news) const;
    bool any() const { return count_.load() > 0; }

  private:
    struct Entry;
    void call(const std::string& key, const ExecutionNews& news) const;

    // Listeners are added by HTTP threads and called by the journal's: a mutex, since both only pass by.
    mutable std::mutex mutex_;
    std::multimap<std::string, Listener> listeners_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace pawl
