// Function signatures such as <s-nn?:s>: which arguments a function takes, how missing ones are filled from the
// context and single values become arrays. Spec: docs.jsonata.org, "Function signature syntax".
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/arguments.hpp"

namespace pawl::jsonata {

class Signature {
  public:
    // `text` begins with `<`. Throws a Fault (S0401, S0402) whose position is the offset within the text.
    static Signature parse(std::string_view text);

    // The arguments as the function wants them. Throws T0410, T0411, T0412.
    Arguments validate(Heap& heap, Arguments arguments, const Value& context) const;

  private:
    struct Parameter {
        std::string symbols;       // those it accepts; `m` is a missing value
        char type = 0;             // 0 for a choice
        std::string element_type;  // of an array
        bool has_element_type = false;
        bool from_context = false;  // `-`
        bool optional = false;      // `?` or `-`
        bool lazy = false;          // both
        bool repeated = false;      // `+`
    };
    struct Matcher;

    bool takes_one_each(const Arguments& arguments) const;
    [[noreturn]] void reject(const Arguments& arguments, std::string_view symbols) const;
    Value checked_array(Heap& heap, const Parameter& parameter, std::string_view matched, char symbol,
                        const Value& argument, std::size_t index) const;

    std::vector<Parameter> parameters_;
};

char signature_symbol(const Value& value);

}  // namespace pawl::jsonata
