// What the tests of states/data evaluate in: an input, a context object, variables, and random numbers from a seed.
#pragma once
#include <string>
#include <string_view>

#include "states/data/scope.hpp"

namespace pawl::data {

inline Json json(std::string_view text) {
    auto value = parse_json(text);
    if (!value) throw std::invalid_argument{"a test's JSON is wrong: " + std::string{text}};
    return *std::move(value);
}

struct TestScope {
    Json input;
    Json context = json(R"({"Execution":{"Name":"run","Input":{"n":1}},"State":{"Name":"S"}})");
    Json variables = json(R"({"order":{"id":7,"lines":[{"sku":"a"},{"sku":"b"}]},"none":null})");
    SeededRandom random{42};

    explicit TestScope(std::string_view text = "{}") : input(json(text)) {}
    Scope scope() {
        return {input, [this]() -> const Json& { return context; },
                [this](std::string_view name) -> const Json* {
                    const auto found = variables.find(std::string{name});
                    return found == variables.end() ? nullptr : &*found;
                },
                random};
    }
};

}  // namespace pawl::data
