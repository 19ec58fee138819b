// Connections that wait without a thread: for an answer that is not known yet, or, afterwards, for their next request.
// One thread watches them all, so that thousands of long polls cost a descriptor and some bytes each.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "web/http.hpp"

namespace pawl::web {

class ParkedConnections {
  public:
    // What happened to a connection that waited for an answer: the answer, or nothing when the client has gone.
    using Answered = std::function<void(std::optional<Response>)>;
    // To one that waited for its next request: true when there is something to read (its end, too).
    using Readable = std::function<void(bool)>;

    ParkedConnections();
    ~ParkedConnections();  // stop()
    ParkedConnections(const ParkedConnections&) = delete;
    ParkedConnections& operator=(const ParkedConnections&) = delete;

    // Callbacks come from the watching thread, once each, and have to be quick.
    void wait_for_answer(int socket, Later later, Answered answered);
    void wait_for_request(int socket, std::chrono::milliseconds patience, Readable readable);
    // All that wait are told: polls get the answer that they would get in the end, the others nothing. What comes
    // later is told at once.
    void stop();
    std::size_t count() const;

  private:
    struct State;
    std::shared_ptr<State> state_;  // shared with answers that come after we have gone
    std::jthread watcher_;
};

}  // namespace pawl::web
