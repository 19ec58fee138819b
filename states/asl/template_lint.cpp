#include "states/asl/template_lint.hpp"

namespace pawl::asl {
namespace {

// The way from the root to a value, on the stack: places are written out for what is reported only.
struct Step {
    const Step* parent;
    const std::string* key;  // null: an element
    std::size_t index = 0;
};

Place place_of(const Step* step, const Place& root) {
    if (!step) return root;
    const Place parent = place_of(step->parent, root);
    return step->key ? parent.at(*step->key) : parent.at(step->index);
}

// Calls `visit` with every member of the objects in `value`, and the way to the object.
template <class Visit>
void each_member(const Json& value, const Step* way, const Report& report, const Visit& visit) {
    if (report.full()) return;
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            visit(way, key, member);
            const Step step{way, &key};
            if (member.is_structured()) each_member(member, &step, report, visit);
        }
    } else if (value.is_array()) {
        std::size_t index = 0;
        for (const auto& element : value) {
            const Step step{way, nullptr, index++};
            if (element.is_structured()) each_member(element, &step, report, visit);
        }
    }
}

}  // namespace

bool looks_evaluated(std::string_view text) {
    if (text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$[")) return true;
    return text.starts_with("States.") && text.ends_with(')') && text.find('(') != std::string_view::npos;
}

void lint_template(const Json& source, const Place& place, Report& report) {
    each_member(source, nullptr, report, [&](const Step* way, const std::string& key, const Json& value) {
        if (key.ends_with(".$") || !value.is_string() || !looks_evaluated(value.get_ref<const std::string&>())) return;
        report.add({.where = place_of(way, place),
                    .message = "The value for the field '" + key +
                               "' looks like a JSONPath or an intrinsic function call, but it is taken literally",
                    .hint = "name the field '" + key + ".$' to have it evaluated",
                    .code = code::no_dollar,
                    .severity = Severity::Warning,
                    .member = key});
    });
}

void lint_result(const Json& result, const Place& place, Report& report) {
    each_member(result, nullptr, report, [&](const Step* way, const std::string& key, const Json& value) {
        if (!key.ends_with(".$") || !value.is_string()) return;
        report.add({.where = place_of(way, place),
                    .message = "The field '" + key + "' is not evaluated: the 'Result' of a Pass state is static",
                    .hint = "use 'Parameters' for values that are paths or intrinsic functions",
                    .code = code::static_result,
                    .severity = Severity::Warning,
                    .member = key});
    });
}

}  // namespace pawl::asl
