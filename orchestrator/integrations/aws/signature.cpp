#include "orchestrator/integrations/aws/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <vector>

#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"

namespace pawl::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error{"SHA-256 is missing in OpenSSL"};
    }
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size)) {
        throw std::runtime_error{"HMAC is missing in OpenSSL"};
    }
    return {reinterpret_cast<const char*>(digest.data()), size};
}

// Without spaces at its ends, and with single ones within.
std::string trimmed(std::string_view value) {
    std::string text;
    for (const char c : value) {
        const bool space = c == ' ' || c == '\t';
        if (space && (text.empty() || text.back() == ' ')) continue;
        text += space ? ' ' : c;
    }
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::map<std::string, std::string> canonical_headers(const HttpHeaders& headers) {
    std::map<std::string, std::string> canonical;
    for (const auto& [name, value] : headers) {
        auto [place, fresh] = canonical.try_emplace(lower_case(name), trimmed(value));
        if (!fresh) place->second += "," + trimmed(value);
    }
    return canonical;
}

std::string signed_headers(const HttpHeaders& headers) {
    std::string names;
    for (const auto& [name, value] : canonical_headers(headers)) names += (names.empty() ? "" : ";") + name;
    return names;
}

// "/a/./b//../c" -> "/a/c": RFC 3986, section 5.2.4, and no empty segments.
std::string normalized(std::string_view path) {
    std::vector<std::string_view> segments;
    std::size_t at = 0;
    while (at <= path.size()) {
        const auto slash = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, slash - at);
        if (segment == "..") {
            if (!segments.empty()) segments.pop_back();
        } else if (!segment.empty() && segment != ".") {
            segments.push_back(segment);
        }
        at = slash + 1;
    }
    std::string text;
    for (const auto segment : segments) text += "/" + std::string{segment};
    const bool open = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    if (open || text.empty()) text += "/";
    return text;
}

std::string canonical_query(const Query& query) {
    Query encoded;
    for (const auto& [name, value] : query) encoded.emplace_back(percent_encode(name), percent_encode(value));
    std::sort(encoded.begin(), encoded.end());
    std::string text;
    for (const auto& [name, value] : encoded) text += (text.empty() ? "" : "&") + name + "=" + value;
    return text;
}

std::string scope_text(const SigningScope& scope) {
    return amz_date(scope.at).substr(0, 8) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

}  // namespace

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

std::string amz_date(Instant at) {
    std::string date;
    for (const char c : to_iso8601(at)) {  // 2015-08-30T12:36:00.000Z
        if (c == '.') break;
        if (c != '-' && c != ':') date += c;
    }
    return date + "Z";
}

std::string canonical_request(const Signable& request, bool s3) {
    // Services but S3 see the path encoded once more.
    const auto path = s3 ? request.path : percent_encode(normalized(request.path), true);
    std::string text = request.method + "\n" + path + "\n" + canonical_query(request.query) + "\n";
    for (const auto& [name, value] : canonical_headers(request.headers)) text += name + ":" + value + "\n";
    const auto stated = s3 ? header_of(request.headers, "x-amz-content-sha256") : std::string{};
    return text + "\n" + signed_headers(request.headers) + "\n" + (stated.empty() ? sha256_hex(request.body) : stated);
}

std::string string_to_sign(std::string_view canonical, const SigningScope& scope) {
    return std::string{algorithm} + "\n" + amz_date(scope.at) + "\n" + scope_text(scope) + "\n" + sha256_hex(canonical);
}

std::string signature(std::string_view text, const Credentials& credentials, const SigningScope& scope) {
    auto key = hmac("AWS4" + credentials.secret_access_key, amz_date(scope.at).substr(0, 8));
    key = hmac(key, scope.region);
    key = hmac(key, scope.service);
    key = hmac(key, "aws4_request");
    return to_hex(hmac(key, text));
}

void sign(Signable& request, const Credentials& credentials, const SigningScope& scope) {
    const bool s3 = scope.service == "s3";
    if (s3) request.headers.emplace_back("x-amz-content-sha256", sha256_hex(request.body));
    request.headers.emplace_back("X-Amz-Date", amz_date(scope.at));
    if (!credentials.session_token.empty()) {
        request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
    }
    const auto text = string_to_sign(canonical_request(request, s3), scope);
    const auto names = signed_headers(request.headers);
    request.headers.emplace_back("Authorization", std::string{algorithm} + " Credential=" + credentials.access_key_id +
                                                      "/" + scope_text(scope) + ", SignedHeaders=" + names +
                                                      ", Signature=" + signature(text, credentials, scope));
}

}  // namespace pawl::aws
