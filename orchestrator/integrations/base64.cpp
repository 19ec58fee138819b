#include "orchestrator/integrations/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "orchestrator/functions/lambda_result.hpp"

namespace pawl {

std::optional<std::string> from_base64(std::string_view text) {
    if (!is_base64(text)) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const auto size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    const auto padding = std::min<std::size_t>(2, static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')));
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

}  // namespace pawl
