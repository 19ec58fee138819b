#include "web/connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "web/uri.hpp"

namespace pawl::web {

namespace {

constexpr std::size_t receive_bytes = 16 * 1024;
constexpr std::size_t max_chunk_line_bytes = 256;  // of a chunk's size and its extensions
constexpr std::size_t max_trailer_lines = 100;
constexpr std::size_t linger_bytes = 64 * 1024 * 1024;
constexpr std::chrono::seconds linger_time{2};

const Refusal gone{400, "BadRequest", "The request ended before it was complete."};
const Refusal too_slow{408, "RequestTimeout", "The request took too long to arrive."};
const Refusal bad_chunk{400, "BadRequest", "The chunked body is malformed."};

void set_time_out(int fd, int option, std::chrono::seconds length) {
    const timeval time{.tv_sec = length.count(), .tv_usec = 0};
    setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}

}  // namespace

Connection::Connection(Socket socket, const ConnectionLimits& limits)
    : socket_{std::move(socket)}, limits_{limits}, remote_address_{web::remote_address(socket_)} {
    set_time_out(socket_.fd(), SO_RCVTIMEO, limits_.idle);
    set_time_out(socket_.fd(), SO_SNDTIMEO, limits_.write);
}

std::optional<Result<IncomingRequest, Refusal>> Connection::next_request() {
    auto head = read_head();
    if (!head) return std::nullopt;
    if (!*head) return std::move(*head).error();
    const auto [path, query] = split_target((*head)->target);
    const auto limit =
        limits_.body_limit_of == nullptr ? limits_.body_bytes : limits_.body_limit_of(path, limits_.body_bytes);
    const auto framing = framing_of(**head, limit);
    const auto refused = [&](Refusal refusal) {
        refusal.target = (*head)->target;
        return refusal;
    };
    if (!framing) return refused(framing.error());
    auto body = read_body(*framing, limit);
    if (!body) return refused(std::move(body).error());

    IncomingRequest incoming;
    incoming.minor_version = (*head)->minor_version;
    incoming.keep_alive = (*head)->keep_alive();
    Request& request = incoming.request;
    request.method = std::move((*head)->method);
    request.path = percent_decode(path);
    request.query = parse_query(query);
    request.target = std::move((*head)->target);
    request.headers = std::move((*head)->headers);
    request.body = *std::move(body);
    request.remote_address = remote_address_;
    request.connected = [this] { return peer_connected(); };
    return incoming;
}

std::optional<Result<RequestHead, Refusal>> Connection::read_head() {
    if (unread_.empty() && receive() != Got::Data) return std::nullopt;
    const auto deadline = std::chrono::steady_clock::now() + limits_.head;
    for (;;) {
        unread_.erase(0, std::min(unread_.find_first_not_of("\r\n"), unread_.size()));  // left over by old clients
        const auto end = end_of_head(unread_);
        if (end != std::string::npos && end <= max_head_bytes) {
            auto head = parse_head(std::string_view{unread_}.substr(0, end));
            unread_.erase(0, end);
            return head;
        }
        if (unread_.size() > max_head_bytes) {
            return Refusal{431, "RequestHeaderFieldsTooLarge", "The request's head is too large."};
        }
        const Got got = receive_until(deadline);
        if (got == Got::TimeOut) return too_slow;
        if (got == Got::End) return std::nullopt;
    }
}

Result<std::string, Refusal> Connection::read_body(const Framing& framing, std::size_t limit_bytes) {
    const auto deadline = std::chrono::steady_clock::now() + limits_.body;
    if (framing.expects_continue && unread_.empty() && (framing.chunked || framing.length > 0)) {
        write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (framing.chunked) return read_chunks(deadline, limit_bytes);
    if (auto refusal = need_bytes(framing.length, deadline)) return std::move(*refusal);
    if (unread_.size() == framing.length) return std::exchange(unread_, {});
    std::string body = unread_.substr(0, framing.length);
    unread_.erase(0, framing.length);
    return body;
}

Result<std::string, Refusal> Connection::read_chunks(Deadline deadline, std::size_t limit_bytes) {
    std::string body;
    for (;;) {
        const auto line = read_line(deadline);
        if (!line) return line.error();
        std::size_t size = 0;
        const auto [stop, error] = std::from_chars(line->data(), line->data() + line->size(), size, 16);
        const std::string_view rest{stop, line->data() + line->size()};
        if (error == std::errc::result_out_of_range) return body_too_large(limit_bytes);
        if (error != std::errc{} || !(rest.empty() || rest.find_first_of("; \t") == 0)) return bad_chunk;
        if (size == 0) break;
        if (size > limit_bytes - body.size()) return body_too_large(limit_bytes);
        if (auto refusal = need_bytes(size + 2, deadline)) return std::move(*refusal);
        if (unread_.compare(size, 2, "\r\n") != 0) return bad_chunk;
        body.append(unread_, 0, size);
        unread_.erase(0, size + 2);
    }
    for (std::size_t i = 0; i < max_trailer_lines; ++i) {  // trailers are read over
        const auto line = read_line(deadline);
        if (!line) return line.error();
        if (line->empty()) return body;
    }
    return bad_chunk;
}

// Of at most max_chunk_line_bytes, without its CR LF.
Result<std::string, Refusal> Connection::read_line(Deadline deadline) {
    std::size_t end = unread_.find("\r\n");
    while (end == std::string::npos) {
        if (unread_.size() > max_chunk_line_bytes) return bad_chunk;
        if (auto refusal = need_bytes(unread_.size() + 1, deadline)) return std::move(*refusal);
        end = unread_.find("\r\n");
    }
    if (end > max_chunk_line_bytes) return bad_chunk;
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 2);
    return line;
}

std::optional<Refusal> Connection::need_bytes(std::size_t bytes, Deadline deadline) {
    while (unread_.size() < bytes) {
        const Got got = receive_until(deadline);
        if (got == Got::TimeOut) return too_slow;
        if (got == Got::End) return gone;
    }
    return std::nullopt;
}

Connection::Got Connection::receive() {
    std::array<char, receive_bytes> piece;
    ssize_t count = 0;
    do {
        count = recv(socket_.fd(), piece.data(), piece.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Got::TimeOut : Got::End;
    unread_.append(piece.data(), static_cast<std::size_t>(count));
    return count == 0 ? Got::End : Got::Data;
}

Connection::Got Connection::receive_until(Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return Got::TimeOut;
        pollfd readable{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
        const int ready = poll(&readable, 1, static_cast<int>(left.count()));
        if (ready > 0) return receive();
        if (ready < 0 && errno != EINTR) return Got::End;
    }
}

bool Connection::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = send(socket_.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool Connection::peer_connected() const {
    pollfd state{.fd = socket_.fd(), .events = POLLRDHUP, .revents = 0};
    return poll(&state, 1, 0) == 0 || (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

void Connection::linger() {
    shutdown(socket_.fd(), SHUT_WR);
    const auto deadline = std::chrono::steady_clock::now() + linger_time;
    for (std::size_t dropped = unread_.size(); dropped < linger_bytes; dropped += unread_.size()) {
        unread_.clear();
        if (receive_until(deadline) != Got::Data) return;
    }
}

void Connection::stop_reading() { shutdown(socket_.fd(), SHUT_RD); }
void Connection::cut() { shutdown(socket_.fd(), SHUT_RDWR); }

}  // namespace pawl::web
