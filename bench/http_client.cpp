#include "bench/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace pawl::bench {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

template <class Number>
Number number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) throw HttpError{"not a number: " + std::string{text}};
    return value;
}

}  // namespace

std::string_view HttpClient::Reply::header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size();) {
        const auto end = std::min(head.find("\r\n", at + 2), head.size());
        const auto line = std::string_view{head}.substr(at + 2, end - at - 2);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && same_letters(line.substr(0, colon), name)) {
            const auto value = line.find_first_not_of(' ', colon + 1);
            return value == std::string_view::npos ? std::string_view{} : line.substr(value);
        }
        at = end;
    }
    return {};
}

HttpClient::Reply HttpClient::request(std::string_view method, std::string_view path, std::string_view headers,
                                      std::string_view body) {
    if (socket_ < 0) connect();
    std::string message;
    message.reserve(256 + headers.size() + body.size());
    message.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host_);
    message.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
    message.append(headers).append("\r\n").append(body);
    try {
        send_all(message);
        Reply reply;
        std::size_t head_end;
        while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) receive_some();
        reply.head = buffer_.substr(0, head_end + 2);
        reply.status = number<int>(std::string_view{reply.head}.substr(reply.head.find(' ') + 1, 3));
        const auto length_text = reply.header("Content-Length");
        const auto length = length_text.empty() ? std::size_t{0} : number<std::size_t>(length_text);
        while (buffer_.size() < head_end + 4 + length) receive_some();
        reply.body = buffer_.substr(head_end + 4, length);
        buffer_.erase(0, head_end + 4 + length);
        if (same_letters(reply.header("Connection"), "close")) close();
        return reply;
    } catch (...) {
        close();
        throw;
    }
}

void HttpClient::connect() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    if (socket_ < 0 || ::inet_pton(AF_INET, host_.c_str(), &address.sin_addr) != 1 ||
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const std::string reason = std::strerror(errno);
        close();
        throw HttpError{"can't connect to " + host_ + ":" + std::to_string(port_) + ": " + reason};
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void HttpClient::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    buffer_.clear();
}

void HttpClient::send_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) throw HttpError{"the connection broke while sending"};
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void HttpClient::receive_some() {
    std::array<char, 16 * 1024> piece;
    ssize_t received;
    do {
        received = ::recv(socket_, piece.data(), piece.size(), 0);
    } while (received < 0 && errno == EINTR);
    if (received <= 0) throw HttpError{"the connection broke while receiving"};
    buffer_.append(piece.data(), static_cast<std::size_t>(received));
}

}  // namespace pawl::bench
