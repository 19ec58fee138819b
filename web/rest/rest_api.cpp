#include "web/rest/rest_api.hpp"

#include <iterator>
#include <memory>

#include "persistence/store.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/openapi.hpp"
#include "web/rest/problem.hpp"
#include "web/rest/request_guard.hpp"

namespace pawl::web::rest {
namespace {

Response answer(const Endpoint& endpoint, Orchestrator& orchestrator, const RestSettings& settings,
                const Functions* functions, const Request& request) {
    if (const auto refusal = refuse_foreign(request, settings.allowed_hosts)) return problem_response(*refusal);
    const auto call = read_call(endpoint, request);
    if (!call) return problem_response(call.error());
    try {
        auto response =
            endpoint.serve != nullptr ? endpoint.serve(functions, *call) : endpoint.run(orchestrator, *call);
        return response ? *std::move(response) : problem_response(response.error());
    } catch (const StoreError& error) {
        return problem_response({"StoreUnavailable", error.what()});
    }
}

}  // namespace

std::vector<Endpoint> all_endpoints() {
    std::vector<Endpoint> all;
    for (auto& some : {state_machine_endpoints(), version_endpoints(), execution_endpoints(), map_run_endpoints(),
                       history_endpoints(), task_endpoints(), callback_endpoints(), validation_endpoints(),
                       statistics_endpoints(), function_endpoints()}) {
        std::copy(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

std::vector<Route> rest_api_routes(Orchestrator& orchestrator, const RestSettings& settings,
                                   const Functions* functions) {
    std::vector<Route> routes;
    const auto endpoints = all_endpoints();
    for (const auto& endpoint : endpoints) {
        routes.push_back(
            {endpoint.method, endpoint.pattern, [&orchestrator, settings, functions, endpoint](const Request& request) {
                 return answer(endpoint, orchestrator, settings, functions, request);
             }});
    }
    const auto document = std::make_shared<const std::string>(openapi_document(endpoints).dump(2));
    routes.push_back({"GET", "/openapi.json", [document, settings](const Request& request) {
                          if (const auto refusal = refuse_foreign(request, settings.allowed_hosts)) {
                              return problem_response(*refusal);
                          }
                          Response response;
                          response.body = *document;
                          return response;
                      }});
    return routes;
}

}  // namespace pawl::web::rest
