#include "web/http.hpp"

#include <algorithm>
#include <utility>

#include "states/json.hpp"
#include "states/letter_case.hpp"
#include "web/uri.hpp"

namespace pawl::web {

namespace {

using Segments = std::vector<std::string_view>;
using Parameters = std::map<std::string, std::string, std::less<>>;

// "/a/b" is {"a", "b"}, "/a/" is {"a", ""}.
Segments split_path(std::string_view path) {
    Segments segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

enum class SegmentKind { Literal, One, Rest };

SegmentKind kind_of(std::string_view segment) {
    if (!segment.starts_with('{') || !segment.ends_with('}')) return SegmentKind::Literal;
    return segment.ends_with("...}") ? SegmentKind::Rest : SegmentKind::One;
}

std::string parameter_name(std::string_view segment) {
    segment.remove_prefix(1);
    segment.remove_suffix(segment.ends_with("...}") ? 4 : 1);
    return std::string{segment};
}

// Literal segments before `{name}` before `{name...}`, from the left.
bool more_specific(const Route& a, const Route& b) {
    const auto kinds = [](std::string_view pattern) {
        std::vector<SegmentKind> result;
        for (const auto segment : split_path(pattern)) result.push_back(kind_of(segment));
        return result;
    };
    return kinds(a.pattern) < kinds(b.pattern);
}

std::string join(const Segments& segments, std::size_t from) {
    std::string joined;
    for (std::size_t i = from; i < segments.size(); ++i) {
        if (i > from) joined += '/';
        joined += segments[i];
    }
    return joined;
}

// The path as it was sent, so that an encoded `/` stays inside its segment; requests made by hand may have no target.
struct RoutedPath {
    Segments segments;
    bool encoded;
    std::string decode(std::string_view text) const { return encoded ? percent_decode(text) : std::string{text}; }
};

RoutedPath routed_path(const Request& request) {
    const bool encoded = !request.target.empty();
    return {split_path(encoded ? split_target(request.target).first : std::string_view{request.path}), encoded};
}

std::optional<Parameters> match(std::string_view pattern, const RoutedPath& path) {
    const Segments expected = split_path(pattern);
    Parameters parameters;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const SegmentKind kind = kind_of(expected[i]);
        if (kind == SegmentKind::Rest) {
            if (i > path.segments.size()) return std::nullopt;
            parameters[parameter_name(expected[i])] = path.decode(join(path.segments, i));
            return parameters;
        }
        if (i >= path.segments.size()) return std::nullopt;
        const std::string segment = path.decode(path.segments[i]);
        if (kind == SegmentKind::Literal && segment != expected[i]) return std::nullopt;
        if (kind == SegmentKind::One && segment.empty()) return std::nullopt;
        if (kind == SegmentKind::One) parameters[parameter_name(expected[i])] = segment;
    }
    if (path.segments.size() != expected.size()) return std::nullopt;
    return parameters;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& h) { return same_letters(h.first, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    const auto found = std::ranges::find_if(query, [&](const auto& pair) { return pair.first == name; });
    if (found == query.end()) return std::nullopt;
    return found->second;
}

Response error_response(int status, std::string_view type, std::string_view message) {
    Response response;
    response.status = status;
    response.body = to_text(Json{{"type", type}, {"message", message}});
    return response;
}

void Router::add(Route route) {
    const auto position = std::ranges::upper_bound(routes_, route, more_specific);
    routes_.insert(position, std::move(route));
}

Response Router::handle(Request& request) const {
    const RoutedPath path = routed_path(request);
    const std::string_view method =
        request.method == "HEAD" ? std::string_view{"GET"} : std::string_view{request.method};
    std::string allowed;
    for (const auto& route : routes_) {
        auto parameters = match(route.pattern, path);
        if (!parameters) continue;
        if (route.method == method) {
            request.parameters = std::move(*parameters);
            return route.handler(request);
        }
        if (allowed.find(route.method) == std::string::npos) allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (allowed.empty()) return error_response(404, "NotFound", "There is nothing at " + request.path + ".");
    auto response =
        error_response(405, "MethodNotAllowed", request.method + " is not possible at " + request.path + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace pawl::web
