// A regular expression on user input: PCRE2 with limits on its work, so that no pattern can hang an evaluation.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "states/result.hpp"

namespace pawl::data {

class Regex {
  public:
    // `flags`: of Java's Pattern, i d m s u x.
    static Result<Regex, std::string> compile(std::string_view pattern, std::string_view flags);
    // Does it match the whole subject? A match that exceeds the limits is none.
    bool matches(std::string_view subject) const;

  private:
    struct Compiled;
    explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
