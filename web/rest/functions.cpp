// /api/v1/functions: the functions there are, what they did lately, and what they printed.
#include "web/functions.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/functions/function_log.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "web/lambda/views.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"

namespace pawl::web::rest {
namespace {

constexpr std::size_t log_piece_bytes = 256 * 1024;
constexpr std::size_t first_piece_bytes = 64 * 1024;
constexpr std::size_t shown_log_bytes = 4 * 1024;  // of each invocation in a list

ApiError not_found(const std::string& what) { return {"ResourceNotFound", what}; }

// By name or ARN; what follows is about all its versions together.
ApiResult<FunctionPtr> function_of(const Functions* functions, const Call& call) {
    const auto name = parse_function_name(call.path("name"));
    if (functions != nullptr && name) {
        if (auto function = functions->registry.find(name->name)) return *std::move(function);
    }
    return not_found("There is no function " + call.path("name") + ".");
}

double milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000.0; }

std::string time_text(std::chrono::system_clock::time_point time) {
    return to_iso8601(std::chrono::floor<Millis>(time));
}

// Of the function and all its published versions.
FunctionCounters counters_of(const std::map<std::string, FunctionCounters>& all, const std::string& name) {
    FunctionCounters sum;
    for (const auto& [key, one] : all) {
        if (key != name && !key.starts_with(name + ":")) continue;
        sum.invocations += one.invocations;
        sum.errors += one.errors;
        sum.running += one.running;
        sum.queued += one.queued;
        sum.processes += one.processes;
    }
    return sum;
}

void add_program(Json& json, const FunctionRecord& function) {
    if (function.given) {
        const auto& config = *function.given;
        if (!config.command.empty()) json["command"] = config.command;
        if (!config.runtime.empty()) json["runtime"] = config.runtime;
        if (!config.handler.empty()) json["handler"] = config.handler;
        if (!config.url.empty()) json["url"] = lambda::public_url(config.url);
        json["timeoutSeconds"] = config.timeout.count();
        json["maxConcurrency"] =
            function.reserved_concurrency.value_or(static_cast<std::int64_t>(config.max_concurrency));
        return;
    }
    const auto& settings = function.versions.at(latest_version).settings;
    json["runtime"] = settings.value("Runtime", "");
    json["handler"] = settings.value("Handler", "");
    json["timeoutSeconds"] = settings.value("Timeout", std::int64_t{3});
    if (function.reserved_concurrency) json["maxConcurrency"] = *function.reserved_concurrency;
}

Json summary(const Functions& functions, const FunctionRecord& function,
             const std::map<std::string, FunctionCounters>& counters) {
    Json json = Json::object();
    json["name"] = function.name;
    json["arn"] = functions.registry.arn_of(function.name);
    add_program(json, function);
    const auto sum = counters_of(counters, function.name);
    if (!json.contains("url")) json["processes"] = sum.processes;
    json["running"] = sum.running;
    json["queued"] = sum.queued;
    json["invocations"] = sum.invocations;
    json["errors"] = sum.errors;
    if (const auto recent = functions.pool.recent(function.name, 1); !recent.empty()) {
        json["lastInvocation"] = time_text(recent.front().start);
    }
    return json;
}

ApiResult<Response> list(const Functions* functions, const Call&) {
    Json json = Json::object();
    json["functions"] = Json::array();
    if (functions != nullptr) {
        const auto counters = functions->pool.counters();
        for (const auto& function : functions->registry.list()) {
            json["functions"].push_back(summary(*functions, *function, counters));
        }
    }
    return json_response(json);
}

ApiResult<Response> get(const Functions* functions, const Call& call) {
    const auto function = function_of(functions, call);
    if (!function) return function.error();
    return json_response(summary(*functions, **function, functions->pool.counters()));
}

// --- Invocations.

// A log's invocations by request id, each from its START line to its REPORT line: of one piece of it.
std::map<std::string, std::string, std::less<>> logs_by_request(const std::string& text) {
    constexpr std::string_view start = "START RequestId: ";
    std::map<std::string, std::string, std::less<>> logs;
    std::vector<std::pair<const std::string, std::string>*> open;  // the last is that of the lines that come
    std::string_view before;
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find('\n', at);
        end = end == std::string::npos ? text.size() : end + 1;
        const auto line = std::string_view{text}.substr(at, end - at);
        at = end;
        if (line.starts_with(start)) {
            const auto rest = line.substr(start.size());
            open.push_back(&*logs.try_emplace(std::string{rest.substr(0, rest.find_first_of(" \n"))}).first);
        }
        if (!open.empty()) open.back()->second += line;
        if (!open.empty() && ends_invocation(line, before, open.back()->first)) open.pop_back();
        before = line;
    }
    return logs;
}

// UTF-8, with U+FFFD for what is none.
std::string readable(const std::string& bytes) {
    const auto read = parse_json(to_text(Json(bytes)));
    return read ? read->get<std::string>() : std::string{};
}

Json invocation_json(const InvocationRecord& record, const std::string* log) {
    Json json = Json::object();
    json["requestId"] = record.request_id;
    json["startDate"] = time_text(record.start);
    json["finished"] = true;
    json["durationMs"] = milliseconds(record.duration);
    json["billedMs"] = record.billed.count();
    if (record.init_duration.count() > 0) json["initMs"] = milliseconds(record.init_duration);
    if (!record.error_type.empty()) json["error"] = record.error_type;
    const bool cut = log == nullptr || log->size() > shown_log_bytes;
    json["log"] = log == nullptr ? "" : readable(cut ? log->substr(log->size() - shown_log_bytes) : *log);
    if (cut) json["truncated"] = true;
    return json;
}

ApiResult<Response> invocations(const Functions* functions, const Call& call) {
    const auto function = function_of(functions, call);
    if (!function) return function.error();
    const auto recent = functions->pool.recent((*function)->name, recent_invocations);
    auto next = recent.begin();
    if (call.query.contains("cursor")) {
        next = std::ranges::find(recent, call.query["cursor"].get<std::string>(), &InvocationRecord::request_id);
        // The one that the page before ended with may be forgotten by now, and all that were older with it.
        if (next != recent.end()) ++next;
    }
    const auto log = functions->pool.log((*function)->name);
    const auto logs = log ? logs_by_request(log->tail(log_piece_bytes).text) : logs_by_request("");
    Json page = Json::object();
    page["invocations"] = Json::array();
    for (auto left = call.query["limit"].get<std::size_t>(); next != recent.end() && left > 0; ++next, --left) {
        const auto found = logs.find(next->request_id);
        page["invocations"].push_back(invocation_json(*next, found == logs.end() ? nullptr : &found->second));
    }
    if (next != recent.end() && next != recent.begin()) page["nextCursor"] = std::prev(next)->request_id;
    return json_response(page);
}

// --- Logs.

ApiResult<Response> log_of_invocation(const FunctionLog* log, const std::string& request_id) {
    auto text = log == nullptr ? std::nullopt : log->of(request_id);
    if (!text) return not_found("There is no log of an invocation " + request_id + ".");
    const bool cut = text->size() > log_piece_bytes;
    Json json = Json::object();
    json["text"] = readable(cut ? text->substr(text->size() - log_piece_bytes) : *text);
    json["nextAfter"] = "0";
    json["truncated"] = cut;
    return json_response(json);
}

ApiResult<Response> logs(const Functions* functions, const Call& call) {
    const auto function = function_of(functions, call);
    if (!function) return function.error();
    const auto log = functions->pool.log((*function)->name);
    if (call.query.contains("requestId"))
        return log_of_invocation(log.get(), call.query["requestId"].get<std::string>());
    FunctionLog::Piece piece;
    bool truncated = false;
    if (log && call.query.contains("after")) {
        const auto& text = call.query["after"].get_ref<const std::string&>();
        std::uint64_t after = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
        if (error != std::errc{} || end != text.data() + text.size()) {
            return invalid_request("The query parameter after is not one that this server gave.");
        }
        piece = log->read(after, log_piece_bytes);
        truncated = piece.begin > after;
    } else if (log) {
        piece = log->tail(first_piece_bytes);
        truncated = piece.begin > 0;
    }
    Json json = Json::object();
    json["text"] = readable(piece.text);
    json["nextAfter"] = std::to_string(piece.next);
    json["truncated"] = truncated;
    return json_response(json);
}

}  // namespace

std::vector<Endpoint> function_endpoints() {
    const std::string base = "/api/v1/functions";
    const Parameter name{"name", In::Path, "The function's name or ARN",
                         *parse_json(R"({"type": "string", "minLength": 1})"), "resize"};
    const Parameter request_id{"requestId", In::Query, "Of this invocation alone",
                               *parse_json(R"({"type": "string", "minLength": 1})")};
    const Parameter after{"after", In::Query, "What came after: the `nextAfter` of the answer before",
                          *parse_json(R"({"type": "string", "minLength": 1})")};
    return {
        {.method = "GET",
         .pattern = base,
         .id = "listFunctions",
         .tag = "Functions",
         .summary = "All functions, by name",
         .replies = {{200, "The functions", "FunctionList"}},
         .serve = list},
        {.method = "GET",
         .pattern = base + "/{name}",
         .id = "getFunction",
         .tag = "Functions",
         .summary = "One function",
         .parameters = {name},
         .replies = {{200, "The function", "FunctionSummary"}},
         .errors = {"ResourceNotFound"},
         .serve = get},
        {.method = "GET",
         .pattern = base + "/{name}/invocations",
         .id = "listInvocations",
         .tag = "Functions",
         .summary = "What the function did lately, newest first; the last 500 of each function are kept, in memory",
         .parameters = {name, limit_parameter(), cursor_parameter()},
         .replies = {{200, "A page of invocations", "InvocationPage"}},
         .errors = {"ResourceNotFound"},
         .serve = invocations},
        {.method = "GET",
         .pattern = base + "/{name}/logs",
         .id = "getFunctionLog",
         .tag = "Functions",
         .summary = "What the function printed, oldest first: the end of its log, or what came after",
         .parameters = {name, request_id, after},
         .replies = {{200, "A piece of the log", "FunctionLog"}},
         .errors = {"ResourceNotFound"},
         .serve = logs},
    };
}

}  // namespace pawl::web::rest
