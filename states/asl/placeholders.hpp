// `${Name}` in a definition that a template of SAM, CDK or Terraform fills in.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "states/asl/derived_text.hpp"
#include "states/json.hpp"

namespace pawl::asl {

// Of the placeholder that begins at `at`; 0: none does. "$${Name}" and "${!Name}" are literal texts.
std::size_t placeholder_length(std::string_view text, std::size_t at);
bool is_placeholder(std::string_view text);   // and nothing else
bool has_placeholder(std::string_view text);  // somewhere

struct Filled {
    struct Open {
        std::size_t offset;  // in the original
        std::string name;
    };
    DerivedText text;
    std::vector<Open> open;  // those without a value, at most max_open
    static constexpr std::size_t max_open = 100;
};

// JSON text, but for placeholders that stand where a value does: `"Seconds": ${Delay}`. Each becomes the value that
// `values`, an object, has under its name: as text within quotes, as it is elsewhere. `quote_open`: one without a value
// that stands outside of quotes becomes a string, so that the text can be read. `plain_texts`: outside of quotes a text
// that is no JSON value is a string all the same, as plain scalars of YAML are.
Filled fill_placeholders(std::string_view text, const Json& values, bool quote_open, bool plain_texts = false);

}  // namespace pawl::asl
