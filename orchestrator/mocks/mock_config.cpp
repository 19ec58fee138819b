#include "orchestrator/mocks/mock_config.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pawl {
namespace {

using Problem = std::string;

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

// "3" or "1-2"
Result<std::pair<std::int64_t, std::int64_t>, Problem> parse_range(std::string_view text, const std::string& where) {
    const auto dash = text.find('-');
    const auto first = number_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number_of(text.substr(dash + 1));
    if (!first || !last || *last < *first) {
        return where + ": '" + std::string{text} +
               "' is no invocation and no range of them; expected \"0\" or \"1-2\", counted from 0";
    }
    return std::pair{*first, *last};
}

Result<const Json*, Problem> object_in(const Json& parent, const std::string& member, const std::string& where) {
    const auto found = parent.find(member);
    if (found == parent.end()) return where + " has no member '" + member + "'";
    if (!found->is_object()) return where + "." + member + " is not an object";
    return &*found;
}

Result<std::map<std::string, MockedResponse>, Problem> parse_responses(const Json& root) {
    std::map<std::string, MockedResponse> responses;
    const auto all = object_in(root, "MockedResponses", "the file");
    if (!all) return all.error();
    for (const auto& [name, value] : (*all)->items()) {
        auto response = parse_mocked_response(value, name, "MockedResponses." + name);
        if (!response) return std::move(response).error();
        responses.emplace(name, *std::move(response));
    }
    return responses;
}

}  // namespace

const Result<Payload>* MockedResponse::answer(std::int64_t invocation) const {
    const auto found = std::ranges::find_if(
        ranges, [&](const auto& range) { return range.first <= invocation && invocation <= range.last; });
    return found == ranges.end() ? nullptr : &found->answer;
}

std::string MockedResponse::ranges_text() const {
    std::string text;
    for (const auto& range : ranges) {
        if (!text.empty()) text += ", ";
        text += std::to_string(range.first);
        if (range.last != range.first) text += "-" + std::to_string(range.last);
    }
    return text;
}

Result<Result<Payload>, std::string> parse_mocked_answer(const Json& value, const std::string& where) {
    using Answer = Result<Payload>;
    if (!value.is_object() || value.size() != 1 || !(value.contains("Return") || value.contains("Throw"))) {
        return Problem{where + " is to be {\"Return\": …} or {\"Throw\": {\"Error\": …, \"Cause\": …}}"};
    }
    if (value.contains("Return")) return Answer{Payload::from_json(value.at("Return"))};
    const auto& thrown = value.at("Throw");
    AslError error;
    const auto text = [&](const char* member, std::optional<std::string>& to) {
        const auto found = thrown.find(member);
        if (found == thrown.end()) return true;
        if (!found->is_string()) return false;
        to = found->get<std::string>();
        return true;
    };
    if (!thrown.is_object() || !text("Error", error.name) || !text("Cause", error.cause) || !error.name) {
        return Problem{where + ".Throw is to be {\"Error\": \"name\", \"Cause\": \"text\"}"};
    }
    return Answer{std::move(error)};
}

Result<MockedResponse, std::string> parse_mocked_response(const Json& value, const std::string& name,
                                                          const std::string& where) {
    if (!value.is_object() || value.empty()) {
        return Problem{where + " is to be an object of invocations, as {\"0\": {\"Return\": …}}"};
    }
    MockedResponse response;
    response.name = name;
    for (const auto& [range_text, answer_value] : value.items()) {
        const auto range = parse_range(range_text, where);
        if (!range) return range.error();
        auto answer = parse_mocked_answer(answer_value, where + "." + range_text);
        if (!answer) return std::move(answer).error();
        response.ranges.push_back({range->first, range->second, *std::move(answer)});
    }
    std::ranges::sort(response.ranges, {}, &MockedResponse::Range::first);
    for (std::size_t i = 1; i < response.ranges.size(); ++i) {
        if (response.ranges[i].first <= response.ranges[i - 1].last) {
            return Problem{where + ": invocation " + std::to_string(response.ranges[i].first) + " is given twice"};
        }
    }
    return response;
}

Result<MockConfig, std::string> MockConfig::parse(std::string_view text) {
    const auto root = parse_json(text);
    if (!root) {
        return Problem{"it is not JSON: " + root.error().message + " at byte " + std::to_string(root.error().offset)};
    }
    if (!root->is_object()) return Problem{"it is not a JSON object"};
    const auto responses = parse_responses(*root);
    if (!responses) return responses.error();
    const auto machines = object_in(*root, "StateMachines", "the file");
    if (!machines) return machines.error();

    MockConfig config;
    for (const auto& [machine, value] : (*machines)->items()) {
        const auto where = "StateMachines." + machine;
        if (!value.is_object()) return where + " is not an object";
        const auto cases = object_in(value, "TestCases", where);
        if (!cases) return cases.error();
        for (const auto& [test_case, states] : (*cases)->items()) {
            const auto case_where = where + ".TestCases." + test_case;
            if (!states.is_object()) return case_where + " is not an object";
            States mocked;
            for (const auto& [state, response] : states.items()) {
                if (!response.is_string()) return case_where + "." + state + " is not the name of a mocked response";
                const auto found = responses->find(response.get<std::string>());
                if (found == responses->end()) {
                    return case_where + "." + state + ": there is no mocked response '" + response.get<std::string>() +
                           "' in MockedResponses";
                }
                mocked.emplace(state, found->second);
            }
            config.add(machine, test_case, std::move(mocked));
        }
    }
    return config;
}

void MockConfig::add(const std::string& machine, const std::string& test_case, States states) {
    cases_.insert_or_assign(machine + "#" + test_case, std::move(states));
}

const MockConfig::States* MockConfig::find(std::string_view test_case) const {
    const auto found = cases_.find(test_case);
    return found == cases_.end() ? nullptr : &found->second;
}

std::vector<std::string> MockConfig::cases_of(std::string_view machine) const {
    std::vector<std::string> names;
    const auto prefix = std::string{machine} + "#";
    for (auto it = cases_.lower_bound(prefix); it != cases_.end() && it->first.starts_with(prefix); ++it) {
        names.push_back(it->first.substr(prefix.size()));
    }
    return names;
}

}  // namespace pawl
