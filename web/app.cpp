#include "web/app.hpp"

#include <memory>
#include <utility>

#include "orchestrator/orchestrator.hpp"
#include "web/aws/aws_api.hpp"
#include "web/aws/other_services.hpp"
#include "web/health.hpp"
#include "web/lambda/lambda_api.hpp"
#include "web/metrics.hpp"
#include "web/rest/request_guard.hpp"
#include "web/rest/rest_api.hpp"
#include "web/viewer_assets.hpp"

namespace pawl::web {

namespace {

void add(Router& router, std::vector<Route> routes) {
    for (auto& route : routes) router.add(std::move(route));
}

// A name of another site that was pointed at this machine (DNS rebinding) gets no page.
std::vector<Route> for_own_hosts(std::vector<Route> routes, const std::vector<std::string>& allowed_hosts) {
    for (auto& route : routes) {
        route.handler = [allowed_hosts, handler = std::move(route.handler)](const Request& request) {
            if (rest::is_own_host(request.header("Host"), allowed_hosts)) return handler(request);
            return error_response(403, "ForeignHost", "The Host header is not a name of this server.");
        };
    }
    return routes;
}

}  // namespace

Handler make_handler(Orchestrator& orchestrator, const ServerSettings& settings, const Functions* functions) {
    auto own_hosts = settings.allowed_hosts;
    own_hosts.push_back(settings.host);
    const auto aws_api = std::make_shared<const aws::AwsApi>(orchestrator, own_hosts);
    const auto lambda_api =
        functions == nullptr ? nullptr : std::make_shared<const lambda::LambdaApi>(*functions, own_hosts);
    const auto router = std::make_shared<Router>();
    add(*router, health_routes(orchestrator));
    router->add(for_own_hosts({metrics_route(orchestrator, functions)}, own_hosts).front());
    add(*router, rest::rest_api_routes(orchestrator, {own_hosts}, functions));
    add(*router, for_own_hosts(viewer_routes(), own_hosts));

    return [aws_api, lambda_api, router = std::shared_ptr<const Router>{router},
            account = orchestrator.settings().account](const Request& request) {
        const auto other = [&] { return aws::answer_for_other_service(request, account); };
        if (request.path == "/") {
            if (auto response = other()) return *std::move(response);
        }
        if (request.path == "/" && request.method == "POST") return aws_api->handle(request);
        if (request.path == "/" && request.method == "OPTIONS") return aws_api->preflight(request);
        if (lambda_api) {
            if (auto response = lambda_api->handle(request)) return *std::move(response);
        }
        // Behind function URLs, whose callers may sign for whom they like.
        if (auto response = other()) return *std::move(response);
        Request routed = request;
        return router->handle(routed);
    };
}

}  // namespace pawl::web
