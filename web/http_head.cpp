#include "web/http_head.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "states/letter_case.hpp"

namespace pawl::web {

namespace {

Refusal bad_request(std::string message) { return {400, "BadRequest", std::move(message)}; }

bool is_token_char(char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           marks.find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// The next line without its CR LF; nothing when it has another end.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return std::nullopt;
    const auto line = text.substr(0, end - 1);
    text.remove_prefix(end + 1);
    return line;
}

// "http://host:port/path" (absolute form, as sent to proxies) is read as "/path".
std::optional<std::string> origin_form(std::string_view target) {
    if (target == "*") return "*";
    if (!target.starts_with('/')) {
        const auto scheme_end = target.find("://");
        if (scheme_end == std::string_view::npos) return std::nullopt;
        const auto scheme = target.substr(0, scheme_end);
        if (!same_letters(scheme, "http") && !same_letters(scheme, "https")) return std::nullopt;
        target.remove_prefix(scheme_end + 3);
        target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    }
    return target.starts_with('/') ? std::string{target} : "/" + std::string{target};
}

std::optional<Refusal> parse_request_line(std::string_view line, RequestHead& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return bad_request("The request line is malformed.");
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(method)) return bad_request("The method is malformed.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return version.starts_with("HTTP/") ? Refusal{505, "HttpVersionNotSupported", "Only HTTP/1.1 is spoken here."}
                                            : bad_request("The request line is malformed.");
    }
    const bool clean = std::ranges::none_of(target, [](char c) { return c == ' ' || is_control(c); });
    auto origin = clean ? origin_form(target) : std::nullopt;
    if (!origin) return bad_request("The request target is malformed.");
    head.method = method;
    head.target = std::move(*origin);
    head.minor_version = version.back() - '0';
    return std::nullopt;
}

std::optional<Refusal> parse_header_line(std::string_view line, RequestHead& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return bad_request("A header is malformed.");
    }
    const auto value = trim(line.substr(colon + 1));
    if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; })) {
        return bad_request("A header holds control characters.");
    }
    if (head.headers.size() == max_headers) {
        return Refusal{431, "RequestHeaderFieldsTooLarge", "The request has too many headers."};
    }
    head.headers.emplace_back(line.substr(0, colon), value);
    return std::nullopt;
}

std::size_t count_headers(const RequestHead& head, std::string_view name) {
    const auto is_it = [&](const auto& header) { return same_letters(header.first, name); };
    return static_cast<std::size_t>(std::ranges::count_if(head.headers, is_it));
}

// "keep-alive, Upgrade" has the element "upgrade".
bool list_has(std::string_view list, std::string_view element) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (same_letters(trim(list.substr(0, comma)), element)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

std::optional<std::size_t> parse_length(std::string_view text) {
    std::size_t length = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    // A number that is too large for us is as good as any that is over the limit.
    const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || stop != end) return std::nullopt;
    if (error == std::errc::result_out_of_range) return static_cast<std::size_t>(-1);
    return length;
}

}  // namespace

std::string_view RequestHead::header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& h) { return same_letters(h.first, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

bool RequestHead::keep_alive() const {
    const auto connection = header("Connection");
    return minor_version == 0 ? list_has(connection, "keep-alive") : !list_has(connection, "close");
}

std::size_t end_of_head(std::string_view text) {
    for (auto line_end = text.find('\n'); line_end != std::string_view::npos;
         line_end = text.find('\n', line_end + 1)) {
        const auto rest = text.substr(line_end + 1);
        if (rest.starts_with("\r\n")) return line_end + 3;
        if (rest.starts_with('\n')) return line_end + 2;  // refused by parse_head, but no reason to wait for more
    }
    return std::string_view::npos;
}

Result<RequestHead, Refusal> parse_head(std::string_view text) {
    RequestHead head;
    const auto request_line = take_line(text);
    if (!request_line) return bad_request("Lines have to end with CR LF.");
    if (auto refusal = parse_request_line(*request_line, head)) return std::move(*refusal);
    for (;;) {
        const auto line = take_line(text);
        if (!line) return bad_request("Lines have to end with CR LF.");
        if (line->empty()) break;
        if (auto refusal = parse_header_line(*line, head)) return std::move(*refusal);
    }
    if (count_headers(head, "Host") > 1) return bad_request("There is more than one Host header.");
    return head;
}

Result<Framing, Refusal> framing_of(const RequestHead& head, std::size_t body_limit_bytes) {
    Framing framing;
    const auto coding = head.header("Content-Encoding");
    if (!coding.empty() && !same_letters(coding, "identity")) {
        return Refusal{415, "UnsupportedMediaType", "Compressed requests (Content-Encoding) are not accepted."};
    }
    if (const auto expect = head.header("Expect"); !expect.empty()) {
        if (!same_letters(expect, "100-continue")) return Refusal{417, "ExpectationFailed", "Unknown expectation."};
        framing.expects_continue = true;
    }
    const auto lengths = count_headers(head, "Content-Length");
    if (count_headers(head, "Transfer-Encoding") > 0) {
        // Both at once is how requests are smuggled past proxies.
        if (lengths > 0 || head.minor_version == 0) return bad_request("Transfer-Encoding and Content-Length clash.");
        if (count_headers(head, "Transfer-Encoding") > 1 ||
            !same_letters(head.header("Transfer-Encoding"), "chunked")) {
            return Refusal{501, "NotImplemented", "The only transfer coding known here is chunked."};
        }
        framing.chunked = true;
        return framing;
    }
    if (lengths == 0) return framing;
    const auto length = lengths == 1 ? parse_length(head.header("Content-Length")) : std::nullopt;
    if (!length) return bad_request("Content-Length is malformed.");
    if (*length > body_limit_bytes) return body_too_large(body_limit_bytes);
    framing.length = *length;
    return framing;
}

Refusal body_too_large(std::size_t body_limit_bytes) {
    return {413, "RequestEntityTooLarge",
            "The request's body is larger than " + std::to_string(body_limit_bytes) + " bytes."};
}

}  // namespace pawl::web
