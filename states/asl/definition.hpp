// A state machine as the interpreter reads it: parsed, checked, its expressions compiled. Immutable and shared.
// Field names are ASL's. Spec: states-language.net; AWS Step Functions Developer Guide.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "states/asl/diagnostic.hpp"
#include "states/asl/state_type.hpp"
#include "states/data/choice_rule.hpp"
#include "states/data/expression.hpp"
#include "states/data/payload_template.hpp"
#include "states/data/query.hpp"
#include "states/time.hpp"

namespace pawl::asl {

enum class QueryLanguage : std::uint8_t { JSONPath, JSONata };
inline constexpr std::int64_t longest_seconds = 99'999'999;  // of a time-out, a wait, a heartbeat

enum class MachineType : std::uint8_t { Standard, Express };
std::string_view to_string(MachineType type);  // "STANDARD"

// InputPath, OutputPath: absent means `$`; null means an empty object.
struct Filter {
    bool null = false;
    std::optional<data::JsonPath> path;  // absent: `$`
};

// ResultPath: where the result goes in the raw input. Absent means `$`: the result replaces the input.
struct ResultPath {
    bool discard = false;                // null: the input passes on
    std::optional<data::JsonPath> path;  // absent: `$`
};

// A field written as a value, read from a path by its "…Path" twin, or computed by an expression. None: absent.
template <class T>
struct ValueOrPath {
    std::variant<std::monostate, T, data::JsonPath, data::Query> held;
    bool present() const { return held.index() != 0; }
    const T* value() const { return std::get_if<T>(&held); }
    const data::JsonPath* path() const { return std::get_if<data::JsonPath>(&held); }
    const data::Query* query() const { return std::get_if<data::Query>(&held); }
};

// JSON with expressions, in the state's query language.
struct Template {
    std::variant<data::PayloadTemplate, data::QueryTemplate> held;
    const Json& source() const {
        return std::visit([](const auto& t) -> const Json& { return t.source(); }, held);
    }
};

struct Retrier {
    std::vector<std::string> error_equals;
    std::chrono::seconds interval{1};
    std::int64_t max_attempts = 3;
    double backoff_rate = 2.0;
    std::optional<std::chrono::seconds> max_delay;
    bool full_jitter = false;
};

struct Catcher {
    std::vector<std::string> error_equals;
    ResultPath result_path;
    std::optional<Template> assign;
    std::optional<data::QueryTemplate> output;  // JSONata
    std::string next;
};

struct Pass {
    std::optional<Json> result;
};

struct Task {
    std::string resource;  // as written: an ARN
    ValueOrPath<std::int64_t> timeout_seconds;
    ValueOrPath<std::int64_t> heartbeat_seconds;
    std::optional<Template> credentials;
};

struct ChoiceBranch {
    std::variant<data::ChoiceRule, data::Query, bool> condition;
    std::string next;
    std::optional<Template> assign;
    std::optional<data::QueryTemplate> output;  // JSONata
    std::string text;                           // the condition in short, for people: "$.n > 3 and …"
};
struct Choice {
    std::vector<ChoiceBranch> choices;
    std::string default_next;  // empty: none
};

struct Wait {  // exactly one is present
    ValueOrPath<std::int64_t> seconds;
    ValueOrPath<std::string> timestamp;
};

struct Succeed {};

// Error and Cause: a text, a path or an intrinsic function (ErrorPath, CausePath), or JSONata.
struct Fail {
    using Text = std::variant<std::monostate, std::string, data::Expression, data::Query>;
    Text error;
    Text cause;
};

struct State;

// StartAt and States: a machine, a branch of a Parallel, the processor of a Map.
struct States {
    std::string start_at;
    std::vector<const State*> states;  // in the author's order; owned by the Definition
};

struct Parallel {
    std::vector<States> branches;
};

enum class MapMode : std::uint8_t { Inline, Distributed };

// Where a distributed Map's items come from, when not from the state's data.
struct ItemReader {
    std::string resource;  // "arn:aws:states:::s3:getObject"
    Json config;           // ReaderConfig as written
    ValueOrPath<std::int64_t> max_items;
    std::optional<Template> arguments;  // Parameters or Arguments
};

// Several items to one execution.
struct ItemBatcher {
    ValueOrPath<std::int64_t> max_items;
    ValueOrPath<std::int64_t> max_input_bytes;
    std::optional<Template> batch_input;
};

// Where the results go, and in which shape.
struct ResultWriter {
    std::string resource;  // empty: only the shape is asked for
    Json config;           // WriterConfig as written
    std::optional<Template> arguments;
};

struct Map {
    States processor;
    MapMode mode = MapMode::Inline;
    MachineType execution_type = MachineType::Standard;  // of the children of a distributed Map
    std::optional<data::JsonPath> items_path;            // absent: `$`
    std::optional<data::QueryTemplate> items;            // JSONata; absent: the input
    std::optional<Template> item_selector;               // ItemSelector, or Parameters of the old form
    std::string item_selector_field = "ItemSelector";    // which of the two was written
    ValueOrPath<std::int64_t> max_concurrency;           // absent or 0: as many as there may be
    ValueOrPath<std::int64_t> tolerated_failure_count;
    ValueOrPath<double> tolerated_failure_percentage;
    std::string label;
    std::optional<ItemReader> item_reader;
    std::optional<ItemBatcher> item_batcher;
    std::optional<ResultWriter> result_writer;
};

struct State {
    std::string name;
    std::string pointer;  // "/States/X", where it stands in the definition
    std::string comment;
    QueryLanguage query_language = QueryLanguage::JSONPath;
    std::string next;  // empty: a terminal state (or Choice, Fail)
    Filter input_path, output_path;
    std::optional<Template> parameters;  // Parameters or Arguments; not of Map: see item_selector
    std::optional<data::PayloadTemplate> result_selector;
    ResultPath result_path;
    std::optional<data::QueryTemplate> output;  // JSONata
    std::optional<Template> assign;
    std::vector<Retrier> retry;
    std::vector<Catcher> catchers;
    std::variant<Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map> kind;

    StateType type() const { return static_cast<StateType>(kind.index()); }
};

class Definition {
  public:
    std::string comment;
    std::string version = "1.0";
    QueryLanguage query_language = QueryLanguage::JSONPath;
    std::optional<std::chrono::seconds> timeout;  // TimeoutSeconds
    States top;

    // The state of that name, whatever block it is in (names are unique in the whole machine); null: none.
    const State* find(std::string_view name) const;
    const std::deque<State>& all() const { return states_; }  // those of inner blocks too
    // Used by the parser.
    State& add(State state);

  private:
    std::deque<State> states_;
    std::unordered_map<std::string_view, const State*> by_name_;  // views of the names in states_
};

struct Parsed {
    std::shared_ptr<const Definition> definition;  // null when a diagnostic is an error
    Diagnostics diagnostics;                       // in the order of the text
    std::string json = {};  // the definition as JSON, when the text was YAML or had placeholders; else empty
};

enum class Syntax : std::uint8_t { Json, Yaml };

struct ParseOptions {
    MachineType machine_type = MachineType::Standard;
    Syntax syntax = Syntax::Json;
    // The text is part of a template: a `${Name}` without a value may stand for anything. The definition is then fit to
    // be looked at, not to be run.
    bool placeholders = false;
    // The values of `${Name}`s, an object; null: the text has none.
    std::shared_ptr<const Json> substitutions = {};
    // Why a Task's Resource can not be run here; nothing: it can. Empty: all can.
    std::function<std::optional<std::string>(std::string_view resource)> unsupported_resource = {};
};

// Reads and checks a definition: JSON, schema, transitions, expressions. Pure.
Parsed parse_definition(std::string_view text, const ParseOptions& options = {});

// Of a text without a file name: JSON begins with a brace.
Syntax guess_syntax(std::string_view text);

// The same for the text of one state without its machine, as TestState takes it: the only state of the definition,
// named StateName; where it leads to is not looked at. Locations begin with "/States/StateName".
Parsed parse_state(std::string_view text, const ParseOptions& options = {});

// Which variables each state reads, sorted; states that read none are left out. In the order of the definition.
std::vector<std::pair<std::string, std::vector<std::string>>> variable_references(const Definition& definition);

// The definition as a Mermaid flowchart (`flowchart TD`), Parallel and Map as subgraphs.
std::string to_mermaid(const Definition& definition);

}  // namespace pawl::asl
