// What mocked tasks answer: the MockConfigFile.json of Step Functions Local, read and checked.
// Spec: AWS Step Functions Developer Guide, "Configuration file for mocked service integrations".
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "states/payload.hpp"
#include "states/result.hpp"

namespace pawl {

// What the invocations of one state come to: "0", "1-2", … Return or Throw. Counted per execution and state, from 0:
// retries, loops and iterations all count on.
struct MockedResponse {
    struct Range {
        std::int64_t first = 0;
        std::int64_t last = 0;
        Result<Payload> answer;
    };
    std::string name;
    std::vector<Range> ranges;  // ascending, none overlaps

    const Result<Payload>* answer(std::int64_t invocation) const;  // null: none is given
    std::string ranges_text() const;                               // "0, 1-2"
};

class MockConfig {
  public:
    using States = std::map<std::string, MockedResponse, std::less<>>;

    // The error says where in the file, and what is wrong.
    static Result<MockConfig, std::string> parse(std::string_view text);

    // For mocks that come from elsewhere; replaces what was there.
    void add(const std::string& machine, const std::string& test_case, States states);
    // States without a mock fail instead of being run for real.
    void be_strict() { strict_ = true; }
    bool strict() const { return strict_; }

    // `machine#case`; null: there is no such test case.
    const States* find(std::string_view test_case) const;
    std::vector<std::string> cases_of(std::string_view machine) const;

  private:
    std::map<std::string, States, std::less<>> cases_;  // by "machine#case"
    bool strict_ = false;
};

// {"0": {"Return": …}, "1-2": {"Throw": {"Error": …, "Cause": …}}}; `where` stands in front of what is wrong.
Result<MockedResponse, std::string> parse_mocked_response(const Json& value, const std::string& name,
                                                          const std::string& where);
// {"Return": …} or {"Throw": …}
Result<Result<Payload>, std::string> parse_mocked_answer(const Json& value, const std::string& where);

}  // namespace pawl
