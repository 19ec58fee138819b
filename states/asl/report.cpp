#include "states/asl/report.hpp"

#include <algorithm>
#include <utility>

namespace pawl::asl {

void Report::add(Problem problem) {
    if (!full()) problems_.push_back(std::move(problem));
}

Diagnostics Report::diagnostics(const SourceIndex& source) const {
    struct Found {
        std::size_t offset;
        const Problem* problem;
    };
    std::vector<Found> found;
    found.reserve(problems_.size());
    for (const Problem& problem : problems_) {
        const auto& at = problem.where.pointer;
        found.push_back({source.offset(problem.member.empty() ? at : child_pointer(at, problem.member)), &problem});
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.offset < b.offset; });

    Diagnostics diagnostics, of_the_whole;
    Position position;
    std::size_t reached = 0;
    for (const auto& [offset, problem] : found) {
        position = advance(source.text(), reached, offset, position);
        reached = offset;
        const auto& location = problem->where.location;
        Diagnostic diagnostic{problem->severity, std::string{problem->code},
                              problem->message,  problem->whole_machine ? "" : location.empty() ? "/" : location,
                              position,          problem->hint};
        (problem->whole_machine ? of_the_whole : diagnostics).push_back(std::move(diagnostic));
    }
    std::move(of_the_whole.begin(), of_the_whole.end(), std::back_inserter(diagnostics));
    return diagnostics;
}

}  // namespace pawl::asl
