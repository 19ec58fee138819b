// The 18 intrinsic functions, and how they see their arguments. Private to states/data.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "states/data/json_path.hpp"
#include "states/data/work.hpp"

namespace pawl::data::intrinsic {

// Thrown by a function that cannot do its work; becomes States.IntrinsicFailure.
struct Failure {
    std::string message;
};

class Arguments {
  public:
    Arguments(SeededRandom& random, Work& work) : random_{random}, work_{work} {}

    void add(Selection value) { values_.push_back(std::move(value)); }
    std::size_t size() const { return values_.size(); }
    const Json& operator[](std::size_t i) const { return *values_[i]; }

    // Each throws a Failure that names the argument when its type is another.
    const std::string& text(std::size_t i) const;
    const Json& array(std::size_t i) const;
    const Json& object(std::size_t i) const;
    std::int64_t whole(std::size_t i) const;    // an integer of 32 bits
    std::int64_t rounded(std::size_t i) const;  // a number, rounded to one

    // The template of States.Format as the definition spells it, escapes included; null when it came by a path.
    const std::string* literal_template = nullptr;

    SeededRandom& random() { return random_; }
    Json copy(const Json& value);        // throws when that is too much
    void make_bytes(std::size_t bytes);  // the same
    void visit(std::size_t nodes);       // the same

  private:
    std::vector<Selection> values_;
    SeededRandom& random_;
    Work& work_;
};

struct Function {
    std::string_view name;
    std::size_t least;  // arguments
    std::size_t most;
    Json (*run)(Arguments& arguments);
};

const Function* find_function(std::string_view name);
std::vector<std::string_view> function_names();

Json array(Arguments& arguments);
Json array_partition(Arguments& arguments);
Json array_contains(Arguments& arguments);
Json array_range(Arguments& arguments);
Json array_get_item(Arguments& arguments);
Json array_length(Arguments& arguments);
Json array_unique(Arguments& arguments);

Json format(Arguments& arguments);
Json string_split(Arguments& arguments);
Json uuid(Arguments& arguments);

Json string_to_json(Arguments& arguments);
Json json_to_string(Arguments& arguments);
Json json_merge(Arguments& arguments);

Json base64_encode(Arguments& arguments);
Json base64_decode(Arguments& arguments);
Json hash(Arguments& arguments);

Json math_random(Arguments& arguments);
Json math_add(Arguments& arguments);

}  // namespace pawl::data::intrinsic
