// Runs every tests/scenarios/*.json: a definition, an input, what its tasks answer, and what must come of it.
// A new behaviour is first a scenario; tests/scenarios/README.md describes the format.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "states/asl/definition.hpp"
#include "states/asl/diagnostic_text.hpp"
#include "tests/states/simulated_world.hpp"

namespace pawl::testing {
namespace {

std::chrono::milliseconds milliseconds_of(const Json& seconds) {
    return std::chrono::milliseconds{std::llround(seconds.get<double>() * 1000)};
}

TaskReply reply_of(const Json& json) {
    TaskReply reply;
    for (const auto& [name, value] : json.items()) {
        if (name == "output") {
            reply.echoes = false;
            reply.output = value;
        } else if (name == "error") {
            reply.fails = true;
            reply.error.name = value.get<std::string>();
        } else if (name == "cause") {
            reply.error.cause = value.get<std::string>();
        } else if (name == "fails_to") {
            reply.failure = value == "be scheduled" ? TaskFailure::Schedule : TaskFailure::Submit;
        } else if (name == "after_seconds") {
            reply.after = milliseconds_of(value);
        } else if (name == "never") {
            reply.never = value.get<bool>();
        } else if (name == "heartbeat_every_seconds") {
            reply.heartbeat_every = milliseconds_of(value);
        } else {
            ADD_FAILURE() << "unknown member of a reply: " << name;
        }
    }
    return reply;
}

class Scenario : public ::testing::TestWithParam<std::filesystem::path> {
  protected:
    static Json load(const std::filesystem::path& path) {
        std::ifstream file{path};
        return Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    }

    static void check_chain(const std::vector<RecordedEvent>& history) {
        std::int64_t expected = 1;
        for (const auto& event : history) {
            if (event.id == 0) continue;
            EXPECT_EQ(event.id, expected++) << "event ids are 1..n";
            EXPECT_LT(event.previous, event.id);
        }
    }

    static void check_end(const Json& expect, const SimulatedWorld& world) {
        const auto& execution = world.execution();
        for (const auto& [name, value] : expect.items()) {
            if (name == "status") {
                EXPECT_EQ(to_string(execution.status), value.get<std::string>())
                    << execution.error.name.value_or("") << ": " << execution.error.cause.value_or("");
            } else if (name == "output") {
                ASSERT_TRUE(execution.output) << execution.error.name.value_or("") << ": "
                                              << execution.error.cause.value_or("");
                EXPECT_EQ(execution.output->json(), value) << execution.output->text();
            } else if (name == "error") {
                EXPECT_EQ(execution.error.name.value_or("(none)"), value.get<std::string>());
            } else if (name == "cause") {
                EXPECT_EQ(execution.error.cause.value_or("(none)"), value.get<std::string>());
            } else if (name == "events") {
                EXPECT_EQ(Json(outline(world.history())).dump(1), value.dump(1));
            } else if (name == "previous") {
                Json previous = Json::array();
                for (const auto& event : world.history()) {
                    if (event.id != 0) previous.push_back(event.previous);
                }
                EXPECT_EQ(previous, value);
            } else if (name == "elapsed_seconds") {
                EXPECT_EQ(world.elapsed(), milliseconds_of(value));
            } else {
                ADD_FAILURE() << "unknown member of `expect`: " << name;
            }
        }
    }
};

TEST_P(Scenario, EndsAsItSays) {
    const auto scenario = load(GetParam());
    const auto text = to_text(scenario.at("definition"));
    const auto parsed = asl::parse_definition(text);
    const auto& expect = scenario.at("expect");
    if (expect.contains("refused")) {
        ASSERT_FALSE(parsed.definition) << "the definition should be refused";
        EXPECT_EQ(asl::definition_error_text(parsed.diagnostics, text), expect.at("refused").get<std::string>());
        return;
    }
    ASSERT_TRUE(parsed.definition) << asl::definition_error_text(parsed.diagnostics, text);

    std::map<std::string, std::deque<TaskReply>> replies;
    if (scenario.contains("replies")) {
        for (const auto& [state, list] : scenario.at("replies").items()) {
            for (const auto& reply : list) replies[state].push_back(reply_of(reply));
        }
    }
    Limits limits;
    if (scenario.contains("history_limit")) limits.history_events = scenario.at("history_limit").get<std::int64_t>();
    SimulatedWorld world{parsed.definition, limits, std::move(replies)};
    std::optional<std::chrono::milliseconds> stop_after;
    if (scenario.contains("stop_after_seconds")) stop_after = milliseconds_of(scenario.at("stop_after_seconds"));
    world.run(scenario.value("input", Json::object()), stop_after);
    for (int i = scenario.value("redrives", 0); i > 0; --i) world.redrive();
    check_chain(world.history());
    check_end(expect, world);
}

std::vector<std::filesystem::path> all_scenarios() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator{PAWL_SOURCE_DIR "/tests/scenarios"}) {
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string test_name(const ::testing::TestParamInfo<std::filesystem::path>& info) {
    auto name = info.param.stem().string();
    for (auto& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, Scenario, ::testing::ValuesIn(all_scenarios()), test_name);

}  // namespace
}  // namespace pawl::testing
