// The syntax tree. The parser builds it token by token (binary `.` and `[`, names), resolve.cpp rewrites it into paths
// of steps; the evaluator sees only the second form. Nodes live in an arena, so a deep tree is freed without recursion.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "states/jsonata/regex.hpp"
#include "states/jsonata/signature.hpp"

namespace pawl::jsonata {

struct Builtin;

enum class Type : std::uint8_t {
    //             value              children
    path,     //                    list: steps
    binary,   // operator           lhs, rhs; `^`: lhs, terms; `{`: lhs, pairs (both only before resolving)
    unary,    // `-` `[` `{`        `-`: lhs; `[`: list; `{`: pairs
    name,     // the field
    string,   // the text
    number,   // in `number`
    literal,  // true false null, in `constant`
    wildcard,
    descendant,
    parent,     //                    slot
    condition,  //                    lhs: condition, rhs: then, third: else or null
    block,      //                    list
    bind,       //                    lhs: variable, rhs
    regex,      //                    regex
    function,   // `(`                lhs: procedure, list: arguments
    variable,   // its name
    lambda,     //                    lhs: body, list: parameters
    partial,    // `(`                as function; an operator `?` is a hole
    apply,      // `~>`               lhs, rhs
    transform,  //                    lhs: pattern, rhs: update, third: deletions or null
    sort,       //                    terms
    operator_,  // and, or, in as names; `?` as a hole
    end,
};

std::string_view type_name(Type type);  // as the reference's error tokens say it

enum class Constant : std::uint8_t { none, true_, false_, null };

struct Syntax;

// Where `%` finds its value: the step `level` steps up keeps its context under `label`.
struct Slot {
    std::string label;
    int level;
    std::size_t index;
};

struct SortTerm {
    bool descending;
    Syntax* expression;
};
using Pair = std::pair<Syntax*, Syntax*>;
struct Pairs {
    std::vector<Pair> list;
    bool constant_keys = false;  // literals, no two of them the same
};
// Names that the reference keeps for itself.
inline bool is_reserved_key(std::string_view name) {
    return name == "_jsonata_lambda" || name == "_jsonata_function";
}

struct Stage {                 // what follows a step: a predicate, or `#$i`
    Syntax* filter = nullptr;  // null: an index
    const std::string* index = nullptr;
};

struct Group {
    Pairs pairs;
    std::size_t position;
};

struct Syntax {
    explicit Syntax(Type of) : type{of} {}

    Type type;
    Constant constant = Constant::none;
    bool has_value = false;             // `value` means something
    bool keep_array = false;            // followed by `[]`
    bool keep_singleton_array = false;  // of a path: one of its steps is
    bool cons_array = false;            // `[..]` that begins or ends a path
    bool tuple = false;                 // carries bindings along: `@`, `#` or `%` need them
    bool thunk = false;                 // a lambda around a tail call
    bool has_predicates = false;
    bool has_stages = false;
    bool plain_names = false;  // a path of fields and nothing else
    bool plain_name = false;   // a path of one field and nothing else
    bool needs_frame = true;   // of a block: variables are bound in it
    bool shadowed = true;      // of a variable: may be bound by the expression, not only from outside
    std::uint16_t height = 0;  // of a path of plain names within a fast path

    std::size_t position = 0;  // after the token, in UTF-16 units
    double number = 0;
    std::string value;
    Syntax* lhs = nullptr;
    Syntax* rhs = nullptr;
    Syntax* third = nullptr;
    std::vector<Syntax*> list;
    Pairs pairs;
    std::vector<SortTerm> terms;

    std::vector<Stage> predicates;  // on anything but a step
    std::vector<Stage> stages;      // on a step
    std::unique_ptr<Group> group;
    const std::string* focus = nullptr;  // `@$focus`
    const std::string* index = nullptr;  // `#$index`
    Slot* slot = nullptr;                // of `%`
    Slot* ancestor = nullptr;            // of the step that a `%` refers to
    std::vector<Slot*>* seeking_parent = nullptr;

    std::shared_ptr<const Regex> regex;
    std::shared_ptr<const Signature> signature;
    const Builtin* builtin = nullptr;  // of a variable: the built-in function of that name
};

// Owns the nodes of one expression, and bounds how many there may be.
class SyntaxArena {
  public:
    static constexpr std::size_t max_nodes = 100'000;  // `?:` copies its left side, so a short text can ask for many

    Syntax* make(Type type);
    Slot* make_slot(int level);
    std::vector<Slot*>* make_slots() { return &slot_lists_.emplace_back(); }
    Syntax* parent_of(std::size_t slot_index) const { return parents_[slot_index]; }
    void remember_parent(Syntax* parent) { parents_.push_back(parent); }
    std::size_t size() const { return nodes_.size(); }

  private:
    std::deque<Syntax> nodes_;
    std::deque<Slot> slots_;
    std::deque<std::vector<Slot*>> slot_lists_;
    std::vector<Syntax*> parents_;
};

}  // namespace pawl::jsonata
