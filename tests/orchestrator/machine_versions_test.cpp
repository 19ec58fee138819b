// Versions, aliases, tags and Express executions in a whole engine, and what of them a restart finds again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "orchestrator/clock.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "persistence/memory_store.hpp"
#include "tests/support/eventually.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class NoTasks final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey&, const StartTask&, const std::string&, TaskListener) override {}
    void cancel(const TaskKey&) override {}
};

std::string passes(int result) {
    return R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": )" + std::to_string(result) +
           R"(, "End": true}}})";
}
constexpr auto waits_then_goes_on =
    R"({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "E"}, "E": {"Type": "Succeed"}}})";

class MachineVersions : public testing::Test {
  protected:
    void open() {
        orchestrator.reset();
        orchestrator = std::make_unique<Orchestrator>(store, journal, runner, clock, settings);
        ASSERT_TRUE(test::comes_true([&] { return orchestrator->ready(); }));
    }
    StateMachineCreated create(const std::string& name, const std::string& definition, bool publish = false,
                               asl::MachineType type = asl::MachineType::Standard) {
        CreateStateMachine request;
        request.name = name;
        request.definition = definition;
        request.publish = publish;
        request.type = type;
        const auto created = orchestrator->create_state_machine(request);
        EXPECT_TRUE(created) << created.error().message;
        return *created;
    }
    StateMachineUpdated update(const std::string& arn, const std::string& definition, bool publish = true) {
        UpdateStateMachine request;
        request.arn = arn;
        request.definition = definition;
        request.publish = publish;
        const auto updated = orchestrator->update_state_machine(request);
        EXPECT_TRUE(updated) << updated.error().message;
        return *updated;
    }
    ExecutionView run(const std::string& arn) {
        StartExecution request;
        request.machine_arn = arn;
        const auto started = orchestrator->start_execution(request);
        EXPECT_TRUE(started) << started.error().message;
        const auto ended = orchestrator->wait_for_end(started->arn, 10s);
        EXPECT_TRUE(ended && *ended);
        return **ended;
    }
    ApiResult<AliasView> alias(const std::string& name, std::vector<RouteRequest> routes) {
        return orchestrator->create_alias({name, "", std::move(routes)});
    }

    MemoryStore store;
    Journal journal{store};
    NoTasks runner;
    SystemClock clock;
    OrchestratorSettings settings;
    std::unique_ptr<Orchestrator> orchestrator;
    MachineVersions() { open(); }
};

TEST_F(MachineVersions, KeepWhatTheyWereAfterAnUpdateAndARestart) {
    const auto machine = create("m", passes(1), true);
    EXPECT_EQ(machine.version_arn, machine.arn + ":1");
    EXPECT_EQ(update(machine.arn, passes(2)).version_arn, machine.arn + ":2");
    open();
    EXPECT_EQ(run(machine.arn + ":1").output->text(), "1");
    EXPECT_EQ(run(machine.arn).output->text(), "2");
    EXPECT_EQ(orchestrator->describe_state_machine(machine.arn + ":1")->revision.definition, passes(1));
    const auto versions = orchestrator->list_versions({machine.arn, std::nullopt, 10});
    ASSERT_EQ(versions->size(), 2U);
    EXPECT_EQ(versions->front().arn, machine.arn + ":2");
}

TEST_F(MachineVersions, AreNotMadeTwiceOfOneRevisionAndNeverNumberedAgain) {
    const auto machine = create("m", passes(1));
    EXPECT_EQ(orchestrator->publish_version({machine.arn, "INITIAL", ""})->row.version, 1);
    EXPECT_EQ(orchestrator->publish_version({machine.arn, {}, "again"})->row.version, 1);
    EXPECT_EQ(update(machine.arn, passes(1)).revision_id, "");  // nothing changed
    ASSERT_TRUE(orchestrator->delete_version(machine.arn + ":1"));
    open();
    EXPECT_EQ(orchestrator->publish_version({machine.arn, {}, ""})->row.version, 2);
    const auto stale = orchestrator->publish_version({machine.arn, "other", ""});
    ASSERT_FALSE(stale);
    EXPECT_EQ(stale.error().type, "ConflictException");
}

TEST_F(MachineVersions, HaveALimit) {
    const auto machine = create("m", passes(0), true);
    for (int i = 1; i < 1'000; ++i) update(machine.arn, passes(i));
    UpdateStateMachine request;
    request.arn = machine.arn;
    request.definition = passes(1'000);
    request.publish = true;
    const auto refused = orchestrator->update_state_machine(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().type, "ServiceQuotaExceededException");
    EXPECT_EQ(orchestrator->describe_state_machine(machine.arn)->revision.definition, passes(999));
}

TEST_F(MachineVersions, CreatingAgainComparesHowItWasPublished) {
    const auto machine = create("m", passes(1), true);
    EXPECT_EQ(create("m", passes(1), true).version_arn, machine.version_arn);
    CreateStateMachine request;
    request.name = "m";
    request.definition = passes(1);
    EXPECT_EQ(orchestrator->create_state_machine(request).error().type, "StateMachineAlreadyExists");
}

TEST_F(MachineVersions, AliasesSendExecutionsByWeight) {
    const auto arn = create("m", passes(1), true).arn;
    update(arn, passes(2));
    ASSERT_TRUE(alias("PROD", {{arn + ":1", 50}, {arn + ":2", 50}}));
    open();
    std::set<std::string> outputs;
    for (int i = 0; i < 64; ++i) {
        const auto ended = run(arn + ":PROD");
        EXPECT_EQ(ended.row.alias, "PROD");
        EXPECT_EQ(std::to_string(ended.row.version), ended.output->text());
        outputs.insert(ended.output->text());
    }
    EXPECT_EQ(outputs.size(), 2U);
    ListExecutions query;
    query.machine_arn = arn + ":PROD";
    EXPECT_EQ(orchestrator->list_executions(query)->size(), 64U);
    query.machine_arn = arn + ":3";
    EXPECT_EQ(orchestrator->list_executions(query).error().type, "StateMachineDoesNotExist");
    ASSERT_TRUE(orchestrator->update_alias({arn + ":PROD", std::nullopt, {{{arn + ":1", 0}, {arn + ":2", 100}}}}));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(run(arn + ":PROD").output->text(), "2");
}

TEST_F(MachineVersions, AliasesHoldTheVersionsTheyLeadTo) {
    const auto arn = create("m", passes(1), true).arn;
    ASSERT_TRUE(alias("A", {{arn + ":1", 100}}));
    const auto held = orchestrator->delete_version(arn + ":1");
    ASSERT_FALSE(held);
    EXPECT_THAT(held.error().message, HasSubstr("[A]"));
    ASSERT_TRUE(orchestrator->delete_alias(arn + ":A"));
    EXPECT_TRUE(orchestrator->delete_version(arn + ":1"));
}

TEST_F(MachineVersions, AliasesOfOtherMachinesVersionsAreRefused) {
    const auto one = create("one", passes(1), true).arn;
    const auto two = create("two", passes(1), true).arn;
    EXPECT_EQ(alias("A", {{one + ":1", 50}, {two + ":1", 50}}).error().type, "ValidationException");
    ASSERT_TRUE(alias("A", {{one + ":1", 100}}));
    const auto moved = orchestrator->update_alias({one + ":A", std::nullopt, {{{two + ":1", 100}}}});
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().members["reason"], "INVALID_ROUTING_CONFIGURATION");
}

TEST_F(MachineVersions, GoWithTheirMachine) {
    const auto arn = create("m", passes(1), true).arn;
    ASSERT_TRUE(alias("A", {{arn + ":1", 100}}));
    ASSERT_TRUE(orchestrator->delete_state_machine(arn));
    create("m", passes(2));
    EXPECT_TRUE(orchestrator->list_versions({arn, std::nullopt, 10})->empty());
    EXPECT_TRUE(orchestrator->list_aliases({arn, "", 10})->empty());
    EXPECT_TRUE(store.versions().empty());
    EXPECT_TRUE(store.aliases().empty());
}

TEST_F(MachineVersions, ADeletedMachineEndsItsExecutionsAtTheirNextStateAlsoAfterARestart) {
    const auto arn = create("m", waits_then_goes_on).arn;
    StartExecution request;
    request.machine_arn = arn;
    const auto started = orchestrator->start_execution(request);
    ASSERT_TRUE(orchestrator->delete_state_machine(arn));
    EXPECT_EQ(orchestrator->describe_state_machine(arn)->machine.status, MachineStatus::Deleting);
    EXPECT_EQ(orchestrator->start_execution(request).error().type, "StateMachineDeleting");
    open();
    const auto ended = orchestrator->wait_for_end(started->arn, 10s);
    EXPECT_EQ((*ended)->row.status, ExecutionStatus::Aborted);
    EXPECT_EQ(orchestrator->describe_state_machine(arn).error().type, "StateMachineDoesNotExist");
    EXPECT_TRUE(store.machines().empty());
}

TEST_F(MachineVersions, TagsOutliveARestart) {
    const auto arn = create("m", passes(1)).arn;
    ASSERT_TRUE(orchestrator->tag_resource(arn, {{"a", "1"}, {"b", "2"}}));
    ASSERT_TRUE(orchestrator->untag_resource(arn, {"a", "c"}));
    open();
    EXPECT_EQ(*orchestrator->list_tags(arn), (Json{{"b", "2"}}));
    EXPECT_EQ(orchestrator->tag_resource(arn, {{"AWS:x", "1"}}).error().type, "ValidationException");
    EXPECT_EQ(orchestrator->tag_resource(arn, {{"a;b", "1"}}).error().type, "ValidationException");
}

TEST_F(MachineVersions, ExpressExecutionsMayShareANameButNotACall) {
    const auto arn = create("m", passes(1), false, asl::MachineType::Express).arn;
    StartExecution request;
    request.machine_arn = arn;
    request.name = "n";
    const auto first = orchestrator->start_sync_execution(request);
    const auto second = orchestrator->start_sync_execution(request);
    ASSERT_TRUE(first && second);
    EXPECT_THAT(first->row.arn, HasSubstr(":express:m:n:"));
    EXPECT_NE(first->row.arn, second->row.arn);
    EXPECT_EQ(first->machine_arn, arn);
    request.retry_key = "one call";
    const auto once = orchestrator->start_sync_execution(request);
    const auto repeated = orchestrator->start_sync_execution(request);
    EXPECT_EQ(once->row.arn, repeated->row.arn);
}

TEST_F(MachineVersions, ExpressHistoriesCanBeLeftOut) {
    settings.keep_express_history = false;
    open();
    for (const auto* definition :
         {R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}})",
          R"({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "End": true}}})"}) {
        const auto arn =
            create("m" + std::to_string(std::string{definition}.size()), definition, false, asl::MachineType::Express)
                .arn;
        StartExecution request;
        request.machine_arn = arn;
        request.input = "[7]";
        const auto ended = orchestrator->start_sync_execution(request);
        ASSERT_TRUE(ended);
        EXPECT_EQ(ended->input.text(), "[7]");
        EXPECT_EQ(ended->output->text(), "[7]");
        EXPECT_EQ(orchestrator->history({ended->row.arn})->size(), 2U);
    }
}

TEST_F(MachineVersions, LogsHearOfDurableEventsOfMachinesThatWantThem) {
    std::mutex mutex;
    std::map<std::string, std::size_t> heard;
    settings.log = [&](const LogBatch& batch) {
        const std::lock_guard lock{mutex};
        EXPECT_EQ(batch.target->group, "/g");
        heard[batch.execution_arn] += batch.events.size();
    };
    open();
    CreateStateMachine request;
    request.name = "logged";
    request.definition = passes(1);
    request.configuration = *parse_json(R"({"loggingConfiguration": {"level": "ALL", "destinations": [
        {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:/g:*"}}]}})");
    const auto logged = run(orchestrator->create_state_machine(request)->arn);
    run(create("silent", passes(1)).arn);
    orchestrator.reset();
    EXPECT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[logged.row.arn], 4U);
}

}  // namespace
}  // namespace pawl
