// A client for tests that says exactly what it is told, well-formed or not.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

namespace pawl::web {

struct RawResponse {
    int status = 0;
    std::string head;
    std::string body;
};

class RawClient {
  public:
    explicit RawClient(int port) : fd_{socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(RawClient&& other) noexcept
        : fd_{std::exchange(other.fd_, -1)}, connected_{other.connected_}, unread_{std::move(other.unread_)} {}
    ~RawClient() {
        if (fd_ >= 0) close(fd_);
    }

    bool connected() const { return connected_; }
    // False when the server took no more of it.
    bool say(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (count < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    void hang_up() { shutdown(fd_, SHUT_RDWR); }

    // All that comes until the server closes.
    std::string hear_all() {
        while (more()) {}
        return std::exchange(unread_, {});
    }
    // Until `end` has come, with it; what came so far when the server closes before.
    std::string hear_until(std::string_view end) {
        while (unread_.find(end) == std::string::npos) {
            if (!more()) return std::exchange(unread_, {});
        }
        return take(unread_.find(end) + end.size());
    }
    // One answer with a Content-Length; status 0 when the server closes instead.
    RawResponse hear(bool has_body = true) {
        RawResponse response;
        response.head = hear_until("\r\n\r\n");
        if (response.head.size() < 12) return response;
        response.status = std::atoi(response.head.substr(9, 3).c_str());
        const auto length_at = response.head.find("Content-Length: ");
        if (!has_body || length_at == std::string::npos) return response;
        const auto length = static_cast<std::size_t>(std::atol(response.head.c_str() + length_at + 16));
        while (unread_.size() < length && more()) {}
        response.body = take(std::min(length, unread_.size()));
        return response;
    }
    RawResponse ask(std::string_view request) {
        say(request);
        return hear();
    }

  private:
    std::string take(std::size_t count) {
        std::string taken = unread_.substr(0, count);
        unread_.erase(0, count);
        return taken;
    }
    bool more() {
        pollfd readable{.fd = fd_, .events = POLLIN, .revents = 0};
        if (poll(&readable, 1, 20'000) <= 0) return false;
        std::array<char, 65'536> piece;
        const ssize_t count = recv(fd_, piece.data(), piece.size(), 0);
        if (count <= 0) return false;
        unread_.append(piece.data(), static_cast<std::size_t>(count));
        return true;
    }

    int fd_;
    bool connected_ = false;
    std::string unread_;
};

}  // namespace pawl::web
