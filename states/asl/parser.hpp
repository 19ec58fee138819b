// What the parts of the parser share. A definition is read in one descent (parser, block, state, one file a family of
// states); what needs to know all states of a block (transitions, variables) is checked afterwards.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "states/asl/definition.hpp"
#include "states/asl/fields.hpp"
#include "states/asl/report.hpp"

namespace pawl::asl {

// Parallel in Map in Parallel …: deeper definitions are refused.
inline constexpr std::size_t max_state_nesting = 32;
inline constexpr std::size_t max_state_name = 80;  // in characters
inline constexpr std::size_t max_label = 40;       // in characters

struct Transition {
    std::size_t from;  // the state's place in Block::states
    std::string target;
    Place place;  // of the field that names the target
};

// A `States` object and its StartAt, as far as the checks across states need it.
struct Block {
    struct Entry {
        std::string name;
        Place place;
    };
    Place place;  // of the object that holds States
    std::optional<std::size_t> parent;
    bool own_variables = false;  // a distributed Map's: its children do not see outer variables
    bool alone = false;          // one state without its machine: its transitions are not checked
    std::vector<Entry> states;
    std::optional<std::string> start_at;
    std::vector<Transition> transitions;
    bool terminal = false;  // has a state that ends it
    bool unclear = false;   // has a state that could not be read, so where it leads is not known
    std::vector<std::pair<std::string, Place>> assigned;  // variable names, and where
};

struct Parser {
    const ParseOptions& options;
    Definition& definition;
    Report report;
    std::vector<Block> blocks = {};
    std::unordered_set<std::string> state_names = {};
    std::unordered_set<std::string> labels = {};
};

// Where a state stands, and under which rules.
struct Surroundings {
    std::size_t block;  // in Parser::blocks
    std::size_t depth;
    MachineType machine;  // Express in the children of a distributed Map that are
};

// The state that is being read.
struct StateReader {
    Parser& parser;
    Surroundings around;
    Fields& fields;
    std::size_t index;  // in Block::states

    Block& block() const { return parser.blocks[around.block]; }
    bool json_path() const { return fields.language() == QueryLanguage::JSONPath; }
    data::StatesPart result_part = data::StatesPart::None;  // what Output and Assign of the state may read
    // The target that `name` of `in` holds; it is remembered for the check.
    std::string target(const Fields& in, std::string_view name) const;
};

// block.cpp: StartAt and States of `object`; other members are the caller's.
States parse_block(Parser& parser, const Fields& object, Block block, std::size_t depth, MachineType machine);
// state.cpp. Adds it to the definition; null: not a state at all.
const State* parse_state_at(Parser& parser, const std::string& name, const Json& source, Place place,
                            Surroundings around, std::size_t index);
// QueryLanguage of a machine or a state.
QueryLanguage parse_query_language(const Fields& fields, QueryLanguage inherited);

Pass parse_pass(StateReader& reader);
Task parse_task(StateReader& reader);
Choice parse_choice(StateReader& reader);
Wait parse_wait(StateReader& reader);
Fail parse_fail(StateReader& reader);
Parallel parse_parallel(StateReader& reader);
Map parse_map(StateReader& reader);

std::vector<Retrier> parse_retry(StateReader& reader);
std::vector<Catcher> parse_catch(StateReader& reader);
ResultPath parse_result_path(const Fields& fields);
// Assign of a state, a choice rule or a catcher.
std::optional<Template> parse_assign(StateReader& reader, const Fields& fields, data::StatesPart part);

// A rule of a JSONPath Choice: its fields and their types, nested rules included.
void check_rule_shape(const Fields& rule);

void check_transitions(Parser& parser);
void check_variable_scopes(Parser& parser);

// "$.n > 3 and …": what a choice rule asks, in short, for people.
std::string condition_text(const Json& rule);

}  // namespace pawl::asl
