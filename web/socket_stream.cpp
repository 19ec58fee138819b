#include "web/socket_stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pawl::web {
namespace {

constexpr int patience_ms = 30'000;  // within a request, for the next bytes; for a reader to take ours
constexpr std::size_t unsent_limit_bytes = 256 * 1024;

}  // namespace

SocketStream::~SocketStream() { ::close(socket_); }

bool SocketStream::wait_readable(int timeout_ms) {
    std::array<pollfd, 2> fds{{{socket_, POLLIN, 0}, {stopped_, POLLIN, 0}}};
    int ready = 0;
    do {
        ready = ::poll(fds.data(), fds.size(), timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready > 0 && fds[1].revents != 0) hung_up_ = true;  // a request that is here already is the last
    return ready > 0 && fds[0].revents != 0;
}

bool SocketStream::fill(int timeout_ms) {
    if (!flush() || !wait_readable(timeout_ms)) return false;
    const auto got = ::recv(socket_, received_.data(), received_.size(), 0);
    next_ = 0;
    end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    return got > 0;
}

bool SocketStream::wait_for_request() { return next_ < end_ || fill(-1); }

bool SocketStream::peer_has_gone() const {
    pollfd look{socket_, POLLRDHUP, 0};
    return ::poll(&look, 1, 0) > 0;
}

ssize_t SocketStream::read(char* to, std::size_t size) {
    if (next_ == end_ && !fill(patience_ms)) return -1;
    const auto taken = std::min(size, end_ - next_);
    std::memcpy(to, received_.data() + next_, taken);
    next_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t SocketStream::write(const char* from, std::size_t size) {
    unsent_.append(from, size);
    if (unsent_.size() > unsent_limit_bytes && !flush()) return -1;
    return static_cast<ssize_t>(size);
}

bool SocketStream::flush() {
    std::string_view rest = unsent_;
    while (!rest.empty()) {
        const auto sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            pollfd look{socket_, POLLOUT, 0};
            if (::poll(&look, 1, patience_ms) <= 0) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    unsent_.clear();
    return true;
}

// Only loopback connections come here, and nobody asks from where.
void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip = "127.0.0.1";
    port = 0;
}
void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const { get_remote_ip_and_port(ip, port); }

}  // namespace pawl::web
