// /api/v1/validate: what is wrong with a definition, before anybody creates it.
#include <algorithm>

#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

// The body is the definition as it stands in its file, so that lines and columns are the file's; or, as for create,
// an object with `definition`.
struct Validated {
    SentDefinition definition;
    std::string type;
};

ApiResult<Validated> read_body(const Call& call) {
    Validated read{sent_definition(call.request.body), call.query.value("type", "STANDARD")};
    const auto body = parse_json(call.request.body);
    if (!body || !body->is_object() || !body->contains("definition")) return read;  // not JSON: a diagnostic says so
    const auto& definition = (*body)["definition"];
    if (!definition.is_string() && !definition.is_object()) {
        return invalid_request("definition must be an object, or its text.");
    }
    read.definition = sent_definition(definition);
    if (const auto type = body->find("type"); type != body->end()) {
        if (*type != "STANDARD" && *type != "EXPRESS") return invalid_request("type must be STANDARD or EXPRESS.");
        read.type = type->get<std::string>();
    }
    return read;
}

ApiResult<Response> validate(Orchestrator& orchestrator, const Call& call) {
    const auto read = read_body(call);
    if (!read) return read.error();
    const auto type = read->type == "EXPRESS" ? asl::MachineType::Express : asl::MachineType::Standard;
    const auto parsed = orchestrator.check_definition(read->definition.text, type, read->definition.syntax);
    const auto& diagnostics = parsed.diagnostics;
    Json answer = Json::object();
    answer["valid"] = std::none_of(diagnostics.begin(), diagnostics.end(),
                                   [](const auto& d) { return d.severity == asl::Severity::Error; });
    answer["diagnostics"] = diagnostics_json(diagnostics);
    if (!parsed.json.empty()) answer["json"] = parsed.json;
    return json_response(answer);
}

}  // namespace

std::vector<Endpoint> validation_endpoints() {
    Parameter type{"type", In::Query, "What the definition is for",
                   *parse_json(R"({"$ref": "#/components/schemas/MachineType"})")};
    return {
        {.method = "POST",
         .pattern = "/api/v1/validate",
         .id = "validateDefinition",
         .tag = "State machines",
         .summary = "Check a definition: all that is wrong or doubtful, with line, column and hint",
         .parameters = {std::move(type)},
         .body = Body::Raw,
         .body_schema = "ValidateRequest",
         .replies = {{200, "What was found", "Validation"}},
         .run = validate},
    };
}

}  // namespace pawl::web::rest
