#include "cli/sarif.hpp"

#include <algorithm>
#include <string_view>

namespace pawl::cli {
namespace {

constexpr std::string_view schema = "https://json.schemastore.org/sarif-2.1.0.json";

// A relative URI reference, or file:///… for an absolute path. Spec: RFC 3986; SARIF 3.4.3.
std::string uri_of(const std::string& file) {
    constexpr std::string_view plain = "-._~/";
    constexpr char hex[] = "0123456789ABCDEF";
    if (file == "-") return "stdin";
    std::string uri = file.starts_with('/') ? "file://" : "";
    for (const char c : file) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || plain.find(c) != std::string_view::npos) {
            uri += c;
        } else {
            uri += {'%', hex[byte >> 4U], hex[byte & 15U]};
        }
    }
    return uri;
}

Json location_of(const asl::Diagnostic& diagnostic, const std::string& file) {
    Json location = {
        {"physicalLocation",
         {{"artifactLocation", {{"uri", uri_of(file)}}},
          {"region", {{"startLine", diagnostic.position.line}, {"startColumn", diagnostic.position.column}}}}}};
    if (diagnostic.location.starts_with('/')) {
        location["logicalLocations"] = Json::array({Json{{"fullyQualifiedName", diagnostic.location}}});
    }
    return location;
}

Json result_of(const asl::Diagnostic& diagnostic, const std::string& file, std::size_t rule) {
    auto text = diagnostic.message;
    if (!diagnostic.hint.empty()) text += " (" + diagnostic.hint + ")";
    return {{"ruleId", diagnostic.code},
            {"ruleIndex", rule},
            {"level", diagnostic.severity == asl::Severity::Error ? "error" : "warning"},
            {"message", {{"text", text}}},
            {"locations", Json::array({location_of(diagnostic, file)})}};
}

}  // namespace

Json sarif_log(const std::vector<FileDiagnostics>& checked, const std::string& version) {
    std::vector<std::string> codes;
    auto rules = Json::array(), results = Json::array();
    for (const auto& [file, diagnostics] : checked) {
        for (const auto& diagnostic : diagnostics) {
            const auto found = std::find(codes.begin(), codes.end(), diagnostic.code);
            const auto rule = static_cast<std::size_t>(found - codes.begin());
            if (found == codes.end()) {
                codes.push_back(diagnostic.code);
                rules.push_back({{"id", diagnostic.code}});
            }
            results.push_back(result_of(diagnostic, file, rule));
        }
    }
    const Json driver = {{"name", "pawl"}, {"version", version}, {"rules", std::move(rules)}};
    return {{"$schema", schema},
            {"version", "2.1.0"},
            {"runs", Json::array({Json{{"tool", {{"driver", driver}}},
                                       {"columnKind", "unicodeCodePoints"},
                                       {"results", std::move(results)}}})}};
}

}  // namespace pawl::cli
