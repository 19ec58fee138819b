#include "web/parked_connections.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "web/socket.hpp"

namespace pawl::web {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t wake_up_id = 0;  // of the event that says that there is something in the mailbox
constexpr std::size_t events_at_once = 64;

}  // namespace

struct ParkedConnections::State {
    struct Parked {
        int socket = -1;
        Clock::time_point deadline;
        Later later;  // of one that waits for an answer
        Answered answered;
        Readable readable;  // of one that waits for a request
        bool watched = false;
    };
    struct Waiting {  // what callbacks are called with once the mutex is free
        Parked parked;
        std::optional<Response> answer;
        bool is_readable = false;
    };

    State() : poller{epoll_create1(EPOLL_CLOEXEC)}, wake_up{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
        if (!poller || !wake_up) throw std::runtime_error{"the system gives no descriptors for waiting connections"};
        watch(wake_up.fd(), EPOLLIN, wake_up_id);
    }

    void watch(int fd, std::uint32_t events, std::uint64_t id) const {
        epoll_event event{};
        event.events = events;
        event.data.u64 = id;
        epoll_ctl(poller.fd(), EPOLL_CTL_ADD, fd, &event);
    }
    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_up.fd(), &one, sizeof one);
    }

    // Nothing, and `parked` untouched, when nobody watches any more.
    std::optional<std::uint64_t> add(Parked& parked) {
        const std::lock_guard lock{mutex};
        if (stopping) return std::nullopt;
        const auto id = ++last_id;
        connections.emplace(id, std::move(parked));
        return id;
    }
    // The socket and the clock. Not before it has begun to wait: what is not begun can't be cancelled.
    void watch_for(std::uint32_t events, std::uint64_t id) {
        const std::lock_guard lock{mutex};
        const auto found = connections.find(id);
        if (found == connections.end() || std::exchange(found->second.watched, true)) return;
        const auto deadline = found->second.deadline;
        const bool sooner = stopping || deadlines.empty() || deadline < deadlines.begin()->first;
        deadlines.emplace(deadline, id);
        watch(found->second.socket, events, id);
        if (sooner) wake();
    }
    void answer(std::uint64_t id, Response response) {
        const std::lock_guard lock{mutex};
        answers.emplace_back(id, std::move(response));
        wake();
    }

    // With the mutex held.
    void unwatch(Parked& parked) const {
        if (std::exchange(parked.watched, false)) epoll_ctl(poller.fd(), EPOLL_CTL_DEL, parked.socket, nullptr);
    }
    Parked take(std::map<std::uint64_t, Parked>::iterator found) {
        deadlines.erase({found->second.deadline, found->first});
        unwatch(found->second);
        auto parked = std::move(found->second);
        connections.erase(found);
        return parked;
    }

    void take_answers(std::vector<Waiting>& out) {
        for (auto& [id, response] : std::exchange(answers, {})) {
            const auto found = connections.find(id);
            if (found != connections.end()) out.push_back({take(found), std::move(response)});
        }
    }
    // The client wrote, or went; or it is time.
    void end(std::uint64_t id, bool timed_out, std::vector<Waiting>& out) {
        const auto found = connections.find(id);
        if (found == connections.end()) return;
        auto& parked = found->second;
        if (parked.readable) {
            out.push_back({take(found), std::nullopt, !timed_out});
        } else if (parked.later.cancel()) {
            auto otherwise = parked.later.otherwise;
            auto taken = take(found);
            if (timed_out) {
                out.push_back({std::move(taken), otherwise()});
            } else {
                out.push_back({std::move(taken), std::nullopt});
            }
        } else {  // an answer is on its way
            unwatch(parked);
            deadlines.erase({parked.deadline, id});
        }
    }
    void take_late(std::vector<Waiting>& out) {
        const auto now = Clock::now();
        while (!deadlines.empty() && (stopping || deadlines.begin()->first <= now)) {
            end(deadlines.begin()->second, true, out);
        }
    }
    int patience_ms() const {
        if (deadlines.empty()) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadlines.begin()->first - Clock::now());
        return left.count() < 0 ? 0 : static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
    }

    void run(const std::stop_token& stop) {
        std::array<epoll_event, events_at_once> events{};
        for (;;) {
            int patience = 0;
            {
                const std::lock_guard lock{mutex};
                if (stop.stop_requested() && connections.empty()) return;
                patience = patience_ms();
            }
            const int count = epoll_wait(poller.fd(), events.data(), static_cast<int>(events.size()), patience);
            std::vector<Waiting> out;
            {
                const std::lock_guard lock{mutex};
                for (int i = 0; i < count; ++i) {
                    const auto id = events[static_cast<std::size_t>(i)].data.u64;
                    if (id != wake_up_id) {
                        end(id, false, out);
                        continue;
                    }
                    std::uint64_t ignored = 0;
                    [[maybe_unused]] const auto read = ::read(wake_up.fd(), &ignored, sizeof ignored);
                }
                take_answers(out);
                take_late(out);
            }
            for (auto& waiting : out) {
                if (waiting.parked.readable) {
                    waiting.parked.readable(waiting.is_readable);
                } else {
                    waiting.parked.answered(std::move(waiting.answer));
                }
            }
        }
    }

    const Socket poller;
    const Socket wake_up;
    mutable std::mutex mutex;  // between those who park, those who answer and the watcher
    std::map<std::uint64_t, Parked> connections;
    std::set<std::pair<Clock::time_point, std::uint64_t>> deadlines;
    std::vector<std::pair<std::uint64_t, Response>> answers;
    std::uint64_t last_id = wake_up_id;
    bool stopping = false;
};

ParkedConnections::ParkedConnections()
    : state_{std::make_shared<State>()}, watcher_{[state = state_](const std::stop_token& stop) {
          state->run(stop);
      }} {}

ParkedConnections::~ParkedConnections() { stop(); }

void ParkedConnections::wait_for_answer(int socket, Later later, Answered answered) {
    const auto begin = std::move(later.begin);
    State::Parked parked;
    parked.socket = socket;
    parked.deadline = Clock::now() + later.patience;
    parked.later = std::move(later);
    parked.answered = std::move(answered);
    const auto id = state_->add(parked);
    if (!id) return parked.answered(parked.later.otherwise());
    begin([weak = std::weak_ptr{state_}, id = *id](Response response) {
        if (const auto state = weak.lock()) state->answer(id, std::move(response));
    });
    state_->watch_for(EPOLLRDHUP, *id);
}

void ParkedConnections::wait_for_request(int socket, std::chrono::milliseconds patience, Readable readable) {
    State::Parked parked;
    parked.socket = socket;
    parked.deadline = Clock::now() + patience;
    parked.readable = std::move(readable);
    const auto id = state_->add(parked);
    if (!id) return parked.readable(false);
    state_->watch_for(EPOLLIN | EPOLLRDHUP, *id);
}

void ParkedConnections::stop() {
    if (!watcher_.joinable()) return;
    {
        const std::lock_guard lock{state_->mutex};
        state_->stopping = true;
    }
    watcher_.request_stop();
    state_->wake();
    watcher_.join();
}

std::size_t ParkedConnections::count() const {
    const std::lock_guard lock{state_->mutex};
    return state_->connections.size();
}

}  // namespace pawl::web
