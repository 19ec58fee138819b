// How Jayway JsonPath classes and prints the parts of a path.
#include "states/data/json_path_query.hpp"

#include <algorithm>

namespace pawl::data::path {
namespace {

std::string quoted(const std::vector<std::string>& names) {
    std::string out = "[";
    for (const auto& name : names) out += (out.size() == 1 ? "'" : ", '") + name + "'";
    return out + "]";
}

std::string listed(const std::vector<std::int64_t>& indexes) {
    std::string out = "[";
    for (const auto index : indexes) out += (out.size() == 1 ? "" : ",") + std::to_string(index);
    return out + "]";
}

struct Printer {
    std::string operator()(const Name& step) const { return "['" + step.name + "']"; }
    std::string operator()(const Names& step) const { return quoted(step.names); }
    std::string operator()(const Index& step) const { return "[" + std::to_string(step.index) + "]"; }
    std::string operator()(const Indexes& step) const { return listed(step.indexes); }
    std::string operator()(const Slice& step) const {
        return "[" + (step.from ? std::to_string(*step.from) : "") + ":" + (step.to ? std::to_string(*step.to) : "") +
               "]";
    }
    std::string operator()(const Wildcard&) const { return "[*]"; }
    std::string operator()(const Scan&) const { return ".."; }
    std::string operator()(const Filter&) const { return "[?]"; }
    std::string operator()(const Call& step) const {
        return "." + step.name + (step.arguments.empty() ? "()" : "(...)");
    }
};

bool single(const Step& step) { return std::holds_alternative<Name>(step) || std::holds_alternative<Index>(step); }

bool is_definite(const Step& step) {
    return single(step) || std::holds_alternative<Names>(step) || std::holds_alternative<Call>(step);
}

}  // namespace

std::string print(const Step& step) { return std::visit(Printer{}, step); }

std::size_t Query::first_indefinite() const {
    return static_cast<std::size_t>(std::find_if_not(steps.begin(), steps.end(), is_definite) - steps.begin());
}

bool Query::plain() const { return std::all_of(steps.begin(), steps.end(), single); }

// `$..a.sum()` applies the function to all that `$..a` selects, so it gives one value.
bool Query::definite() const {
    const bool function_of_scan =
        !steps.empty() && std::holds_alternative<Scan>(steps.front()) && std::holds_alternative<Call>(steps.back());
    return function_of_scan || first_indefinite() == steps.size();
}

std::string Query::print(std::size_t count) const {
    std::string out = root == Root::current ? "@" : "$";
    for (std::size_t i = 0; i < count; ++i) out += path::print(steps[i]);
    return out;
}

}  // namespace pawl::data::path
