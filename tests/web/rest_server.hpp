// The REST API over a real orchestrator on a memory store, without sockets. Every answer that passes through is held
// against the API's own description: status, content type and schema.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "orchestrator/clock.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/openapi.hpp"
#include "web/rest/rest_api.hpp"
#include "web/rest/schema.hpp"
#include "web/uri.hpp"

namespace pawl::web::rest {

// Takes every task and leaves it: tests answer by token.
class IdleRunner final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey&, const StartTask& task, const std::string&, TaskListener) override {
        const std::lock_guard lock{mutex_};
        started_.push_back(task);
    }
    void cancel(const TaskKey&) override {}
    std::vector<StartTask> started() const {
        const std::lock_guard lock{mutex_};
        return started_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<StartTask> started_;
};

class RestServer {
  public:
    RestServer() : document(openapi_document(all_endpoints())) {
        const auto endpoints = all_endpoints();
        auto routes = rest_api_routes(orchestrator);
        for (auto& route : routes) {
            const auto described = std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
                return endpoint.pattern == route.pattern && endpoint.method == route.method;
            });
            if (described) {
                route.handler = [this, inner = route.handler, method = route.method,
                                 pattern = route.pattern](const Request& q) {
                    auto response = inner(q);
                    check(method, pattern, response);
                    return response;
                };
            }
            router_.add(std::move(route));
        }
    }

    Response call(const std::string& method, const std::string& target, const std::string& body = "",
                  std::vector<std::pair<std::string, std::string>> headers = {{"Content-Type", "application/json"}}) {
        Request request;
        request.method = method;
        request.target = target;
        const auto [path, query] = split_target(target);
        request.path = percent_decode(path);
        request.query = parse_query(query);
        request.headers = std::move(headers);
        request.body = body;
        return router_.handle(request);
    }
    Response get(const std::string& target) { return call("GET", target, "", {}); }

    // Waits until the execution has ended; its resource.
    Json ended(const std::string& arn) {
        const auto view = orchestrator.wait_for_end(arn, std::chrono::seconds{20});
        EXPECT_TRUE(view && *view) << arn;
        return *parse_json(get("/api/v1/executions/" + encoded(arn)).body);
    }
    static std::string encoded(const std::string& arn) {
        std::string text;
        for (const char c : arn) text += c == ':' ? std::string{"%3A"} : std::string{c};
        return text;
    }

    std::unique_ptr<Store> store = open_store("memory:");
    Journal journal{*store};
    IdleRunner runner;
    SystemClock clock;
    Orchestrator orchestrator{*store, journal, runner, clock, {}};
    Json document;

  private:
    void check(const std::string& method, const std::string& pattern, const Response& response) {
        std::string lower = method;
        for (auto& c : lower) c = static_cast<char>(c - 'A' + 'a');
        const auto& responses = document["paths"][pattern][lower]["responses"];
        const auto where = method + " " + pattern + " " + std::to_string(response.status) + ": ";
        const auto described = responses.find(std::to_string(response.status));
        if (described == responses.end()) {
            ADD_FAILURE() << where << "this status is not described: " << response.body;
            return;
        }
        if (!described->contains("content")) {
            EXPECT_TRUE(response.body.empty()) << where << response.body;
            return;
        }
        const auto& content = (*described)["content"];
        ASSERT_TRUE(content.contains(response.content_type)) << where << response.content_type;
        if (response.stream) return;
        const auto body = parse_json(response.body);
        ASSERT_TRUE(body) << where << response.body;
        const auto& components = document["components"]["schemas"];
        for (const auto& violation : schema_violations(*body, content[response.content_type]["schema"], components)) {
            ADD_FAILURE() << where << violation.pointer << " " << violation.message << "\n" << response.body;
        }
    }

    Router router_;
};

inline Json body_of(const Response& response) {
    const auto body = parse_json(response.body);
    EXPECT_TRUE(body) << response.body;
    return body ? *body : Json{};
}

inline std::string header_of(const Response& response, const std::string& name) {
    for (const auto& [one, value] : response.headers) {
        if (one == name) return value;
    }
    return "";
}

}  // namespace pawl::web::rest
