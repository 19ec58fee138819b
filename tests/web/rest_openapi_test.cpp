// /openapi.json: well-formed, complete, and about the routes that there are.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "rest_server.hpp"
#include "web/rest/openapi.hpp"

namespace pawl::web::rest {
namespace {

class OpenApi : public testing::Test {
  protected:
    Json document = openapi_document(all_endpoints());

    void each_operation(
        const std::function<void(const std::string& path, const std::string& method, const Json&)>& visit) {
        for (const auto& [path, methods] : document["paths"].items()) {
            for (const auto& [method, operation] : methods.items()) visit(path, method, operation);
        }
    }
};

TEST_F(OpenApi, DescribesEveryRouteAndNoOther) {
    RestServer server;
    std::set<std::string> routes;
    for (const auto& route : rest_api_routes(server.orchestrator)) {
        if (route.pattern.starts_with("/api/")) routes.insert(route.method + " " + route.pattern);
    }
    std::set<std::string> described;
    each_operation([&](const std::string& path, const std::string& method, const Json&) {
        std::string upper = method;
        for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
        described.insert(upper + " " + path);
    });
    EXPECT_EQ(described, routes);
    EXPECT_EQ(routes.size(), 36U);
}

TEST_F(OpenApi, IsServed) {
    RestServer server;
    const auto response = server.get("/openapi.json");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body_of(response), document);
    EXPECT_EQ(document["openapi"], "3.1.0");
}

TEST_F(OpenApi, NamesEveryOperationOnceAndSaysWhatItDoes) {
    std::set<std::string> ids;
    each_operation([&](const std::string& path, const std::string&, const Json& operation) {
        EXPECT_TRUE(ids.insert(operation["operationId"].get<std::string>()).second) << path;
        EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << path;
        EXPECT_FALSE(operation["responses"].empty()) << path;
    });
}

TEST_F(OpenApi, DescribesThePathsParameters) {
    each_operation([&](const std::string& path, const std::string&, const Json& operation) {
        std::set<std::string> expected;
        for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
            expected.insert(path.substr(at + 1, path.find('}', at) - at - 1));
        }
        std::set<std::string> described;
        for (const auto& parameter : operation.value("parameters", Json::array())) {
            if (parameter["in"] == "path") {
                described.insert(parameter["name"].get<std::string>());
                EXPECT_EQ(parameter["required"], true) << path;
            }
        }
        EXPECT_EQ(described, expected) << path;
    });
}

TEST_F(OpenApi, RefersOnlyToSchemasThatExistAndHasNoUnusedOnes) {
    std::set<std::string> used;
    const std::string prefix = "#/components/schemas/";
    const std::function<void(const Json&)> visit = [&](const Json& value) {
        if (value.is_object() && value.contains("$ref")) {
            const auto ref = value["$ref"].get<std::string>();
            ASSERT_TRUE(ref.starts_with(prefix)) << ref;
            ASSERT_TRUE(document["components"]["schemas"].contains(ref.substr(prefix.size()))) << ref;
            used.insert(ref.substr(prefix.size()));
        }
        if (!value.is_structured()) return;
        for (const auto& child : value) visit(child);
    };
    visit(document);
    for (const auto& [name, schema] : document["components"]["schemas"].items())
        EXPECT_TRUE(used.contains(name)) << name;
}

TEST_F(OpenApi, DefaultsAndExamplesOfParametersFitTheirSchemas) {
    each_operation([&](const std::string& path, const std::string&, const Json& operation) {
        for (const auto& parameter : operation.value("parameters", Json::array())) {
            const auto& schema = parameter["schema"];
            const auto& components = document["components"]["schemas"];
            for (const auto& value : {parameter.value("example", Json{}), schema.value("default", Json{})}) {
                if (value.is_null()) continue;
                EXPECT_TRUE(schema_violations(value, schema, components).empty()) << path << " " << parameter["name"];
            }
        }
    });
}

}  // namespace
}  // namespace pawl::web::rest
