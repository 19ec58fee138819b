#include "web/socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>

namespace pawl::web {

namespace {

constexpr int backlog = 4096;  // the kernel cuts it to net.core.somaxconn
constexpr std::chrono::milliseconds out_of_descriptors_pause{20};

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses resolve(const std::string& host, int port) {
    // "[::1]" is how an address with colons is written before a port.
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string name = bracketed ? host.substr(1, host.size() - 2) : host;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(name.empty() ? nullptr : name.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0) {
        throw std::runtime_error("the address " + host + " is unknown: " + gai_strerror(error) +
                                 "; give a name or an address of this machine");
    }
    return {found, &freeaddrinfo};
}

std::string why(int error, const std::string& host, int port) {
    const std::string number = std::to_string(port);
    switch (error) {
        case EADDRINUSE:
            return "port " + number + " is in use on " + host + "; stop the program that has it or choose another port";
        case EACCES:
            return "port " + number + " needs special rights; choose one from 1024 on";
        case EADDRNOTAVAIL:
            return host + " is no address of this machine";
        default:
            return "can't listen on " + host + ":" + number + ": " + std::strerror(error);
    }
}

void set_option(int fd, int level, int option) {
    const int on = 1;
    setsockopt(fd, level, option, &on, sizeof on);
}

}  // namespace

Socket::~Socket() {
    if (fd_ >= 0) close(fd_);
}

Socket listen_on(const std::string& host, int port) {
    const Addresses addresses = resolve(host, port);
    Socket socket{::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    // SO_REUSEADDR alone: a restart need not wait for old connections, but a port in use is an error. With
    // SO_REUSEPORT a second server would silently take half of the requests.
    set_option(socket.fd(), SOL_SOCKET, SO_REUSEADDR);
    if (!socket || bind(socket.fd(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
        listen(socket.fd(), backlog) != 0) {
        throw std::runtime_error(why(errno, host, port));
    }
    return socket;
}

int local_port(const Socket& socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                               : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::string remote_address(const Socket& socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    std::array<char, NI_MAXHOST> name{};
    if (getpeername(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
        getnameinfo(reinterpret_cast<sockaddr*>(&address), length, name.data(), name.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
        return {};
    }
    return name.data();
}

Socket accept_connection(const Socket& listener) {
    Socket connection{accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (connection) {
        set_option(connection.fd(), IPPROTO_TCP, TCP_NODELAY);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // The connection waits in the backlog until a descriptor is free.
        std::this_thread::sleep_for(out_of_descriptors_pause);
    }
    return connection;
}

void stop_listening(const Socket& listener) { shutdown(listener.fd(), SHUT_RDWR); }

}  // namespace pawl::web
