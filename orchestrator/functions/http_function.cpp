#include "orchestrator/functions/http_function.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/invocation_error.hpp"

namespace pawl {
namespace {

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<std::string*>(to);
    const auto bytes = size * count;
    if (body.size() + bytes > max_response_bytes + 1) {
        body.resize(max_response_bytes + 1);
        return 0;  // breaks off: it is too long
    }
    body.append(data, bytes);
    return bytes;
}

int go_on(void* given_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(given_up)->load() ? 1 : 0;
}

InvocationError http_error(std::string type, std::string message) {
    Json document = Json::object();
    document["errorType"] = type;
    document["errorMessage"] = std::move(message);
    return {std::move(type), to_text(document), false};
}

InvocationError status_error(long status, std::string body) {
    const auto type = "States.Http.StatusCode." + std::to_string(status);
    if (const auto read = parse_json(body); read && read->is_object() && read->contains("errorType")) {
        return reported(type, std::move(body));
    }
    return http_error(
        type, "The function answered with status " + std::to_string(status) + ": " + std::move(body).substr(0, 1000));
}

// "http://127.0.0.1:9000": of a URL with a user's password or a key in it this may be shown.
std::string origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts{curl_url(), curl_url_cleanup};
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        const bool found = curl_url_get(parts.get(), which, &text, CURLU_DEFAULT_PORT) == CURLUE_OK;
        std::string copy{found ? text : ""};
        curl_free(text);
        return copy;
    };
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "the function's URL";
    return part(CURLUPART_SCHEME) + "://" + part(CURLUPART_HOST) + ":" + part(CURLUPART_PORT);
}

struct Headers {
    ~Headers() { curl_slist_free_all(list); }
    void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
    curl_slist* list = nullptr;
};

}  // namespace

bool is_http_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

HttpFunction::HttpFunction(std::string url) : url_{std::move(url)} {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    handle_ = ready == CURLE_OK ? curl_easy_init() : nullptr;
}

HttpFunction::~HttpFunction() { curl_easy_cleanup(handle_); }

Result<std::string, InvocationError> HttpFunction::call(const std::string& payload, const std::string& request_id,
                                                        std::chrono::system_clock::time_point deadline,
                                                        const std::atomic<bool>& given_up) {
    if (!handle_) return http_error("States.Http.Socket", "no HTTP client");
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::system_clock::now());
    const auto deadline_ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline.time_since_epoch());
    Headers headers;
    headers.add("Content-Type: application/json");
    headers.add("Expect:");
    headers.add("Lambda-Runtime-Aws-Request-Id: " + request_id);
    headers.add("Lambda-Runtime-Deadline-Ms: " + std::to_string(deadline_ms.count()));
    std::string body;
    curl_easy_reset(handle_);
    curl_easy_setopt(handle_, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    // The pool ends the invocation at its deadline; the connection goes a little later.
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(left.count(), 1) + 100));
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, payload.data());
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(payload.size()));
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, &go_on);
    curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, &given_up);
    const auto result = curl_easy_perform(handle_);
    if (body.size() > max_response_bytes) return response_too_large();
    if (result != CURLE_OK) {
        return http_error("States.Http.Socket", std::string{curl_easy_strerror(result)} + ": " + origin_of(url_));
    }
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) return status_error(status, std::move(body));
    // An endpoint of Lambda's API answers 200 to a function that failed, too.
    if (curl_header* failed = nullptr;
        curl_easy_header(handle_, "X-Amz-Function-Error", 0, CURLH_HEADER, -1, &failed) == CURLHE_OK) {
        return reported("", std::move(body));
    }
    if (body.empty()) body = "null";
    return body;
}

}  // namespace pawl
