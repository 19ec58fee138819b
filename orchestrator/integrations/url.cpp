#include "orchestrator/integrations/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"

namespace pawl {
namespace {

struct FreeUrl {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string copy{text};
    curl_free(text);
    return copy;
}

// "%76+w" -> "v w"
std::string form_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = text[at] == '%' ? from_hex(lower_case(text.substr(at + 1, 2))) : std::nullopt;
        if (byte && byte->size() == 1) {
            plain += *byte;
            at += 2;
        } else {
            plain += text[at] == '+' ? ' ' : text[at];
        }
    }
    return plain;
}

}  // namespace

std::string Url::authority() const {
    const bool usual = port == (scheme == "https" ? 443 : 80);
    return usual ? host : host + ":" + std::to_string(port);
}

std::optional<Url> parse_url(std::string_view text) {
    const bool printable =
        std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 127; });
    if (!printable || text.find('#') != std::string_view::npos) return std::nullopt;  // an empty fragment, too
    const std::unique_ptr<CURLU, FreeUrl> url{curl_url()};
    if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
        return std::nullopt;
    }
    Url parts;
    parts.scheme = part_of(url.get(), CURLUPART_SCHEME);
    parts.host = part_of(url.get(), CURLUPART_HOST);
    parts.path = part_of(url.get(), CURLUPART_PATH);
    parts.query = part_of(url.get(), CURLUPART_QUERY);
    const bool web = parts.scheme == "http" || parts.scheme == "https";
    if (!web || parts.host.empty() || !part_of(url.get(), CURLUPART_USER).empty() ||
        !part_of(url.get(), CURLUPART_FRAGMENT).empty()) {
        return std::nullopt;
    }
    parts.port = std::stoi(part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
    return parts;
}

std::string without_pairs(std::string url, const Query& names) {
    const auto mark = url.find('?');
    if (mark == std::string::npos || names.empty()) return url;
    std::string_view rest = std::string_view{url}.substr(mark + 1);
    std::string kept;
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto name = form_decoded(pair.substr(0, pair.find('=')));
        if (pair.empty() || std::ranges::find(names, name, &Query::value_type::first) != names.end()) continue;
        kept += (kept.empty() ? "" : "&") + std::string{pair};
    }
    return url.substr(0, kept.empty() ? mark : mark + 1) + kept;
}

std::string query_text(const Query& query) {
    std::string text;
    for (const auto& [name, value] : query) {
        if (!text.empty()) text += '&';
        text += percent_encode(name) + "=" + percent_encode(value);
    }
    return text;
}

}  // namespace pawl
