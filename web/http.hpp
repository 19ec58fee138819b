// HTTP as our handlers see it: requests and responses of our own, so the transport can change without touching them.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl::web {

struct Request {
    std::string method;  // "GET"
    std::string target;  // as sent, with the query and still encoded; empty in requests made by hand
    std::string path;    // decoded, without the query: "/api/v1/executions"
    std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
    std::vector<std::pair<std::string, std::string>> headers;  // names as sent
    std::string body;
    std::string remote_address;
    std::map<std::string, std::string, std::less<>> parameters;  // what the route's {names} matched, decoded
    std::function<bool()> connected = [] { return true; };       // is the caller still there?

    // Names match in any letter case; empty when absent.
    std::string_view header(std::string_view name) const;
    std::optional<std::string_view> query_value(std::string_view name) const;
};

// Writes one piece of a streamed body; false: the reader has gone.
using Write = std::function<bool(std::string_view piece)>;

struct Response;

// An answer that is not known yet: the connection waits for it without a thread.
struct Later {
    // Begins to wait. `answer` may be called from any thread, also from within, and once at most.
    std::function<void(std::function<void(Response)> answer)> begin;
    // Nobody waits any more; false: `answer` has been, or will be, called nevertheless.
    std::function<bool()> cancel;
    std::chrono::milliseconds patience{};
    std::function<Response()> otherwise;  // the answer when patience ends
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    // Instead of a body: called repeatedly until it returns false; may wait up to a second for something to write.
    std::function<bool(const Write&)> stream;
    // Instead of all that: only servers look at it, so only a handler that is called by one may set it.
    std::optional<Later> later = {};
};

// {"type": …, "message": …}, as every route but the AWS ones answers errors.
Response error_response(int status, std::string_view type, std::string_view message);

using Handler = std::function<Response(const Request&)>;

// One line of a table of routes. `pattern` is a path whose `{name}` segments match one segment, and a last `{name...}`
// the rest: "/api/v1/executions/{arn}/events". An encoded `/` (%2F) in the path belongs to its segment. Where several
// patterns match, the one with literal segments wins.
struct Route {
    std::string method;
    std::string pattern;
    Handler handler;
};

class Router {
  public:
    void add(Route route);
    // 404 for an unknown path, 405 (with Allow) for a known path and another method. HEAD is answered as GET.
    Response handle(Request& request) const;

  private:
    std::vector<Route> routes_;
};

struct ServerSettings {
    std::string host = "127.0.0.1";
    int port = 8083;                              // 0: any free one
    std::vector<std::string> allowed_hosts = {};  // names of this server, beside `host`, addresses and localhost
    std::size_t body_limit_bytes = 8 * 1024 * 1024;
    // The limit at a path, for those that have one of their own; null: none has.
    std::size_t (*body_limit_of)(std::string_view path, std::size_t otherwise) = nullptr;
    std::size_t max_connections = 12'000;
};

// An HTTP/1.1 server on cpp-httplib: every connection that is read from, or that an event stream is written to, has a
// thread of its own, so none starves another; those that wait for a later answer have none.
class Server {
  public:
    // Throws std::runtime_error, with a text for people, when the address can't be bound ("port 8083 is in use …").
    Server(ServerSettings settings, Handler handler);
    ~Server();  // stop()
    int port() const;
    void stop();  // no new requests; waits a moment for those in work

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::web
