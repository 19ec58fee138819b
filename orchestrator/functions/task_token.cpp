#include "orchestrator/functions/task_token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace pawl {
namespace {

// version (1 byte), execution (8), task (8), the first 24 bytes of their HMAC-SHA256.
constexpr unsigned char version = 1;
constexpr std::size_t claim_bytes = 1 + 8 + 8;
constexpr std::size_t mark_bytes = 24;
constexpr std::size_t token_bytes = claim_bytes + mark_bytes;
constexpr std::size_t token_characters = (token_bytes * 8 + 5) / 6;  // 55, without padding
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Bytes = std::array<unsigned char, token_bytes>;

void put(unsigned char* to, std::int64_t number) {
    for (int i = 0; i < 8; ++i) to[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (56 - 8 * i));
}

std::int64_t take(const unsigned char* from) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | from[i];
    return static_cast<std::int64_t>(number);
}

// Writes the mark of the claim in `token` to `mark`.
void sign(const std::string& key, const unsigned char* token, unsigned char* mark) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), token, claim_bytes, digest.data(), &length)) {
        throw std::runtime_error{"HMAC-SHA256 is not available"};
    }
    std::copy_n(digest.begin(), mark_bytes, mark);
}

// RFC 4648, section 5, without padding.
std::string encode(const Bytes& bytes) {
    std::string text;
    text.reserve(token_characters);
    unsigned int pending = 0;
    int bits = 0;
    for (const auto byte : bytes) {
        pending = pending << 8 | byte;
        for (bits += 8; bits >= 6; bits -= 6) text += alphabet[pending >> (bits - 6) & 0x3f];
    }
    if (bits > 0) text += alphabet[pending << (6 - bits) & 0x3f];
    return text;
}

// Only what `encode` writes: one text a token, unused bits are 0.
std::optional<Bytes> decode(std::string_view text) {
    if (text.size() != token_characters) return std::nullopt;
    Bytes bytes{};
    std::size_t next = 0;
    unsigned int pending = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        pending = pending << 6 | static_cast<unsigned int>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[next++] = static_cast<unsigned char>(pending >> bits & 0xff);
        }
    }
    if ((pending & ((1U << bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

std::string TokenSigner::new_key() {
    std::array<unsigned char, 32> key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) throw std::runtime_error{"no random bytes"};
    return {key.begin(), key.end()};
}

std::string TokenSigner::mint(std::int64_t execution, std::int64_t task) const {
    Bytes token{};
    token[0] = version;
    put(&token[1], execution);
    put(&token[9], task);
    sign(key_, token.data(), &token[claim_bytes]);
    return encode(token);
}

std::optional<TokenSigner::Opened> TokenSigner::open(std::string_view token) const {
    const auto bytes = decode(token);
    if (!bytes) return std::nullopt;
    std::array<unsigned char, mark_bytes> mark{};
    sign(key_, bytes->data(), mark.data());
    // In constant time: how long a wrong mark is compared must not tell how much of it is right.
    if (CRYPTO_memcmp(mark.data(), &(*bytes)[claim_bytes], mark_bytes) != 0) return std::nullopt;
    if ((*bytes)[0] != version) return std::nullopt;
    return Opened{take(&(*bytes)[1]), take(&(*bytes)[9])};
}

}  // namespace pawl
