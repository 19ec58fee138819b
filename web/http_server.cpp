// The server: accepts, gives every connection a thread, reads requests with our own strict reader, and lets cpp-httplib
// route and answer them.
// httplib 0.11.4 sees only a head that we made, because its own reading has no limits (lines, headers, chunks), decodes
// header values, runs std::regex over Range headers, and compresses when the client would take it.
#include <httplib.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "states/json.hpp"
#include "web/connection.hpp"
#include "web/connection_threads.hpp"
#include "web/http.hpp"
#include "web/parked_connections.hpp"
#include "web/rest/problem.hpp"

namespace pawl::web {

namespace {

constexpr std::size_t buffered_bytes = 64 * 1024;  // an answer of up to this size leaves in one piece
constexpr std::chrono::seconds stop_patience{5};

// What /openapi.json calls a refusal; empty: it knows none like it.
std::string_view problem_type(const Refusal& refusal) {
    if (!refusal.target.starts_with("/api/")) return {};
    return refusal.status == 413   ? "PayloadTooLarge"
           : refusal.status == 415 ? "UnsupportedMediaType"
           : refusal.status == 400 ? "InvalidRequest"
                                   : "";
}

// Every kind of client finds its own: `__type` is for those of AWS, `type` for the rest, and REST has problems.
Response refuse(const Refusal& refusal) {
    if (const auto type = problem_type(refusal); !type.empty()) {
        return rest::problem_response({std::string{type}, refusal.message});
    }
    Response response;
    response.status = refusal.status;
    response.body = to_text(Json{{"__type", refusal.type}, {"type", refusal.type}, {"message", refusal.message}});
    return response;
}

Response call(const Handler& handler, const Request& request) {
    try {
        return handler(request);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pawl: %s %s failed: %s\n", request.method.c_str(), request.path.c_str(), error.what());
    } catch (...) {
        std::fprintf(stderr, "pawl: %s %s failed\n", request.method.c_str(), request.path.c_str());
    }
    return refuse({500, "InternalFailure", "The server could not do this; its log says why."});
}

// A line of a head, whatever was put into it.
std::string without_line_breaks(std::string text) {
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return text;
}

// One request and what is needed to answer it.
struct Exchange {
    Request request;
    int minor_version = 1;
    bool close = false;
    bool refused = false;  // nothing can be read after it
    Response answer;
};

// What httplib reads the head that we made from, and writes the answer to.
class AnswerStream final : public httplib::Stream {
  public:
    AnswerStream(Connection& connection, std::string head) : connection_{connection}, head_{std::move(head)} {}

    bool is_readable() const override { return read_ < head_.size(); }
    bool is_writable() const override { return !failed_ && connection_.peer_connected(); }
    ssize_t read(char* to, std::size_t size) override {
        const std::size_t count = head_.copy(to, size, read_);
        read_ += count;
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* text, std::size_t size) override {
        buffer_.append(text, size);
        if (buffer_.size() > buffered_bytes && !flush()) return -1;
        return static_cast<ssize_t>(size);
    }
    bool flush() {
        failed_ = failed_ || !connection_.write(buffer_);
        buffer_.clear();
        return !failed_;
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return INVALID_SOCKET; }

  private:
    Connection& connection_;
    std::string head_;
    std::size_t read_ = 0;
    std::string buffer_;
    bool failed_ = false;
};

class Protocol final : public httplib::Server {
  public:
    explicit Protocol(int running_socket) {
        svr_sock_ = running_socket;  // how httplib knows that it isn't shutting down
        set_keep_alive_timeout(ConnectionLimits{}.idle.count());
        set_keep_alive_max_count(1'000'000);
        set_pre_routing_handler([this](const httplib::Request&, httplib::Response& response) {
            fill(response);
            return HandlerResponse::Handled;
        });
    }

    // True when the connection can go on.
    bool answer(Connection& connection, Exchange& exchange) {
        AnswerStream stream{connection, head_for_httplib(exchange)};
        // httplib's hook is told neither body nor connection; but an exchange never leaves its thread.
        now_ = {&exchange, &stream};
        bool closed = false;
        const bool written = process_request(stream, exchange.close, closed, nullptr);
        now_ = {};
        return stream.flush() && written && !exchange.close;
    }

  private:
    struct Now {
        Exchange* exchange = nullptr;
        AnswerStream* stream = nullptr;
    };

    static std::string head_for_httplib(const Exchange& exchange) {
        // Of the method, httplib only has to know whether the answer has a body.
        return std::string{exchange.request.method == "HEAD" ? "HEAD" : "GET"} + " / HTTP/1.1\r\n\r\n";
    }

    void fill(httplib::Response& out) const {
        const auto [exchange, stream] = now_;
        Response response = std::move(exchange->answer);
        out.status = response.status;
        if (response.status == 204 || response.status == 304) {  // a body would be read as the next answer
            response.body.clear();
            response.stream = nullptr;
        }
        for (auto& [name, value] : response.headers) {
            out.headers.emplace(without_line_breaks(std::move(name)), without_line_breaks(std::move(value)));
        }
        // HTTP/1.0 knows no chunks: there the end of the connection is the end of a streamed body.
        if (response.stream && exchange->minor_version == 0) exchange->close = true;
        if (exchange->minor_version == 0) out.headers.emplace("Connection", exchange->close ? "close" : "keep-alive");
        if (response.stream) {
            fill_stream(out, std::move(response));
        } else if (!response.body.empty()) {
            out.headers.emplace("Content-Type", without_line_breaks(std::move(response.content_type)));
            out.body = std::move(response.body);
        }
    }

    static void fill_stream(httplib::Response& out, Response response) {
        const auto piece_by_piece = [stream = now_.stream, next = std::move(response.stream)](std::size_t,
                                                                                              httplib::DataSink& sink) {
            const Write write = [&](std::string_view piece) {
                return piece.empty() || (sink.write(piece.data(), piece.size()) && stream->flush());
            };
            if (!stream->flush()) return false;
            if (!next(write)) sink.done();
            return true;
        };
        const std::string type = without_line_breaks(std::move(response.content_type));
        if (now_.exchange->minor_version == 0) {
            out.set_content_provider(type, piece_by_piece);
        } else {
            out.set_chunked_content_provider(type, piece_by_piece);
        }
    }

    static thread_local Now now_;
};

thread_local Protocol::Now Protocol::now_;

// Each connection is a descriptor; the usual soft limit of 1,024 would be reached before our own.
void allow_open_files(std::size_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct Server::Impl {
    Impl(ServerSettings settings, Handler handler_given)
        : handler{std::move(handler_given)},
          limits{.body_bytes = settings.body_limit_bytes, .body_limit_of = settings.body_limit_of},
          listener{listen_on(settings.host, settings.port)},
          port{local_port(listener)},
          max_connections{settings.max_connections},
          protocol{listener.fd()},
          threads{settings.max_connections} {
        allow_open_files(settings.max_connections + 1'000);
        acceptor = std::jthread{[this] { accept_all(); }};
    }

    using Client = std::shared_ptr<Connection>;

    void accept_all() {
        while (!stopping) {
            Socket socket = accept_connection(listener);
            if (!socket || stopping) continue;
            if (is_full()) {
                turn_away(socket.fd());
                continue;
            }
            const auto client = std::make_shared<Connection>(std::move(socket), limits);
            {
                const std::lock_guard lock{open_mutex};
                open.insert(client);
            }
            ConnectionThreads::Work work = [this, client] { serve(client, std::nullopt); };
            if (threads.take(work)) continue;
            turn_away(client->socket());
            forget(client);
        }
    }

    bool is_full() {
        const std::lock_guard lock{open_mutex};
        return open.size() >= max_connections;
    }

    // As many connections as may be. Every AWS client tries again after this answer.
    static void turn_away(int socket) {
        const std::string body = refuse({503, "ThrottlingException", "Rate exceeded"}).body;
        const std::string answer =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\n"
            "Connection: close\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        // Without waiting: the acceptor has no time for anybody.
        send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(socket, SHUT_WR);
        std::array<char, 16 * 1024> request;
        recv(socket, request.data(), request.size(), MSG_DONTWAIT);  // unread data would turn the close into a reset
    }

    // Serves a connection until it ends or waits without a thread. `exchange`: a request whose answer has come.
    void serve(const Client& client, std::optional<Exchange> exchange) {
        try {
            bool waited = exchange.has_value();
            bool goes_on = !exchange || respond(*client, *exchange);
            while (goes_on) {
                // Who polls will poll again, and needs no thread until then.
                if (std::exchange(waited, false) && !client->has_unread()) return park_idle(client);
                exchange = next_exchange(*client);
                if (!exchange) break;
                if (exchange->answer.later) return park(client, *std::move(exchange));
                goes_on = respond(*client, *exchange);
            }
        } catch (const std::exception& error) {
            std::fprintf(stderr, "pawl: a connection failed: %s\n", error.what());
        } catch (...) {
            std::fprintf(stderr, "pawl: a connection failed\n");
        }
        forget(client);
    }

    void forget(const Client& client) {
        const std::lock_guard lock{open_mutex};
        open.erase(client);
        all_closed.notify_all();
    }

    // The next request with its answer, or with a promise of one.
    std::optional<Exchange> next_exchange(Connection& connection) {
        auto incoming = connection.next_request();
        if (!incoming) return std::nullopt;
        Exchange exchange;
        if (*incoming) {
            exchange.request = std::move((*incoming)->request);
            exchange.minor_version = (*incoming)->minor_version;
            exchange.close = !(*incoming)->keep_alive || stopping;
            exchange.answer = call(handler, exchange.request);
        } else {
            exchange.answer = refuse(incoming->error());
            exchange.close = true;
            exchange.refused = true;
        }
        return exchange;
    }

    // True when the connection can go on.
    bool respond(Connection& connection, Exchange& exchange) {
        const bool goes_on = protocol.answer(connection, exchange);
        if (exchange.refused || (!goes_on && connection.has_unread())) connection.linger();
        return goes_on;
    }

    void park(const Client& client, Exchange exchange) {
        auto later = *std::exchange(exchange.answer.later, std::nullopt);
        // It may be large, and it has been understood; but answers to HEAD have no body.
        auto method = std::move(exchange.request.method);
        exchange.request = {};
        exchange.request.method = std::move(method);
        const auto kept = std::make_shared<Exchange>(std::move(exchange));
        parked.wait_for_answer(client->socket(), std::move(later), [this, client, kept](auto answer) {
            if (!answer) return forget(client);
            kept->answer = *std::move(answer);
            kept->close = kept->close || stopping;
            hand_to_thread([this, client, kept] { serve(client, std::move(*kept)); });
        });
    }

    void park_idle(const Client& client) {
        parked.wait_for_request(client->socket(), client->idle_limit(), [this, client](bool readable) {
            if (!readable) return forget(client);
            hand_to_thread([this, client] { serve(client, std::nullopt); });
        });
    }

    // From the watching thread. All threads busy: they were with other connections first.
    void hand_to_thread(ConnectionThreads::Work work) {
        while (!threads.take(work)) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }

    void stop() {
        if (stopping.exchange(true)) return;
        stop_listening(listener);
        acceptor.join();
        // Idle connections end; long polls see that nobody is connected; what is in work, or parked, is answered.
        parked.stop();
        std::unique_lock lock{open_mutex};
        for (const auto& client : open) client->stop_reading();
        if (all_closed.wait_for(lock, stop_patience, [this] { return open.empty(); })) return;
        for (const auto& client : open) client->cut();
    }

    const Handler handler;
    const ConnectionLimits limits;
    Socket listener;
    const int port;
    const std::size_t max_connections;
    Protocol protocol;
    std::atomic<bool> stopping = false;
    std::mutex open_mutex;  // stop() has to reach connections whose threads wait in the kernel
    std::set<Client> open;  // served or parked
    std::condition_variable all_closed;
    ParkedConnections parked;  // before the threads: they may still come to it when they end
    ConnectionThreads threads;
    std::jthread acceptor;
};

Server::Server(ServerSettings settings, Handler handler)
    : impl_{std::make_unique<Impl>(std::move(settings), std::move(handler))} {}
Server::~Server() { stop(); }
int Server::port() const { return impl_->port; }
void Server::stop() { impl_->stop(); }

}  // namespace pawl::web
