// One client's connection: reads whole requests from it, one after the other (keep-alive, pipelined), within limits of
// size and time, and writes to it. Belongs to one thread; stop_reading and cut alone may come from another.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "web/http.hpp"
#include "web/http_head.hpp"
#include "web/socket.hpp"

namespace pawl::web {

struct ConnectionLimits {
    std::size_t body_bytes = 8 * 1024 * 1024;
    std::size_t (*body_limit_of)(std::string_view path, std::size_t otherwise) = nullptr;  // as in ServerSettings
    std::chrono::seconds idle{75};  // between requests; clients of AWS keep connections for a minute
    std::chrono::seconds head{20};  // from its first byte to its last: a client that trickles is cut off
    std::chrono::seconds body{120};
    std::chrono::seconds write{30};  // without any progress
};

struct IncomingRequest {
    Request request;
    int minor_version = 1;  // of HTTP/1.x
    bool keep_alive = true;
};

class Connection {
  public:
    Connection(Socket socket, const ConnectionLimits& limits);

    // The next request, or why it can't be had: then nothing can be read after it. Nothing: the client has gone, or
    // was idle for too long.
    std::optional<Result<IncomingRequest, Refusal>> next_request();
    bool write(std::string_view text);
    bool peer_connected() const;
    // Before closing on a client that may still be sending: lets it read our answer, which a reset would destroy.
    void linger();
    bool has_unread() const { return !unread_.empty(); }
    int socket() const { return socket_.fd(); }
    std::chrono::seconds idle_limit() const { return limits_.idle; }
    void stop_reading();  // the client counts as gone; what is being answered still can be
    void cut();           // neither reads nor writes any more

  private:
    using Deadline = std::chrono::steady_clock::time_point;
    enum class Got { Data, End, TimeOut };

    Got receive();  // waits as long as a connection may be idle
    Got receive_until(Deadline deadline);
    std::optional<Result<RequestHead, Refusal>> read_head();
    Result<std::string, Refusal> read_body(const Framing& framing, std::size_t limit_bytes);
    Result<std::string, Refusal> read_chunks(Deadline deadline, std::size_t limit_bytes);
    std::optional<Refusal> need_bytes(std::size_t bytes, Deadline deadline);
    Result<std::string, Refusal> read_line(Deadline deadline);

    Socket socket_;
    ConnectionLimits limits_;
    std::string remote_address_;
    std::string unread_;  // received and not yet looked at
};

}  // namespace pawl::web
