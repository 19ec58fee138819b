// Sentences about command lines that can't be understood.
#pragma once
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace pawl::cli {

// Names the command or option that there is not, and what may have been meant, before all other complaints: a
// misspelt option makes the parser miss a value elsewhere.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong);

}  // namespace pawl::cli
