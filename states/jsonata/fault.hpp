// An error on its way up through the recursive parser or evaluator. Thrown inside this folder only; the public
// functions turn it into an Error, filling the sentence of its code.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "states/jsonata/jsonata.hpp"

namespace pawl::jsonata {

class Value;

struct Fault {
    std::string_view code;                // one of the codes in fault.cpp
    std::optional<std::size_t> position;  // absent or 0: a surrounding function call may fill it
    std::optional<Json> token;
    std::vector<std::pair<std::string_view, Json>> inserts;  // for the {{names}} in the sentence

    explicit Fault(std::string_view error_code) : code{error_code} {}
    Fault&& at(std::size_t where) && {
        position = where;
        return std::move(*this);
    }
    Fault&& on(Json what) && {
        token = std::move(what);
        return std::move(*this);
    }
    Fault&& with(std::string_view name, Json insert) && {
        inserts.emplace_back(name, std::move(insert));
        return std::move(*this);
    }
    Fault&& showing(std::string_view name, const Value& insert) &&;  // what JSON can show of it
};

// U1001 with this sentence.
Fault limit_exceeded(std::string_view sentence);

Error to_error(const Fault& fault);

}  // namespace pawl::jsonata
