// A compiled expression: the tree and what was found out about it before evaluation.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/jsonata.hpp"
#include "states/jsonata/syntax.hpp"

namespace pawl::jsonata::detail {

struct Program {
    Options options;
    SyntaxArena arena;
    Syntax* tree = nullptr;
    std::vector<Reference> references;
};

// Whether the text sees variables of an expression around it, as those of $eval do.
enum class Scope : std::uint8_t { own, inherited };

// Throws a Fault.
std::shared_ptr<const Program> compile(std::string_view text, const Options& options, Scope scope = Scope::own);

// Marks what evaluation may skip (frames nobody binds in, lookups nobody shadows) and finds what comes from outside.
void analyse(Program& program, Scope scope);

}  // namespace pawl::jsonata::detail
