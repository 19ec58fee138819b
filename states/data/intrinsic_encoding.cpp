#include <openssl/evp.h>

#include <algorithm>

#include "states/data/intrinsic_functions.hpp"
#include "states/utf8.hpp"

namespace pawl::data::intrinsic {
namespace {

constexpr std::ptrdiff_t max_characters = 10'000;

const std::string& limited_text(const Arguments& arguments) {
    const auto& text = arguments.text(0);
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (characters > max_characters) throw Failure{"Argument 1 must be at most 10000 characters"};
    return text;
}

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Algorithm {
    std::string_view name;
    const EVP_MD* (*digest)();
};
constexpr std::array algorithms{
    Algorithm{"MD5", EVP_md5},        Algorithm{"SHA-1", EVP_sha1},     Algorithm{"SHA-256", EVP_sha256},
    Algorithm{"SHA-384", EVP_sha384}, Algorithm{"SHA-512", EVP_sha512},
};

}  // namespace

Json base64_encode(Arguments& arguments) {
    const auto& text = limited_text(arguments);
    std::string out((text.size() + 2) / 3 * 4, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
    return out;
}

// As a MIME decoder: what is not of the alphabet is passed over; the end must be whole.
Json base64_decode(Arguments& arguments) {
    const auto& text = limited_text(arguments);
    std::string bytes;
    std::uint32_t bits = 0;
    int digits = 0;
    std::size_t at = 0;
    for (; at < text.size() && text[at] != '='; ++at) {
        const auto digit = alphabet.find(text[at]);
        if (digit == std::string_view::npos) continue;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if (++digits % 4 != 0) continue;
        for (const int shift : {16, 8, 0}) bytes += static_cast<char>(bits >> shift & 0xff);
        bits = 0;
    }
    const auto padding = std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '=');
    const int rest = digits % 4;
    if (rest == 1 || (padding > 0 && rest + padding != 4)) throw Failure{"Argument 1 is not valid Base64"};
    if (rest == 2) bytes += static_cast<char>(bits >> 4 & 0xff);
    if (rest == 3) {
        bytes += static_cast<char>(bits >> 10 & 0xff);
        bytes += static_cast<char>(bits >> 2 & 0xff);
    }
    return valid_utf8(bytes);
}

Json hash(Arguments& arguments) {
    const auto& text = limited_text(arguments);
    const auto& name = arguments.text(1);
    const auto* found = std::find_if(algorithms.begin(), algorithms.end(),
                                     [&](const Algorithm& algorithm) { return algorithm.name == name; });
    if (found == algorithms.end()) {
        throw Failure{"Argument 2 must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"};
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), digest, &length, found->digest(), nullptr) != 1) {
        throw Failure{name + " is not available"};
    }
    constexpr char hex[] = "0123456789abcdef";
    std::string out;
    for (const auto* byte = digest; byte != digest + length; ++byte) {
        out += hex[*byte >> 4];
        out += hex[*byte & 0xf];
    }
    return out;
}

}  // namespace pawl::data::intrinsic
