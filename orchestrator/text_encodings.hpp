// Bytes as texts. Spec: RFC 4648, sections 4 and 8 (Base64 and hexadecimal), RFC 3986, section 2 (percent-encoding).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

std::string to_base64(std::string_view bytes);
bool is_base64(std::string_view text);
std::optional<std::string> from_base64(std::string_view text);  // nothing: it is none

std::string to_hex(std::string_view bytes);                  // in small letters
std::optional<std::string> from_hex(std::string_view text);  // of small letters

// What may stand in a path's segment or a query's value, with escapes for everything else; a whole path keeps its "/".
std::string percent_encode(std::string_view text, bool keep_slash = false);

}  // namespace pawl
