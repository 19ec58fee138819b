// /api/v1/state-machines and /api/v1/validate, through the whole engine.
#include "rest_server.hpp"

namespace pawl::web::rest {
namespace {

constexpr auto hello = R"({"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "Result": "hello", "End": true}}})";
constexpr auto done = R"({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})";

class RestStateMachines : public testing::Test {
  protected:
    RestServer server;

    Response create(const std::string& name, const std::string& definition = hello) {
        return server.call("POST", "/api/v1/state-machines",
                           R"({"name": ")" + name + R"(", "definition": )" + definition + "}");
    }
};

TEST_F(RestStateMachines, AreCreatedFoundAndDeleted) {
    const auto created = create("order");
    ASSERT_EQ(created.status, 201) << created.body;
    const auto machine = body_of(created);
    EXPECT_EQ(machine["name"], "order");
    EXPECT_EQ(machine["type"], "STANDARD");
    EXPECT_EQ(machine["definition"], *parse_json(hello));
    EXPECT_EQ(header_of(created, "Location"),
              "/api/v1/state-machines/arn%3Aaws%3Astates%3Aus-east-1%3A000000000000%3AstateMachine%3Aorder");
    EXPECT_EQ(body_of(server.get(header_of(created, "Location"))), machine);
    EXPECT_EQ(body_of(server.get("/api/v1/state-machines/order")), machine);

    EXPECT_EQ(server.call("DELETE", "/api/v1/state-machines/order", "", {}).status, 204);
    EXPECT_EQ(server.get("/api/v1/state-machines/order").status, 404);
    EXPECT_EQ(server.call("DELETE", "/api/v1/state-machines/order", "", {}).status, 404);
}

TEST_F(RestStateMachines, KeepADefinitionThatIsSentAsTextByteForByte) {
    const std::string text = "{\n  \"StartAt\" : \"Done\",\n\t\"States\": {\"Done\": {\"Type\": \"Succeed\"}}}\n";
    Json body = Json::object();
    body["name"] = "text";
    body["definition"] = text;
    const auto created = server.call("POST", "/api/v1/state-machines", to_text(body));
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(body_of(created)["definitionText"], text);
}

TEST_F(RestStateMachines, AreListedByNameInPages) {
    for (const auto* name : {"c", "a", "d", "b", "e"}) ASSERT_EQ(create(name).status, 201);
    std::string names;
    std::string target = "/api/v1/state-machines?limit=2";
    for (int pages = 1;; ++pages) {
        const auto page = body_of(server.get(target));
        for (const auto& machine : page["stateMachines"]) names += machine["name"].get<std::string>();
        if (!page.contains("nextCursor")) {
            EXPECT_EQ(pages, 3);
            break;
        }
        ASSERT_LT(pages, 4);
        target = "/api/v1/state-machines?limit=2&cursor=" + page["nextCursor"].get<std::string>();
    }
    EXPECT_EQ(names, "abcde");
}

TEST_F(RestStateMachines, AnotherWithTheSameNameIsAConflict) {
    ASSERT_EQ(create("order").status, 201);
    const auto second = create("order", done);
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(body_of(second)["code"], "StateMachineAlreadyExists");
}

TEST_F(RestStateMachines, NamesAndArnsAreChecked) {
    EXPECT_EQ(body_of(create("a b"))["code"], "InvalidName");
    EXPECT_EQ(body_of(create("<script>"))["code"], "InvalidName");
    EXPECT_EQ(body_of(server.get("/api/v1/state-machines/arn%3Anonsense"))["code"], "InvalidArn");
    const auto role = server.call("POST", "/api/v1/state-machines",
                                  R"({"name": "a", "roleArn": "me", "definition": )" + std::string{hello} + "}");
    EXPECT_EQ(body_of(role)["code"], "InvalidArn");
}

TEST_F(RestStateMachines, GetNewDefinitions) {
    ASSERT_EQ(create("order").status, 201);
    const auto put = server.call("PUT", "/api/v1/state-machines/order", R"({"definition": )" + std::string{done} + "}");
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(body_of(put)["definition"], *parse_json(done));
    const auto patch =
        server.call("PATCH", "/api/v1/state-machines/order", R"({"roleArn": "arn:aws:iam::000000000000:role/r2"})");
    ASSERT_EQ(patch.status, 200) << patch.body;
    EXPECT_EQ(body_of(patch)["roleArn"], "arn:aws:iam::000000000000:role/r2");
    EXPECT_EQ(body_of(patch)["definition"], *parse_json(done));
    EXPECT_EQ(server.call("PUT", "/api/v1/state-machines/order", R"({"roleArn": "x"})").status, 400);
    EXPECT_EQ(server.call("PATCH", "/api/v1/state-machines/order", "{}").status, 400);
    EXPECT_EQ(server.call("PATCH", "/api/v1/state-machines/nobody", R"({"definition": {}})").status, 404);
}

TEST_F(RestStateMachines, AWrongDefinitionIsExplained) {
    const std::string wrong = R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}})";
    const auto created = create("order", wrong);
    ASSERT_EQ(created.status, 400);
    const auto problem = body_of(created);
    EXPECT_EQ(problem["code"], "InvalidDefinition");
    ASSERT_FALSE(problem["diagnostics"].empty());
    EXPECT_GT(problem["diagnostics"][0]["line"].get<int>(), 1);  // objects are laid out in lines

    ASSERT_EQ(create("order").status, 201);
    const auto updated = server.call("PUT", "/api/v1/state-machines/order", R"({"definition": )" + wrong + "}");
    ASSERT_EQ(updated.status, 400);
    EXPECT_FALSE(body_of(updated)["diagnostics"].empty());
}

TEST_F(RestStateMachines, BodiesAreHeldAgainstTheirDescription) {
    const auto detail = [&](const std::string& body) {
        const auto response = server.call("POST", "/api/v1/state-machines", body);
        EXPECT_EQ(response.status, 400);
        return body_of(response)["detail"].get<std::string>();
    };
    EXPECT_EQ(detail(R"({"definition": {}})"), "The body /name is required.");
    EXPECT_EQ(detail(R"({"name": 7, "definition": {}})"), "The body /name must be a string.");
    EXPECT_EQ(detail(R"({"name": "a", "definition": [1]})"), "The body /definition must be an object or a string.");
    EXPECT_EQ(detail(R"({"name": "a", "definition": {}, "colour": 1})"), "The body /colour is not known.");
    EXPECT_EQ(detail(R"([])"), "The body must be an object.");
    EXPECT_TRUE(detail("{\n  \"name\": }").starts_with("The body is not JSON: line 2, column 11"))
        << detail("{\n  \"name\": }");
    EXPECT_EQ(server.call("POST", "/api/v1/state-machines", "{}", {{"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(RestStateMachines, QueriesAreHeldAgainstTheirDescription) {
    for (const auto* query : {"limit=0", "limit=1001", "limit=ten", "limit=1&limit=2", "colour=red", "cursor="}) {
        const auto response = server.get("/api/v1/state-machines?" + std::string{query});
        EXPECT_EQ(response.status, 400) << query;
        EXPECT_EQ(body_of(response)["code"], "InvalidRequest") << query;
    }
}

TEST_F(RestStateMachines, OtherSitesAreKeptOut) {
    EXPECT_EQ(server.call("GET", "/api/v1/state-machines", "", {{"Host", "evil.example"}}).status, 403);
    EXPECT_EQ(server.call("GET", "/openapi.json", "", {{"Host", "evil.example"}}).status, 403);
}

TEST_F(RestStateMachines, DefinitionsAreValidatedAsTheyStandInTheirFile) {
    const auto good = server.call("POST", "/api/v1/validate", hello);
    EXPECT_EQ(good.body, R"({"valid":true,"diagnostics":[]})");

    const auto wrong =
        body_of(server.call("POST", "/api/v1/validate",
                            "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\"Type\": \"Pas\"}\n  }\n}"));
    EXPECT_EQ(wrong["valid"], false);
    ASSERT_FALSE(wrong["diagnostics"].empty());
    EXPECT_EQ(wrong["diagnostics"][0]["line"], 4);
    EXPECT_EQ(wrong["diagnostics"][0]["severity"], "ERROR");

    const auto broken = body_of(server.call("POST", "/api/v1/validate", "{\n  \"StartAt\": ,\n}"));
    EXPECT_EQ(broken["valid"], false);
    ASSERT_FALSE(broken["diagnostics"].empty());
    EXPECT_EQ(broken["diagnostics"][0]["line"], 2);
}

TEST_F(RestStateMachines, DefinitionsAreValidatedInsideAnObjectToo) {
    Json body = Json::object();
    body["definition"] = std::string{"{\n\"StartAt\": 1}"};
    const auto text = body_of(server.call("POST", "/api/v1/validate", to_text(body)));
    EXPECT_EQ(text["valid"], false);
    body["definition"] = *parse_json(hello);
    EXPECT_EQ(body_of(server.call("POST", "/api/v1/validate", to_text(body)))["valid"], true);
    body["type"] = "SLOW";
    EXPECT_EQ(server.call("POST", "/api/v1/validate", to_text(body)).status, 400);
    body["type"] = "EXPRESS";
    body["definition"] = 7;
    EXPECT_EQ(server.call("POST", "/api/v1/validate", to_text(body)).status, 400);
}

TEST_F(RestStateMachines, DefinitionsMayBeYaml) {
    const std::string yaml =
        "StartAt: A\nStates:\n  A: &pass\n    Type: Pass\n    Next: B\n  B:\n    <<: *pass\n    Next: C\n  C: {Type: "
        "Succeed}\n";
    const auto validated = body_of(server.call("POST", "/api/v1/validate", yaml));
    EXPECT_EQ(validated["valid"], true);
    EXPECT_EQ(validated["diagnostics"], Json::array());
    EXPECT_EQ((*parse_json(validated["json"].get<std::string>()))["StartAt"], "A") << "the same as JSON";
    Json body = Json::object();
    body["name"] = "from-yaml";
    body["definition"] = yaml;
    const auto created = server.call("POST", "/api/v1/state-machines", to_text(body));
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(body_of(created)["definition"]["States"]["B"]["Next"], "C");

    body["definition"] = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: Bb\n";
    const auto refused =
        server.call("PUT", "/api/v1/state-machines/from-yaml", to_text(Json{{"definition", body["definition"]}}));
    ASSERT_EQ(refused.status, 400) << refused.body;
    const auto diagnostics = body_of(refused)["diagnostics"];
    ASSERT_FALSE(diagnostics.empty());
    EXPECT_EQ(diagnostics[0]["line"], 5);
    EXPECT_EQ(diagnostics[0]["location"], "/States/A/Next");

    body["definition"] = "StartAt: A\nStartAt: B\n";
    const auto twice = body_of(server.call("POST", "/api/v1/state-machines", to_text(body)));
    ASSERT_FALSE(twice["diagnostics"].empty()) << to_text(twice);
    EXPECT_EQ(twice["diagnostics"][0]["line"], 2);
    EXPECT_EQ(twice["diagnostics"][0]["message"], "The key 'StartAt' is in this mapping twice");
}

}  // namespace
}  // namespace pawl::web::rest
