// The second form of the tree: paths as lists of steps with their predicates, groups and sort terms, names for what `%`
// refers to, tail calls marked. The evaluator needs nothing else.
#pragma once
#include "states/jsonata/syntax.hpp"

namespace pawl::jsonata {

// Throws a Fault (S02xx, U1001 when nested too deeply).
Syntax* resolve(Syntax* parsed, SyntaxArena& arena);

}  // namespace pawl::jsonata
