// Lets one start at a time through for each execution ARN, so that two calls with the same name never both find it
// free.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace pawl {

class StartGate {
  public:
    // Waits until nobody else is inside with this ARN; the returned object leaves when it goes.
    std::shared_ptr<void> enter(const std::string& arn) {
        std::unique_lock lock{mutex_};
        left_.wait(lock, [&] { return !inside_.contains(arn); });
        inside_.insert(arn);
        return {nullptr, [this, arn](void*) {
                    {
                        const std::lock_guard leaving{mutex_};
                        inside_.erase(arn);
                    }
                    left_.notify_all();
                }};
    }

  private:
    std::mutex mutex_;  // HTTP threads meet here, before any shard is involved
    std::condition_variable left_;
    std::set<std::string> inside_;
};

}  // namespace pawl
