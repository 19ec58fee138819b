#include "web/aws/page_token.hpp"

#include <openssl/sha.h>

#include <array>

namespace pawl::web::aws {

namespace {

constexpr std::string_view version = "1";  // of the format; part of the checksum
constexpr std::size_t seal_digits = 16;
constexpr std::string_view hex = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += hex[byte >> 4U];
        text += hex[byte & 15U];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex.find(text[i]);
        const auto low = hex.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string seal(std::string_view scope, std::string_view position) {
    std::string sealed{version};
    sealed.append(1, '\0').append(scope).append(1, '\0').append(position);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), digest.data());
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}).substr(0, seal_digits);
}

}  // namespace

std::string make_page_token(std::string_view scope, std::string_view position) {
    return seal(scope, position) + to_hex(position);
}

std::optional<std::string> read_page_token(std::string_view scope, std::string_view token) {
    if (token.size() < seal_digits) return std::nullopt;
    auto position = from_hex(token.substr(seal_digits));
    if (!position || seal(scope, *position) != token.substr(0, seal_digits)) return std::nullopt;
    return position;
}

}  // namespace pawl::web::aws
