// A function behind a URL: the payload is posted, the answer is the result. Redirects are not followed. An answer that
// is no success is the error it says it is (its errorType), or States.Http.StatusCode.NNN; no answer is
// States.Http.Socket, as of an HTTP Task.
#pragma once
#include <atomic>
#include <chrono>
#include <string>

#include "orchestrator/functions/function_config.hpp"

namespace pawl {

bool is_http_url(std::string_view text);

// Keeps its connection open for the next call. For one thread.
class HttpFunction {
  public:
    explicit HttpFunction(std::string url);
    ~HttpFunction();
    HttpFunction(const HttpFunction&) = delete;
    HttpFunction& operator=(const HttpFunction&) = delete;
    Result<std::string, InvocationError> call(const std::string& payload, const std::string& request_id,
                                              std::chrono::system_clock::time_point deadline,
                                              const std::atomic<bool>& given_up);  // looked at about once a second

  private:
    const std::string url_;
    void* handle_;  // CURL
};

}  // namespace pawl
