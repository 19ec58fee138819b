#include "orchestrator/functions/runtime_kind.hpp"

#include <algorithm>

namespace pawl {
namespace {

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Those before 10 had names as "nodejs8.10", and handlers in a language of their time.
bool is_node(std::string_view version) {
    return version.size() >= 4 && version.ends_with(".x") && is_number(version.substr(0, version.size() - 2));
}

}  // namespace

std::optional<RuntimeKind> runtime_kind(std::string_view runtime) {
    constexpr std::string_view python = "python3", node = "nodejs", provided = "provided";
    if (runtime.starts_with(python)) {
        const auto version = runtime.substr(python.size());
        if (version.empty() || (version.front() == '.' && is_number(version.substr(1)))) return RuntimeKind::Python;
    }
    if (runtime.starts_with(node) && is_node(runtime.substr(node.size()))) return RuntimeKind::Node;
    if (runtime == provided || runtime.starts_with("provided.")) return RuntimeKind::Provided;
    return std::nullopt;
}

}  // namespace pawl
