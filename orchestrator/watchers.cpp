#include "orchestrator/watchers.hpp"

namespace pawl {

struct Watchers::Entry {
    Entry(Watchers& w, std::multimap<std::string, Listener>::iterator at) : watchers{w}, where{at} {}
    ~Entry() {
        const std::lock_guard lock{watchers.mutex_};
        watchers.listeners_.erase(where);
        --watchers.count_;
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    Watchers& watchers;
    std::multimap<std::string, Listener>::iterator where;
};

std::shared_ptr<void> Watchers::add(std::string arn, Listener listener) {
    const std::lock_guard lock{mutex_};
    const auto where = listeners_.emplace(std::move(arn), std::move(listener));
    ++count_;
    return std::make_shared<Entry>(*this, where);
}

void Watchers::publish(const ExecutionNews& news) const {
    const std::lock_guard lock{mutex_};
    call(news.arn, news);
    call("", news);
}

void Watchers::call(const std::string& key, const ExecutionNews& news) const {
    const auto [first, last] = listeners_.equal_range(key);
    for (auto it = first; it != last; ++it) it->second(news);
}

}  // namespace pawl
