// Listening and accepted TCP sockets. Never inherited by the processes of functions (close-on-exec).
#pragma once
#include <string>
#include <utility>

namespace pawl::web {

// Owns a file descriptor.
class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) : fd_{fd} {}
    Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket();
    int fd() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

// Bound and listening. Throws std::runtime_error with a text for people. `port` 0: any free one.
Socket listen_on(const std::string& host, int port);
int local_port(const Socket& socket);
std::string remote_address(const Socket& socket);  // "127.0.0.1"; empty when it has gone

// The next connection; an empty Socket when there was none to take. Blocks; returns at once after stop_listening.
Socket accept_connection(const Socket& listener);
void stop_listening(const Socket& listener);

}  // namespace pawl::web
