// Functions as values: lambdas, partial applications, regular expressions and transforms. Built-in functions need no
// node (Value::builtin).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "states/jsonata/frame.hpp"
#include "states/jsonata/syntax.hpp"

namespace pawl::jsonata {

// Where a function was called last. Errors from inside it are reported there.
struct CallSite {
    const std::string* token = nullptr;  // the name it was called by
    std::size_t position = 0;            // 0: not called by a call expression
};

class Function final : public Node {
  public:
    enum class Form : std::uint8_t { lambda, partial, regex, next_match, transform };

    Function(Heap& heap, Form of, const Syntax* syntax, Frame* scope, Value context)
        : Node{heap, sizeof(Function)}, form{of}, code{syntax}, frame{Ref<Frame>{scope}}, input{std::move(context)} {}

    void drop_children() noexcept override {
        frame = {};
        input = {};
        target = {};
        bound.clear();
    }

    const Form form;
    const Syntax* const code;    // the lambda, regex or transform; null for a partial application of a function without
    Ref<Frame> frame;            // where it was written
    Value input;                 // the context there; of next_match: the subject
    bool thunk = false;          // a tail call that waits to be made
    bool has_signature = false;  // of the lambda; lost by partial application, whose parameters are others
    std::vector<const std::string*> parameters;  // of a lambda, those still open
    CallSite call_site;

    // partial: what to call, with which arguments; empty ones are open. next_match: the regex.
    Value target;
    std::vector<std::optional<Value>> bound;

    std::size_t last_index = 0;  // regex: where the next search begins, in bytes
};

}  // namespace pawl::jsonata
