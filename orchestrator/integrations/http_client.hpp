// HTTP requests to services, without a thread for each: one thread drives all of them. Connections are kept and used
// again; no redirect is followed, since it could lead anywhere.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "states/result.hpp"
#include "states/time.hpp"

namespace pawl {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // in their order; names may repeat

// The first header of this name, whatever its letters' case; empty: there is none.
std::string header_of(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string url;  // http or https; sent as it is
    HttpHeaders headers;
    std::string body;
    Millis timeout{60'000};
    std::size_t answer_limit_bytes = 8 * 1024 * 1024;  // of the body: far beyond what a workflow may keep
};

struct HttpAnswer {
    int status = 0;
    std::string status_text;  // "OK"; servers may leave it out
    HttpHeaders headers;      // valid UTF-8, as the status text is
    std::string body;         // any bytes
};
// {"Headers", "ResponseBody", "StatusCode", "StatusText"}: as results of HTTP Tasks and API Gateway show it.
Json plain_http_answer(const HttpAnswer& answer);

// No answer came.
struct HttpFailure {
    enum class Kind { Name, Connection, TimedOut, TooLarge, Forbidden, Other };
    Kind kind = Kind::Other;
    std::string message;  // for people: "localhost:1: Connection refused"
};

class HttpClient {
  public:
    // PublicOnly refuses addresses of this machine and of private networks, whatever the name that leads there.
    // Where private addresses are allowed, those of the link (169.254.0.0/16: a cloud's metadata) are still refused.
    enum class Reach { Private, PublicOnly };
    using Done = std::function<void(Result<HttpAnswer, HttpFailure>)>;
    using Ticket = std::uint64_t;

    explicit HttpClient(Reach reach = Reach::Private);
    ~HttpClient();  // what is under way is dropped without an answer
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any number may wait; per host a bounded number is under way. `done` is called once, on the client's thread.
    Ticket send(HttpRequest request, Done done);
    void cancel(Ticket ticket);  // an answer that is being given may still come

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl
