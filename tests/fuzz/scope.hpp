// What paths, templates and rules are evaluated in.
#pragma once
#include <string_view>

#include "states/data/scope.hpp"
#include "states/entropy.hpp"
#include "tests/fuzz/input.hpp"

namespace pawl::fuzz {

struct FuzzScope {
    Json input;
    Json context = Json{{"Execution", {{"Name", "run"}}}, {"State", {{"Name", "S"}}}};
    Json variable = Json{{"id", 7}, {"lines", {1, 2, 3}}};
    SeededRandom random{42};

    data::Scope scope() {
        return {input, [this]() -> const Json& { return context; },
                [this](std::string_view name) -> const Json* { return name == "v" ? &variable : nullptr; }, random};
    }
};

}  // namespace pawl::fuzz
