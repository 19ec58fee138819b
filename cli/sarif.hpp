// Diagnostics as SARIF, which code hosts and editors show beside the lines they are about.
// Spec: docs.oasis-open.org/sarif/sarif/v2.1.0.
#pragma once
#include <string>
#include <vector>

#include "states/asl/diagnostic.hpp"

namespace pawl::cli {

struct FileDiagnostics {
    std::string file;  // as it was given
    asl::Diagnostics diagnostics;
};

// One run with all that was found; the files may be none.
Json sarif_log(const std::vector<FileDiagnostics>& checked, const std::string& version);

}  // namespace pawl::cli
