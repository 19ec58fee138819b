// Base64 and URL encoding, as JavaScript's btoa, atob, encodeURIComponent and their kin do it.
#include <array>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/made.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
constexpr std::string_view reserved = ";/?:@&=+$,#";  // kept by encodeUrl, left encoded by decodeUrl

bool contains(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

// One byte a UTF-16 unit: the low half of it.
std::string latin1_bytes(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t code = next_code_point(text, at);
        if (code >= 0x10000) {
            bytes += static_cast<char>(((code - 0x10000) >> 10) & 0xFF);
            bytes += static_cast<char>((code - 0x10000) & 0xFF);
        } else {
            bytes += static_cast<char>(code & 0xFF);
        }
    }
    return bytes;
}

Value base64_encode(Call& call) {
    if (!call.has(0)) return {};
    const std::string bytes = latin1_bytes(call[0].as_string());
    std::string encoded;
    encoded.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8) | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) encoded += j <= count ? base64_digits[(group >> (18 - 6 * j)) & 63] : '=';
    }
    return make_text(call.heap, std::move(encoded));
}

Value base64_decode(Call& call) {
    if (!call.has(0)) return {};
    std::string decoded;
    unsigned group = 0;
    int bits = 0;
    for (char c : latin1_bytes(call[0].as_string())) {
        if (c == '=') break;
        if (c == '-') c = '+';
        if (c == '_') c = '/';
        const std::size_t digit = base64_digits.find(c);
        if (digit == std::string_view::npos) continue;
        group = (group << 6) | static_cast<unsigned>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        append_code_point(decoded, (group >> bits) & 0xFF);
    }
    return make_text(call.heap, std::move(decoded));
}

Fault malformed(const Call& call, std::string_view function) {
    return Fault{"D3140"}.showing("value", call[0]).with("functionName", Json(std::string{function}));
}

Value encode(Call& call, std::string_view kept, std::string_view function) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    if (has_lone_surrogate(text)) throw malformed(call, function);
    call.budget().check_room(text.size() * 3);
    std::string encoded;
    for (const char c : text) {
        if (contains(unreserved, c) || contains(kept, c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += hex_digits[byte >> 4];
        encoded += hex_digits[byte & 15];
    }
    return make_text(call.heap, std::move(encoded));
}

int hex_value(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// The byte that `%XX` at `at` says, or -1.
int escaped_byte(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size() || text[at] != '%') return -1;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

Value decode(Call& call, std::string_view left_encoded, std::string_view function) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    std::string decoded;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '%') {
            decoded += text[at++];
            continue;
        }
        const int lead = escaped_byte(text, at);
        if (lead < 0) throw malformed(call, function);
        if (lead < 0x80) {
            if (contains(left_encoded, static_cast<char>(lead))) {
                decoded += text.substr(at, 3);
            } else {
                decoded += static_cast<char>(lead);
            }
            at += 3;
            continue;
        }
        const int more = lead >= 0xF0 && lead < 0xF5   ? 3
                         : lead >= 0xE0 && lead < 0xF0 ? 2
                         : lead >= 0xC2 && lead < 0xE0 ? 1
                                                       : 0;
        if (more == 0) throw malformed(call, function);
        std::string bytes(1, static_cast<char>(lead));
        for (int i = 0; i < more; ++i) {
            const int byte = escaped_byte(text, at + 3 * bytes.size());
            if (byte < 0x80 || byte > 0xBF) throw malformed(call, function);
            bytes += static_cast<char>(byte);
        }
        std::size_t end = 0;
        const char32_t code = next_code_point(bytes, end);
        const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
        if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) throw malformed(call, function);
        decoded += bytes;
        at += 3 * bytes.size();
    }
    return make_text(call.heap, std::move(decoded));
}

Value encode_url_component(Call& call) { return encode(call, "", "encodeUrlComponent"); }
Value encode_url(Call& call) { return encode(call, reserved, "encodeUrl"); }
Value decode_url_component(Call& call) { return decode(call, "", "decodeUrlComponent"); }
Value decode_url(Call& call) { return decode(call, reserved, "decodeUrl"); }

constexpr std::array functions{
    Builtin{"base64encode", "<s-:s>", 1, base64_encode},
    Builtin{"base64decode", "<s-:s>", 1, base64_decode},
    Builtin{"encodeUrlComponent", "<s-:s>", 1, encode_url_component},
    Builtin{"encodeUrl", "<s-:s>", 1, encode_url},
    Builtin{"decodeUrlComponent", "<s-:s>", 1, decode_url_component},
    Builtin{"decodeUrl", "<s-:s>", 1, decode_url},
};

}  // namespace

std::span<const Builtin> encoding_functions() { return functions; }

}  // namespace pawl::jsonata
