#include "states/asl/report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "states/asl/placeholders.hpp"
#include "states/utf8.hpp"

namespace pawl::asl {
namespace {

std::string shown(std::string location) {
    if (location.empty()) return "/";
    if (location.size() <= Report::max_location_bytes) return location;
    return location.substr(0, cut_before(location, Report::max_location_bytes)) + "…";
}

}  // namespace

void Report::add(Problem problem) {
    if (full()) return;
    auto at = problem.where.pointer;
    if (!problem.member.empty()) at = child_pointer(at, problem.member);
    if (open(at)) return;
    const auto offset = text_.origin(index_.offset(at));
    std::string location = problem.whole_machine ? std::string{} : shown(std::move(problem.where.location));
    found_.push_back({offset,
                      problem.whole_machine,
                      {problem.severity,
                       std::string{problem.code},
                       std::move(problem.message),
                       std::move(location),
                       {},
                       std::move(problem.hint)}});
}

void Report::add_at(std::size_t offset, Diagnostic diagnostic) {
    if (!full()) found_.push_back({offset, false, std::move(diagnostic)});
}

bool Report::open(std::string_view pointer) const {
    return text_.is_template() && has_placeholder(index_.string_at(pointer));
}

bool Report::open(const Place& place) const { return open(std::string_view{place.pointer}); }

Diagnostics Report::diagnostics() const {
    std::vector<const Found*> in_order;
    in_order.reserve(found_.size());
    for (const auto& found : found_) in_order.push_back(&found);
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const Found* a, const Found* b) { return a->offset < b->offset; });

    Diagnostics diagnostics, of_the_whole;
    Position position;
    std::size_t reached = 0;
    for (const Found* found : in_order) {
        position = advance(text_.original(), reached, found->offset, position);
        reached = found->offset;
        auto& list = found->whole_machine ? of_the_whole : diagnostics;
        list.push_back(found->diagnostic);
        list.back().position = position;
    }
    std::move(of_the_whole.begin(), of_the_whole.end(), std::back_inserter(diagnostics));
    return diagnostics;
}

}  // namespace pawl::asl
