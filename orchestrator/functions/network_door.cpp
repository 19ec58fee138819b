#include "orchestrator/functions/network_door.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace pawl {
namespace {

constexpr std::uint16_t port_in_sandbox = 9001;
constexpr int backlog = 16;

// A message of one byte that carries one descriptor.
struct Parcel {
    Parcel() {
        message.msg_iov = &content;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
    }
    Parcel(const Parcel&) = delete;
    Parcel& operator=(const Parcel&) = delete;

    char byte = 0;
    iovec content{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
};

FileDescriptor listen_in_sandbox() {
    FileDescriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_in_sandbox);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!listener || ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.get(), backlog) != 0) {
        return {};
    }
    return listener;
}

bool send_through(int door, const FileDescriptor& listener) {
    Parcel parcel;
    auto* header = CMSG_FIRSTHDR(&parcel.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int fd = listener.get();
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return ::sendmsg(door, &parcel.message, MSG_NOSIGNAL) == 1;
}

}  // namespace

NetworkDoor make_network_door() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "no Unix socket for the sandbox"};
    }
    return {FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
}

FileDescriptor listener_through(int door, int stopped) {
    std::array<pollfd, 2> watched{{{door, POLLIN, 0}, {stopped, POLLIN, 0}}};
    while (::poll(watched.data(), watched.size(), -1) < 0) {
        if (errno != EINTR) return {};
    }
    if (watched[1].revents != 0) return {};
    Parcel parcel;
    if (::recvmsg(door, &parcel.message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != 1) return {};
    const auto* header = CMSG_FIRSTHDR(&parcel.message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return {};
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return FileDescriptor{fd};
}

int enter_with_door(char* const command[]) {
    {
        const FileDescriptor door{door_in_sandbox};
        const auto listener = listen_in_sandbox();
        if (!listener || !send_through(door.get(), listener)) {
            std::perror("pawl: the sandbox has no Runtime API");
            return 126;
        }
    }
    ::execvp(command[0], command);
    std::perror(command[0]);
    return 127;
}

}  // namespace pawl
