#include "web/lambda/base64.hpp"

#include <openssl/evp.h>

#include "orchestrator/functions/lambda_result.hpp"

namespace pawl::web::lambda {

std::optional<std::string> from_base64(std::string_view text) {
    if (!is_base64(text)) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    std::size_t padding = 0;  // counts as zeros there
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

}  // namespace pawl::web::lambda
