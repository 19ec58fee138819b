// A parsed JSONPath: what the parser makes and the evaluator walks. Private to states/data.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "states/data/json_path.hpp"

namespace pawl::data::path {

struct Condition;  // of a filter; see json_path_filter.hpp
struct Argument;

struct Name {
    std::string name;
};
struct Names {  // $['a','b']: an object with these members
    std::vector<std::string> names;
};
struct Index {  // negative: from the end
    std::int64_t index;
};
struct Indexes {
    std::vector<std::int64_t> indexes;
};
struct Slice {  // at least one bound
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> to;
};
struct Wildcard {};
struct Scan {};  // `..`: the next step is tried on the node and on everything below it
struct Filter {
    std::shared_ptr<const Condition> condition;
};
enum class Function { length, min, max, avg, sum, stddev, keys, first, last, index, concat, append };
struct Call {
    Function function;
    std::string name;
    std::vector<Argument> arguments;
};
using Step = std::variant<Name, Names, Index, Indexes, Slice, Wildcard, Scan, Filter, Call>;

enum class Root { input, context, variable, current };  // `$`, `$$`, `$name`, `@`

struct Query {
    Root root = Root::input;
    std::string variable;
    std::vector<Step> steps;

    bool definite() const;                 // selects one value; with indefinite steps, an array
    bool plain() const;                    // names and single indexes only
    std::size_t first_indefinite() const;  // index of a step; steps.size() when there is none
    // "$['a'][0]": the first `count` steps as Jayway prints them.
    std::string print(std::size_t count) const;
    std::string print() const { return print(steps.size()); }
};

struct Argument {
    std::variant<Query, Json> value;
};

std::string print(const Step& step);

}  // namespace pawl::data::path

namespace pawl::data {

struct JsonPath::Compiled {
    std::string text;
    path::Query query;
    bool plain;
};

}  // namespace pawl::data
