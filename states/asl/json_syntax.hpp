// What is wrong with a text that is not JSON, in the words of the service's own parser (Jackson), which users find in
// search engines. Spec: RFC 8259; FasterXML jackson-core, ReaderBasedJsonParser.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::asl {

struct SyntaxProblem {
    std::size_t offset;  // of the character that does not fit
    std::size_t read;    // how far the parser had read: the service's line and column are those of this offset
    std::string message;
};

// Nothing when the text is valid JSON, its nesting aside. `whole`: what the text is, for one that does not end there.
std::optional<SyntaxProblem> find_syntax_problem(std::string_view text, std::string_view whole = "JSON value");

// What its author may have meant at `offset`, where the text does not go on as JSON does; may be empty.
std::string syntax_hint(std::string_view text, std::size_t offset);

}  // namespace pawl::asl
