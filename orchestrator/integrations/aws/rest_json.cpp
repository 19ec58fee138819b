// REST with JSON: which method and path an operation has is a table. Spec: the services' API references.
#include <algorithm>
#include <array>
#include <set>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/text_encodings.hpp"

namespace pawl::aws {
namespace {

struct Operation {
    std::string_view service;
    std::string_view action;
    std::string_view method;
    std::string_view path;   // {Member}: its value
    std::string_view query;  // members that go there, with a name of their own after "=": "GroupName=groupName"
};

// clang-format off
constexpr auto operations = std::to_array<Operation>({
    {"batch",     "SubmitJob",                   "POST",   "/v1/submitjob", ""},
    {"batch",     "DescribeJobs",                "POST",   "/v1/describejobs", ""},
    {"batch",     "ListJobs",                    "POST",   "/v1/listjobs", ""},
    {"batch",     "CancelJob",                   "POST",   "/v1/canceljob", ""},
    {"batch",     "TerminateJob",                "POST",   "/v1/terminatejob", ""},
    {"lambda",    "Invoke",                      "POST",   "/2015-03-31/functions/{FunctionName}/invocations", "Qualifier"},
    {"lambda",    "GetFunction",                 "GET",    "/2015-03-31/functions/{FunctionName}", "Qualifier"},
    {"lambda",    "GetFunctionConfiguration",    "GET",    "/2015-03-31/functions/{FunctionName}/configuration", "Qualifier"},
    {"lambda",    "ListFunctions",               "GET",    "/2015-03-31/functions", "Marker MaxItems FunctionVersion MasterRegion"},
    {"lambda",    "ListVersionsByFunction",      "GET",    "/2015-03-31/functions/{FunctionName}/versions", "Marker MaxItems"},
    {"lambda",    "DeleteFunction",              "DELETE", "/2015-03-31/functions/{FunctionName}", "Qualifier"},
    {"lambda",    "PublishVersion",              "POST",   "/2015-03-31/functions/{FunctionName}/versions", ""},
    {"lambda",    "UpdateFunctionConfiguration", "PUT",    "/2015-03-31/functions/{FunctionName}/configuration", ""},
    {"lambda",    "GetAlias",                    "GET",    "/2015-03-31/functions/{FunctionName}/aliases/{Name}", ""},
    {"lambda",    "UpdateAlias",                 "PUT",    "/2015-03-31/functions/{FunctionName}/aliases/{Name}", ""},
    {"lambda",    "GetFunctionConcurrency",      "GET",    "/2019-09-30/functions/{FunctionName}/concurrency", ""},
    {"lambda",    "PutFunctionConcurrency",      "PUT",    "/2017-10-31/functions/{FunctionName}/concurrency", ""},
    {"rdsdata",   "ExecuteStatement",            "POST",   "/Execute", ""},
    {"rdsdata",   "BatchExecuteStatement",       "POST",   "/BatchExecute", ""},
    {"rdsdata",   "BeginTransaction",            "POST",   "/BeginTransaction", ""},
    {"rdsdata",   "CommitTransaction",           "POST",   "/CommitTransaction", ""},
    {"rdsdata",   "RollbackTransaction",         "POST",   "/RollbackTransaction", ""},
    {"scheduler", "CreateSchedule",              "POST",   "/schedules/{Name}", ""},
    {"scheduler", "UpdateSchedule",              "PUT",    "/schedules/{Name}", ""},
    {"scheduler", "GetSchedule",                 "GET",    "/schedules/{Name}", "GroupName=groupName"},
    {"scheduler", "DeleteSchedule",              "DELETE", "/schedules/{Name}", "GroupName=groupName ClientToken=clientToken"},
    {"scheduler", "ListSchedules",               "GET",    "/schedules", "GroupName=ScheduleGroup NamePrefix State NextToken MaxResults"},
});
// clang-format on

const Operation* find_operation(std::string_view service, std::string_view action) {
    const auto found = std::ranges::find_if(
        operations, [&](const auto& known) { return known.service == service && known.action == action; });
    return found == operations.end() ? nullptr : &*found;
}

// Lambda's Invoke says how in headers, and sends the payload as it is.
Signable invoke_request(const Json& parameters, Signable request) {
    for (const auto& [member, header] :
         {std::pair{"InvocationType", "X-Amz-Invocation-Type"}, std::pair{"LogType", "X-Amz-Log-Type"},
          std::pair{"ClientContext", "X-Amz-Client-Context"}}) {
        const auto found = parameters.find(member);
        if (found != parameters.end() && !found->is_null()) request.headers.emplace_back(header, as_text(*found));
    }
    const auto payload = parameters.find("Payload");
    request.body = payload == parameters.end() ? "" : as_text(*payload);
    return request;
}

Json invoke_answer(const HttpAnswer& answer) {
    Json result = Json::object();
    if (auto error = header_of(answer.headers, "X-Amz-Function-Error"); !error.empty()) result["FunctionError"] = error;
    if (auto tail = header_of(answer.headers, "X-Amz-Log-Result"); !tail.empty()) result["LogResult"] = tail;
    if (auto version = header_of(answer.headers, "X-Amz-Executed-Version"); !version.empty()) {
        result["ExecutedVersion"] = version;
    }
    if (!answer.body.empty()) result["Payload"] = answer.body;
    result["StatusCode"] = answer.status;
    return result;
}

}  // namespace

bool knows_rest_action(const Service& service, std::string_view action) {
    return find_operation(service.name, action) != nullptr;
}

Encoded encode_rest_json(const Call& call, const Json& parameters) {
    const auto* operation = find_operation(call.service->name, call.action);
    if (!operation) return "The action " + call.action + " is not supported";
    Signable request{std::string{operation->method}, {}, {}, {{"Content-Type", "application/json"}}, {}};
    std::set<std::string, std::less<>> placed;  // members that are not in the body
    auto rest = operation->path;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        request.path += rest.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = rest.find('}', open);
        const std::string member{rest.substr(open + 1, close - open - 1)};
        const auto value = parameters.find(member);
        if (value == parameters.end() || !value->is_string() || value->get_ref<const std::string&>().empty()) {
            return "The field '" + member + "' is required but was missing";
        }
        request.path += percent_encode(value->get<std::string>());
        placed.insert(member);
        rest.remove_prefix(close + 1);
    }
    auto names = operation->query;
    while (!names.empty()) {
        const auto entry = names.substr(0, names.find(' '));
        names.remove_prefix(std::min(names.size(), entry.size() + 1));
        const auto equals = entry.find('=');
        const std::string member{entry.substr(0, equals)};
        const std::string name{equals == std::string_view::npos ? entry : entry.substr(equals + 1)};
        placed.insert(member);
        const auto value = parameters.find(member);
        if (value != parameters.end() && !value->is_null()) request.query.emplace_back(name, as_text(*value));
    }
    if (call.service->name == "lambda" && call.action == "Invoke")
        return invoke_request(parameters, std::move(request));
    Json body = Json::object();
    for (const auto& [name, value] : parameters.items()) {
        if (!placed.contains(name)) body[name] = value;
    }
    const bool bodiless = operation->method == "GET" || operation->method == "DELETE";
    if (!bodiless) request.body = to_text(call.service->lower_members ? lower_members(body) : body);
    return request;
}

Decoded decode_rest_json(const Call& call, const HttpAnswer& answer) {
    if (answer.status < 200 || answer.status > 299) return json_error(answer);
    if (call.service->name == "lambda" && call.action == "Invoke") return invoke_answer(answer);
    return decode_json(call, answer);
}

}  // namespace pawl::aws
