#include "web/lambda/function_url.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

#include "orchestrator/functions/trace_id.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"
#include "web/lambda/invocation.hpp"
#include "web/uri.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::string_view first_segment = "lambda-url";

Response refusal(int status, const std::string& message) {
    Response response;
    response.status = status;
    response.body = to_text(Json{{"Message", message}});
    return response;
}

struct UrlPath {
    std::string function;  // decoded
    std::string_view rest;
};

// From the target, since functions get what follows their own part as it was sent, still encoded.
std::optional<UrlPath> url_path(const Request& request) {
    auto path = request.target.empty() ? std::string_view{request.path} : split_target(request.target).first;
    path.remove_prefix(std::min<std::size_t>(1, path.size()));
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || percent_decode(path.substr(0, slash)) != first_segment) return std::nullopt;
    path.remove_prefix(slash + 1);
    const auto end = path.find('/');
    return UrlPath{percent_decode(path.substr(0, end)), end == std::string_view::npos ? "/" : path.substr(end)};
}

// "12/Mar/2020:19:03:58 +0000"
std::string log_time(Instant at) {
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02u/%s/%04d:%02d:%02d:%02d +0000", static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

bool is_text(std::string_view content_type, const std::string& body) {
    const auto type = lower_case(content_type.substr(0, content_type.find(';')));
    const bool named = type.starts_with("text/") || type == "application/json" || type == "application/javascript" ||
                       type == "application/xml" || type.ends_with("+json") || type.ends_with("+xml");
    if (!named) return false;
    const auto whole = parse_json(to_text(Json(body)));  // what is no UTF-8 has no place in a JSON text
    return whole && whole->get_ref<const std::string&>() == body;
}

// "8083" of "localhost:8083" and "[::1]:8083".
std::string port_of(std::string_view host, std::string_view scheme) {
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) return std::string{host.substr(colon + 1)};
    return scheme == "https" ? "443" : "80";
}

// What AWS's own proxies add. What a proxy in front of this server has said already stays.
void add_proxy_headers(Json& headers, const Request& request, std::string_view request_id) {
    const auto add = [&](const std::string& name, const std::string& value) {
        if (!headers.contains(name)) headers[name] = value;
    };
    const auto passed_on = headers.value("x-forwarded-for", std::string{});
    headers["x-forwarded-for"] = passed_on + (passed_on.empty() ? "" : ", ") + request.remote_address;
    add("x-forwarded-proto", "http");
    add("x-forwarded-port", port_of(request.header("Host"), headers["x-forwarded-proto"].get<std::string>()));
    add("x-amzn-trace-id", "Root=" + trace_root(request_id));
}

// Headers by lower-case name, several of one name joined; cookies have a place of their own.
void add_headers(Json& event, const Request& request, std::string_view request_id) {
    Json headers = Json::object(), cookies = Json::array();
    for (const auto& [given, value] : request.headers) {
        const auto name = lower_case(given);
        if (name == "cookie") {
            std::string_view left = value;
            while (!left.empty()) {
                const auto end = left.find(';');
                auto one = left.substr(0, end);
                while (one.starts_with(' ')) one.remove_prefix(1);
                if (!one.empty()) cookies.push_back(std::string{one});
                left = end == std::string_view::npos ? std::string_view{} : left.substr(end + 1);
            }
        } else if (headers.contains(name)) {
            headers[name] = headers[name].get<std::string>() + "," + value;
        } else {
            headers[name] = value;
        }
    }
    add_proxy_headers(headers, request, request_id);
    if (!cookies.empty()) event["cookies"] = std::move(cookies);
    event["headers"] = std::move(headers);
}

std::string header_value(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

// --- Pages: they come from where the APIs and the viewer are, and could use both as if they were the viewer.

constexpr std::string_view page_policy = "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads";

// Whether a browser may show it as a document that runs scripts: HTML, any XML, and what it has to guess the type of.
// Where several types are given it chooses one of them, so each counts.
bool may_be_page(std::string_view content_type) {
    const auto type = lower_case(content_type);
    const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
    return has("html") || has("xml") || has("unknown") || has("*") || !has("/");
}

// Puts a page into an origin of its own, unless the function says itself what it may do.
void confine_page(Response& response) {
    const bool has_policy = std::ranges::any_of(
        response.headers, [](const auto& header) { return same_letters(header.first, "Content-Security-Policy"); });
    if (has_policy || !may_be_page(response.content_type)) return;
    response.headers.emplace_back("Content-Security-Policy", page_policy);
}

// --- CORS: answered here, not by the function.

bool is_allowed(const Json& list, std::string_view value) {
    return std::ranges::any_of(list, [&](const Json& one) {
        const auto& text = one.get_ref<const std::string&>();
        return text == "*" || same_letters(text, value);
    });
}

std::string joined(const Json& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : ",") + one.get<std::string>();
    return text;
}

void add_cors(Response& response, const Json& config, const Request& request, bool preflight) {
    const auto cors = config.find("Cors");
    const auto origin = request.header("Origin");
    if (cors == config.end() || origin.empty()) return;
    if (!is_allowed(cors->value("AllowOrigins", Json::array()), origin)) return;
    std::erase_if(response.headers,
                  [](const auto& header) { return lower_case(header.first).starts_with("access-control-"); });
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Vary", "Origin");
    if (cors->value("AllowCredentials", false))
        response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
    if (const auto expose = cors->value("ExposeHeaders", Json::array()); !expose.empty()) {
        response.headers.emplace_back("Access-Control-Expose-Headers", joined(expose));
    }
    if (!preflight) return;
    if (const auto methods = cors->value("AllowMethods", Json::array()); !methods.empty()) {
        response.headers.emplace_back("Access-Control-Allow-Methods", joined(methods));
    }
    if (const auto headers = cors->value("AllowHeaders", Json::array()); !headers.empty()) {
        response.headers.emplace_back("Access-Control-Allow-Headers", joined(headers));
    }
    if (cors->contains("MaxAge")) {
        response.headers.emplace_back("Access-Control-Max-Age", std::to_string((*cors)["MaxAge"].get<std::int64_t>()));
    }
}

bool is_preflight(const Request& request, const Json& config) {
    return request.method == "OPTIONS" && config.contains("Cors") && !request.header("Origin").empty() &&
           !request.header("Access-Control-Request-Method").empty();
}

}  // namespace

Json url_event(const Request& request, std::string_view function, std::string_view path, std::string_view request_id,
               Instant now) {
    Json event = Json::object();
    event["version"] = "2.0";
    event["routeKey"] = "$default";
    event["rawPath"] = std::string{path};
    event["rawQueryString"] = std::string{split_target(request.target).second};
    add_headers(event, request, request_id);
    Json query = Json::object();
    for (const auto& [name, value] : request.query) {
        query[name] = query.contains(name) ? query[name].get<std::string>() + "," + value : value;
    }
    if (!query.empty()) event["queryStringParameters"] = std::move(query);
    const std::string host{request.header("Host")};
    Json context = Json::object();
    context["accountId"] = "anonymous";
    context["apiId"] = std::string{function};
    context["domainName"] = host;
    context["domainPrefix"] = host.substr(0, host.find_first_of(".:"));
    context["http"] = Json{{"method", request.method},
                           {"path", std::string{path}},
                           {"protocol", "HTTP/1.1"},
                           {"sourceIp", request.remote_address},
                           {"userAgent", std::string{request.header("User-Agent")}}};
    context["requestId"] = std::string{request_id};
    context["routeKey"] = "$default";
    context["stage"] = "$default";
    context["time"] = log_time(now);
    context["timeEpoch"] = now.time_since_epoch().count();
    event["requestContext"] = std::move(context);
    const bool text = request.body.empty() || is_text(request.header("Content-Type"), request.body);
    if (!request.body.empty()) event["body"] = text ? request.body : to_base64(request.body);
    event["isBase64Encoded"] = !text;
    return event;
}

Response url_response(const std::string& result) {
    Response response;
    const auto json = parse_json(result);
    const auto status = json && json->is_object() ? json->find("statusCode") : Json::const_iterator{};
    if (!json || !json->is_object() || status == json->end() || !status->is_number_integer()) {
        response.body = result;
        return response;
    }
    response.status = status->get<int>();
    if (response.status < 200 || response.status > 599) return refusal(502, "Internal Server Error");
    if (const auto headers = json->find("headers"); headers != json->end() && headers->is_object()) {
        for (const auto& [name, value] : headers->items()) {
            if (same_letters(name, "Content-Type")) {
                response.content_type = header_value(value);
            } else if (!same_letters(name, "Content-Length") && !same_letters(name, "Transfer-Encoding") &&
                       !same_letters(name, "Connection")) {
                response.headers.emplace_back(name, header_value(value));
            }
        }
    }
    if (const auto cookies = json->find("cookies"); cookies != json->end() && cookies->is_array()) {
        for (const auto& cookie : *cookies) response.headers.emplace_back("Set-Cookie", header_value(cookie));
    }
    if (const auto body = json->find("body"); body != json->end() && !body->is_null()) {
        response.body = header_value(*body);
        const auto encoded = json->find("isBase64Encoded");
        if (encoded != json->end() && encoded->is_boolean() && encoded->get<bool>()) {
            if (auto bytes = from_base64(response.body)) response.body = *std::move(bytes);
        }
    }
    return response;
}

Response answer_url(const Functions& functions, const Request& request) {
    const auto path = url_path(request);
    const auto name = path ? parse_function_name(path->function) : std::nullopt;
    if (!name) return refusal(404, "Not Found");
    const auto config = functions.registry.extra(FunctionRegistry::Extra::Url, *name);
    if (!config) return refusal(404, "Not Found");
    // There are no keys to hold a signature against: it only has to be there.
    if (config->value("AuthType", "NONE") == "AWS_IAM" &&
        !request.header("Authorization").starts_with("AWS4-HMAC-SHA256 ")) {
        return refusal(403, "Forbidden");
    }
    if (is_preflight(request, *config)) {
        Response response;
        response.status = 200;
        add_cors(response, *config, request, true);
        return response;
    }
    const auto target = functions.invoker.resolve(*name);
    if (!target) return refusal(404, "Not Found");
    const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    Invocation invocation;
    invocation.request_id = new_uuid();
    invocation.payload = to_text(url_event(request, name->name, path->rest, invocation.request_id, now));
    const auto finished = [config = *config, request_id = invocation.request_id, head = [&] {
        Request kept;
        kept.headers = request.headers;
        return kept;
    }()](Response response) {
        response.headers.emplace_back("x-amzn-RequestId", request_id);
        confine_page(response);
        add_cors(response, config, head, false);
        return response;
    };
    return invoke_later(
        functions, *target, std::move(invocation),
        [finished](const InvocationReport& report) {
            return finished(report.outcome ? url_response(*report.outcome) : refusal(502, "Internal Server Error"));
        },
        [finished](const ApiError& error) {
            return finished(error.type == "TooManyRequestsException" ? refusal(429, "Too Many Requests")
                                                                     : refusal(502, "Internal Server Error"));
        });
}

}  // namespace pawl::web::lambda
