#include "web/aws/page_token.hpp"

#include <openssl/sha.h>

#include <array>

#include "orchestrator/text_encodings.hpp"

namespace pawl::web::aws {

namespace {

constexpr std::string_view version = "1";  // of the format; part of the checksum
constexpr std::size_t seal_digits = 16;

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
