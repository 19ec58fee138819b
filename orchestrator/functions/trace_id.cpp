#include "orchestrator/functions/trace_id.hpp"

#include <cctype>

namespace pawl {
namespace {

std::string digits_of(std::string_view request_id) {
    std::string digits;
    for (const char c : request_id) {
        if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
    }
    digits.resize(32, '0');
    return digits;
}

}  // namespace

std::string trace_root(std::string_view request_id) {
    const auto digits = digits_of(request_id);
    return "1-" + digits.substr(0, 8) + "-" + digits.substr(8);
}

std::string trace_parent(std::string_view request_id) { return digits_of(request_id).substr(16); }

}  // namespace pawl
