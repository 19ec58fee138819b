// What the parser has found so far. Positions are worked out at the end, in one pass over the text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "states/asl/diagnostic.hpp"
#include "states/asl/place.hpp"
#include "states/asl/source_index.hpp"
#include "states/asl/source_text.hpp"

namespace pawl::asl {

// Codes as ValidateStateMachineDefinition documents them.
namespace code {
inline constexpr std::string_view schema = "SCHEMA_VALIDATION_FAILED";
inline constexpr std::string_view invalid_json = "INVALID_JSON_DESCRIPTION";
inline constexpr std::string_view missing_description = "MISSING_DESCRIPTION";
inline constexpr std::string_view missing_target = "MISSING_TRANSITION_TARGET";
inline constexpr std::string_view missing_end = "MISSING_END_STATE";
inline constexpr std::string_view duplicate_state = "DUPLICATE_STATE_NAME";
inline constexpr std::string_view invalid_state_name = "INVALID_STATE_NAME";
inline constexpr std::string_view duplicate_label = "DUPLICATE_LABEL_NAME";
inline constexpr std::string_view invalid_label = "INVALID_LABEL_NAME";
inline constexpr std::string_view invalid_variable = "INVALID_VARIABLE_NAME";
inline constexpr std::string_view reserved_variable = "RESERVED_VARIABLE_NAME";
inline constexpr std::string_view invalid_jsonata = "INVALID_JSONATA_EXPRESSION";
inline constexpr std::string_view unsupported_jsonata = "UNSUPPORTED_JSONATA_EXPRESSION";
inline constexpr std::string_view too_deep = "TOO_DEEPLY_NESTED";
// Warnings.
inline constexpr std::string_view no_dollar = "NO_DOLLAR";
inline constexpr std::string_view no_path = "NO_PATH";
inline constexpr std::string_view static_result = "PASS_RESULT_IS_STATIC";
// Ours.
inline constexpr std::string_view invalid_yaml = "INVALID_YAML_DESCRIPTION";
inline constexpr std::string_view duplicate_field = "DUPLICATE_FIELD";
inline constexpr std::string_view unknown_error_name = "UNKNOWN_ERROR_NAME";
inline constexpr std::string_view unreachable = "UNREACHABLE_STATE";
inline constexpr std::string_view open_placeholder = "UNRESOLVED_PLACEHOLDER";
}  // namespace code

struct Problem {
    Place where;
    std::string message;
    std::string hint = {};
    std::string_view code = code::schema;
    Severity severity = Severity::Error;
    std::string member = {};     // when the trouble is with one member of what is at `where`: the position is its
    bool whole_machine = false;  // has no location
};

class Report {
  public:
    // More are dropped: a reader has enough, and a hostile text must not make us write more than it holds.
    static constexpr std::size_t max_problems = 1000;
    static constexpr std::size_t max_location_bytes = 2048;

    // `index` is of `text.json()`; both must outlive the report.
    Report(const SourceText& text, const SourceIndex& index) : text_{text}, index_{index} {}

    // Problems with values that are still open are dropped.
    void add(Problem problem);
    // `offset` is in what the author wrote.
    void add_at(std::size_t offset, Diagnostic diagnostic);
    // A placeholder without a value is, or is in, the text at `place`: nothing can be said about it.
    bool open(const Place& place) const;
    std::size_t size() const { return found_.size(); }
    bool full() const { return found_.size() >= max_problems; }
    // In the order of the text; what has no location comes last.
    Diagnostics diagnostics() const;

  private:
    struct Found {
        std::size_t offset;
        bool whole_machine;
        Diagnostic diagnostic;  // but for the position
    };
    bool open(std::string_view pointer) const;

    const SourceText& text_;
    const SourceIndex& index_;
    std::vector<Found> found_;
};

}  // namespace pawl::asl
