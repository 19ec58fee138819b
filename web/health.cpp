#include "web/health.hpp"

#include "orchestrator/orchestrator.hpp"

namespace pawl::web {

std::vector<Route> health_routes(const Orchestrator& orchestrator) {
    const auto status = [](int code, std::string text) {
        Response response;
        response.status = code;
        response.body = to_text(Json{{"status", std::move(text)}});
        response.headers.emplace_back("Cache-Control", "no-store");
        return response;
    };
    return {
        {"GET", "/healthz", [status](const Request&) { return status(200, "ok"); }},
        {"GET", "/readyz",
         [&orchestrator, status](const Request&) {
             return orchestrator.ready() ? status(200, "ready") : status(503, "not ready");
         }},
    };
}

}  // namespace pawl::web
