#include "web/runtime_api.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

#include "orchestrator/functions/network_door.hpp"
#include "web/socket_stream.hpp"

namespace pawl::web {
namespace {

constexpr std::string_view prefix = "/2018-06-01/runtime";
constexpr std::size_t path_limit = 256;       // httplib matches paths with std::regex, which recurses by the character
constexpr std::size_t connection_limit = 16;  // of one process; most have one, or one a thread

// A thread for each connection: one that waits in `next` must not hold up one that brings an answer. httplib's own
// pool has a fixed number of them. Started when needed, up to the limit; later connections wait.
class ConnectionThreads final : public httplib::TaskQueue {
  public:
    void enqueue(std::function<void()> connection) override {
        const std::lock_guard lock{mutex_};
        waiting_.push_back(std::move(connection));
        if (idle_ < waiting_.size() && threads_.size() < connection_limit) threads_.emplace_back([this] { run(); });
        wake_.notify_one();
    }
    void shutdown() override {
        {
            const std::lock_guard lock{mutex_};
            over_ = true;
            wake_.notify_all();
        }
        for (auto& thread : threads_) thread.join();
    }

  private:
    void run() {
        std::unique_lock lock{mutex_};
        for (;;) {
            ++idle_;
            wake_.wait(lock, [this] { return over_ || !waiting_.empty(); });
            --idle_;
            if (waiting_.empty()) return;
            const auto connection = std::move(waiting_.front());
            waiting_.erase(waiting_.begin());
            lock.unlock();
            connection();
            lock.lock();
        }
    }

    std::mutex mutex_;  // httplib's accepting thread hands over here
    std::condition_variable wake_;
    std::vector<std::function<void()>> waiting_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool over_ = false;
};

// The connection that this thread serves: httplib's handlers are not told.
thread_local SocketStream* current = nullptr;

// Header values are lines of text.
std::string header_text(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    return text;
}

void answer(httplib::Response& response, int status, const Json& body) {
    response.status = status;
    response.set_content(to_text(body), "application/json");
}

void accepted(httplib::Response& response) { answer(response, 202, Json::object({{"status", "OK"}})); }

void refuse(httplib::Response& response, int status, std::string_view type, std::string_view message) {
    Json body = Json::object();
    body["errorMessage"] = message;
    body["errorType"] = type;
    answer(response, status, body);
}

// The body as it comes, whatever its type; nothing when it breaks off. One byte above the limit is enough to see that
// it is too long.
std::optional<std::string> read_body(const httplib::ContentReader& reader) {
    std::string body;
    const bool whole = reader([&](const char* data, std::size_t size) {
        body.append(data, std::min(size, max_response_bytes + 1 - body.size()));
        return true;
    });
    if (!whole) return std::nullopt;
    return body;
}

// What makes httplib do more with a body than hand it over: decompress it, split it into parts, wait for an end that
// is not marked.
void simplify(httplib::Request& request) {
    request.headers.erase("Content-Type");
    request.headers.erase("Content-Encoding");
    if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
        request.set_header("Content-Length", "0");
    }
}

// One process's server: httplib reads requests and writes answers; accepting is its thread, waiting is ours.
class ProcessServer final : public httplib::Server {
  public:
    ProcessServer(FunctionPool& pool, std::uint64_t worker) : pool_{pool}, worker_{worker} {
        new_task_queue = [] { return new ConnectionThreads; };  // httplib owns it
        set_socket_options([](socket_t) {});                    // the default shares the port with whoever asks for it
        set_keep_alive_timeout(24 * 3600);                      // only announced: see process_and_close_socket
        set_keep_alive_max_count(1'000'000);
        set_pre_routing_handler([](const auto& request, auto& response) { return screen(request, response); });
        Get(".*", [this](const httplib::Request& request, httplib::Response& response) { get(request, response); });
        Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                          const httplib::ContentReader& body) { post(request, response, body); });
    }
    ~ProcessServer() override { end(); }

    std::string begin(FileDescriptor door) {
        stopped_ = eventfd(0, EFD_CLOEXEC);
        if (door) {
            acceptor_ = std::thread{[this, door = std::move(door)] {
                auto listener = listener_through(door.get(), stopped_);
                svr_sock_ = listener.release();
                accept_all();
            }};
            return std::string{runtime_api_in_sandbox};
        }
        const int port = stopped_ < 0 ? -1 : bind_to_any_port("127.0.0.1");
        if (port <= 0) throw std::runtime_error{"the Runtime API finds no free port on 127.0.0.1"};
        fcntl(svr_sock_, F_SETFD, FD_CLOEXEC);
        acceptor_ = std::thread{[this] { accept_all(); }};
        return "127.0.0.1:" + std::to_string(port);
    }

    void end() {
        if (stopped_ < 0) return;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stopped_, &one, sizeof one);
        if (acceptor_.joinable()) {
            while (!is_running() && !accepting_is_over_) std::this_thread::yield();  // before, stop() does nothing
            stop();
            acceptor_.join();
        }
        ::close(stopped_);
        stopped_ = -1;
    }

  private:
    void accept_all() {
        if (svr_sock_ != INVALID_SOCKET) listen_after_bind();
        accepting_is_over_ = true;
    }

    // In place of httplib's loop, which wakes a hundred times a second and ends after a few requests or seconds.
    bool process_and_close_socket(socket_t socket) override {
        const int yes = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        SocketStream stream{socket, stopped_};
        current = &stream;
        bool closed = false;
        while (!closed && !stream.hung_up() && stream.wait_for_request()) {
            const bool whole = process_request(stream, false, closed, simplify);
            if (!stream.flush() || !whole) break;
        }
        current = nullptr;
        return true;
    }

    // What is refused before its body is read: afterwards the connection is of no use.
    static HandlerResponse screen(const httplib::Request& request, httplib::Response& response) {
        if (request.method != "GET" && request.method != "POST") {
            refuse(response, 405, "MethodNotAllowed", "Only GET and POST are known here");
        } else if (request.has_header("Origin") || request.has_header("Sec-Fetch-Site")) {
            // A page that guessed the port must not take work away; browsers mark what pages ask for.
            refuse(response, 403, "Forbidden", "The Runtime API is not for web pages");
        } else if (request.path.size() > path_limit) {
            refuse(response, 404, "NotFound", "No such route");
        } else {
            return HandlerResponse::Unhandled;
        }
        current->hang_up();
        return HandlerResponse::Handled;
    }

    void get(const httplib::Request& request, httplib::Response& response) {
        if (request.path != std::string{prefix} + "/invocation/next") {
            return refuse(response, 404, "NotFound", "No such route");
        }
        auto& connection = *current;
        const auto work = pool_.next(worker_, [&] { return !connection.peer_has_gone(); });
        if (!work) return refuse(response, 410, "Runtime.Ended", "There is no more work for this process");
        const auto deadline = std::chrono::duration_cast<std::chrono::milliseconds>(work->deadline.time_since_epoch());
        response.set_header("Lambda-Runtime-Aws-Request-Id", header_text(work->request_id));
        response.set_header("Lambda-Runtime-Deadline-Ms", std::to_string(deadline.count()));
        response.set_header("Lambda-Runtime-Invoked-Function-Arn", header_text(work->function_arn));
        response.set_header("Lambda-Runtime-Trace-Id", header_text(work->trace_id));
        if (!work->client_context.empty()) {
            response.set_header("Lambda-Runtime-Client-Context", header_text(work->client_context));
        }
        response.status = 200;
        response.set_content(work->payload, "application/json");
    }

    void post(const httplib::Request& request, httplib::Response& response, const httplib::ContentReader& reader) {
        auto read = read_body(reader);
        if (!read) {
            current->hang_up();
            return refuse(response, 400, "InvalidRequest", "The body breaks off");
        }
        auto& body = *read;
        const bool too_long = body.size() > max_response_bytes;
        auto error_type = request.get_header_value("Lambda-Runtime-Function-Error-Type");
        std::string_view path = request.path;
        if (path == std::string{prefix} + "/init/error") {
            if (pool_.fail_init(worker_, std::move(error_type), std::move(body))) return accepted(response);
            return refuse(response, 403, "InvalidStateTransition", "This process is not initialising any more");
        }
        if (!path.starts_with(std::string{prefix} + "/invocation/")) {
            return refuse(response, 404, "NotFound", "No such route");
        }
        path.remove_prefix(prefix.size() + std::string_view{"/invocation/"}.size());
        const auto slash = path.find('/');
        const auto id = path.substr(0, slash);
        const auto verb = slash == std::string_view::npos ? "" : path.substr(slash + 1);
        if (verb != "response" && verb != "error") return refuse(response, 404, "NotFound", "No such route");
        const bool known = verb == "response" ? pool_.respond(worker_, id, std::move(body))
                                              : pool_.fail(worker_, id, std::move(error_type), std::move(body));
        if (!known) return refuse(response, 400, "InvalidRequestID", "Invalid request ID");
        if (too_long) {
            return refuse(response, 413, "RequestEntityTooLarge",
                          "Exceeded maximum allowed payload size (" + std::to_string(max_response_bytes) + " bytes).");
        }
        accepted(response);
    }

    FunctionPool& pool_;
    const std::uint64_t worker_;
    int stopped_ = -1;  // readable at the end
    std::thread acceptor_;
    std::atomic<bool> accepting_is_over_ = false;
};

}  // namespace

struct RuntimeApi::Impl {
    FunctionPool& pool;
    std::mutex mutex;  // the pool opens and closes on its monitor thread, and our destructor looks too
    std::unordered_map<std::uint64_t, std::unique_ptr<ProcessServer>> servers;
};

RuntimeApi::RuntimeApi(FunctionPool& pool) : impl_{new Impl{pool, {}, {}}} { pool.attach(*this); }

RuntimeApi::~RuntimeApi() { impl_->pool.stop(); }

std::string RuntimeApi::open(std::uint64_t worker, FileDescriptor door) {
    auto server = std::make_unique<ProcessServer>(impl_->pool, worker);
    auto address = server->begin(std::move(door));
    const std::lock_guard lock{impl_->mutex};
    impl_->servers[worker] = std::move(server);
    return address;
}

void RuntimeApi::close(std::uint64_t worker) {
    std::unique_ptr<ProcessServer> server;
    {
        const std::lock_guard lock{impl_->mutex};
        const auto found = impl_->servers.find(worker);
        if (found == impl_->servers.end()) return;
        server = std::move(found->second);
        impl_->servers.erase(found);
    }
    server->end();
}

}  // namespace pawl::web
