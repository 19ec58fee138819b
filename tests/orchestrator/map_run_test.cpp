// Distributed Maps over the whole engine: children that are executions, restarts in the middle, tolerance, changes.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "orchestrator/map_runs/buckets.hpp"
#include "tests/orchestrator/engine_fixture.hpp"
#include "tests/support/eventually.hpp"

namespace pawl {
namespace {

using testing::HasSubstr;

std::string distributed(const std::string& fields, const std::string& states, const std::string& start) {
    return R"({"StartAt": "M", "States": {"M": {"Type": "Map", )" + fields + R"("End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": ")" +
           start + R"(", "States": )" + states + "}}}}";
}
const std::string pass_states = R"({"P": {"Type": "Pass", "End": true}})";
const std::string task_states =
    R"({"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}})";

class MapRunTest : public EngineTest {
  protected:
    MapRunView only_run(const std::string& execution) {
        for (int i = 0; i < 1'000; ++i) {
            const auto runs = orchestrator_->list_map_runs(execution);
            if (runs && runs->size() == 1) return *orchestrator_->describe_map_run(runs->front().arn);
            std::this_thread::sleep_for(2ms);
        }
        throw std::runtime_error{"there is no Map Run"};
    }
    // Answers `count` tasks with what they were given.
    void echo(int count) {
        for (int i = 0; i < count; ++i) {
            auto [task, listener] = runner_.take();
            listener.answered(task.parameters, TaskFailure::Run);
        }
    }
    // The same, until the execution has ended.
    void echo_until_end(const std::string& execution) {
        for (int i = 0; i < 10'000; ++i) {
            if (runner_.waiting()) {
                echo(1);
            } else if (orchestrator_->describe_execution(execution)->row.stopped) {
                return;
            } else {
                std::this_thread::sleep_for(1ms);
            }
        }
    }
    static std::int64_t executions(const MapRunView& view, ExecutionStatus status) {
        return view.counts[static_cast<std::size_t>(status)].executions;
    }
    std::vector<ExecutionListItem> children(const std::string& run) {  // the last one first
        ListExecutions query;
        query.map_run_arn = run;
        return *orchestrator_->list_executions(query);
    }
    bool comes_to(const std::string& execution, MapRunStatus status) {
        return test::comes_true([&] { return only_run(execution).row.status == status; });
    }
    void commit(const Changes& changes) { store_.commit(std::span{&changes, 1}); }
    // Takes an execution's events away, between two lives of the engine.
    void damage(std::int64_t execution) {
        orchestrator_.reset();
        commit({DropEvents{execution, 100}});
        open();
    }
    static std::string numbers(int count) {
        std::string text = "[0";
        for (int i = 1; i < count; ++i) text += "," + std::to_string(i);
        return text + "]";
    }
};

TEST_F(MapRunTest, StartsAnExecutionForEachItem) {
    const auto started = start(machine(distributed(R"("Label": "each", )", pass_states, "P")), R"(["a", "b", "c"])");
    ASSERT_TRUE(started);
    EXPECT_EQ(end_of(started->arn).output->text(), R"(["a","b","c"])");
    const auto run = only_run(started->arn);
    EXPECT_THAT(run.row.arn, HasSubstr(":mapRun:m/each:"));
    EXPECT_EQ(run.row.status, MapRunStatus::Succeeded);
    EXPECT_EQ(run.row.items, 3);
    EXPECT_EQ(executions(run, ExecutionStatus::Succeeded), 3);

    ListExecutions query;
    query.map_run_arn = run.row.arn;
    const auto children = orchestrator_->list_executions(query);
    ASSERT_EQ(children->size(), 3u);
    for (const auto& child : *children) {
        EXPECT_THAT(child.row.arn, HasSubstr(":execution:m/each:"));
        EXPECT_EQ(orchestrator_->history({child.row.arn, false, 0, 100})->size(), 4u) << "a history of its own";
        EXPECT_EQ(orchestrator_->describe_state_machine_for_execution(child.row.arn)->map_run_arn, run.row.arn);
    }
    EXPECT_EQ(orchestrator_->list_executions({})->size(), 1u) << "children are in no other list";
}

TEST_F(MapRunTest, RunsNoMoreThanMaxConcurrencyAtOnce) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 2, )", task_states, "T")), numbers(5));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 2; }));
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(runner_.handed_out(), 2u);
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Running), 2);
    echo(5);
    EXPECT_EQ(end_of(started->arn).output->text(), "[0,1,2,3,4]") << "in the items' order";
}

TEST_F(MapRunTest, GoesOnAfterARestart) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 3, )", task_states, "T")), numbers(20));
    echo(7);
    for (int restart = 0; restart < 3; ++restart) {
        reopen(1 + static_cast<std::size_t>(restart));
        if (restart < 2) echo(3);
    }
    echo_until_end(started->arn);
    EXPECT_EQ(end_of(started->arn).output->text(), numbers(20)) << "every item once";
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Succeeded), 20);
}

TEST_F(MapRunTest, FailsWhenTooManyItemsFail) {
    const auto started = start(
        machine(distributed(R"("ToleratedFailureCount": 1, "MaxConcurrency": 2, )", task_states, "T")), numbers(10));
    for (int i = 0; i < 2; ++i) {
        auto [task, listener] = runner_.take();
        listener.answered(AslError{"Bad", "item"}, TaskFailure::Run);
    }
    const auto view = end_of(started->arn);
    EXPECT_EQ(view.error.name, "States.ExceedToleratedFailureThreshold");
    const auto run = only_run(started->arn);
    EXPECT_EQ(run.row.status, MapRunStatus::Failed);
    EXPECT_EQ(executions(run, ExecutionStatus::Failed), 2);
    EXPECT_EQ(executions(run, ExecutionStatus::Running), 0) << "the others are stopped";
}

TEST_F(MapRunTest, BatchesItems) {
    const auto started = start(
        machine(distributed(R"("ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"k": 1}}, )", pass_states, "P")),
        "[1, 2, 3]");
    EXPECT_EQ(end_of(started->arn).output->text(),
              R"([{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}])");
    const auto run = only_run(started->arn);
    EXPECT_EQ(executions(run, ExecutionStatus::Succeeded), 2);
    EXPECT_EQ(run.counts[static_cast<std::size_t>(ExecutionStatus::Succeeded)].items, 3);
}

TEST_F(MapRunTest, BatchesByBytes) {
    const auto started =
        start(machine(distributed(R"("ItemBatcher": {"MaxInputBytesPerBatch": 10}, )", pass_states, "P")),
              R"(["aaa", "bbb", "a long one", "c"])");
    EXPECT_EQ(end_of(started->arn).output->text(),
              R"([{"Items":["aaa"]},{"Items":["bbb"]},{"Items":["a long one"]},{"Items":["c"]}])");
}

TEST_F(MapRunTest, IsStoppedWithItsExecution) {
    const auto started = start(machine(distributed("", task_states, "T")), numbers(4));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 4; }));
    ASSERT_TRUE(orchestrator_->stop_execution({started->arn, {"Enough", std::nullopt}}));
    ASSERT_TRUE(test::comes_true([&] { return only_run(started->arn).row.status != MapRunStatus::Running; }));
    const auto run = only_run(started->arn);
    EXPECT_EQ(run.row.status, MapRunStatus::Aborted);
    EXPECT_EQ(executions(run, ExecutionStatus::Aborted), 4);
}

TEST_F(MapRunTest, CanBeChangedWhileItRuns) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 1, )", task_states, "T")), numbers(6));
    auto run = only_run(started->arn);
    MapRunLimits limits;
    limits.max_concurrency = 6;
    limits.tolerated_failure_count = 5;
    ASSERT_TRUE(orchestrator_->update_map_run(run.row.arn, limits));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 6; }));
    EXPECT_EQ(runner_.handed_out(), 6u);
    for (int i = 0; i < 5; ++i) {
        auto [task, listener] = runner_.take();
        listener.answered(AslError{"Bad", "item"}, TaskFailure::Run);
    }
    echo(1);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Succeeded);
    EXPECT_EQ(orchestrator_->update_map_run(run.row.arn, limits).error().type, "ValidationException") << "it has ended";
    EXPECT_EQ(orchestrator_->update_map_run("arn:aws:states:us-east-1:000000000000:mapRun:m/x:y", limits).error().type,
              "ResourceNotFound");
}

TEST_F(MapRunTest, SurvivesAStoreThatFails) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 2, )", task_states, "T")), numbers(6));
    echo(2);
    store_.fail_next_commits(1);
    for (int i = 0; i < 500 && orchestrator_->ready(); ++i) {
        if (runner_.waiting()) echo(1);
        std::this_thread::sleep_for(1ms);
    }
    echo_until_end(started->arn);
    EXPECT_EQ(end_of(started->arn).output->text(), numbers(6));
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Succeeded), 6);
}

TEST_F(MapRunTest, SurvivesAStoreThatFailsWithSeveralShards) {
    reopen(3);
    const auto started = start(machine(distributed(R"("MaxConcurrency": 4, )", task_states, "T")), numbers(40));
    for (int failure = 0; failure < 3; ++failure) {
        echo(4);
        store_.fail_next_commits(1);
        for (int i = 0; i < 500 && orchestrator_->ready(); ++i) {
            if (runner_.waiting()) echo(1);
            std::this_thread::sleep_for(1ms);
        }
        ASSERT_TRUE(test::comes_true([&] { return orchestrator_->ready(); }));
    }
    echo_until_end(started->arn);
    EXPECT_EQ(end_of(started->arn).output->text(), numbers(40));
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Succeeded), 40);
}

// As if the engine had crashed between the end of the Map and what follows from it.
TEST_F(MapRunTest, EndsWhatALostMapRunHasLeftBehind) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 2, )", task_states, "T")), numbers(6));
    echo(2);
    ASSERT_TRUE(test::comes_true([&] { return runner_.waiting(); }));
    const auto run = only_run(started->arn);
    orchestrator_.reset();
    auto row = *store_.find_execution(started->arn);
    row.status = ExecutionStatus::Aborted;
    row.wake_at.reset();
    const std::vector<Changes> ended{{UpdateExecution{row}}};
    store_.commit(ended);
    open();
    ASSERT_TRUE(test::comes_true([&] { return only_run(started->arn).row.status != MapRunStatus::Running; }));
    EXPECT_EQ(only_run(started->arn).row.status, MapRunStatus::Aborted);
    ASSERT_TRUE(test::comes_true([&] { return executions(only_run(started->arn), ExecutionStatus::Running) == 0; }));
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Running), 0);
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Succeeded), 2);
}

TEST_F(MapRunTest, RedrivesTheChildrenThatFailed) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 1, )", task_states, "T")), numbers(3));
    echo(1);
    auto [task, listener] = runner_.take();
    listener.answered(AslError{"Bad", "item"}, TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Failed);
    reopen();
    ASSERT_TRUE(orchestrator_->redrive_execution(started->arn, "token"));
    ASSERT_TRUE(orchestrator_->redrive_execution(started->arn, "token")) << "the same call again";
    echo(2);
    EXPECT_EQ(end_of(started->arn).output->text(), "[0,1,2]") << "what had succeeded is not done again";
    const auto run = only_run(started->arn);
    EXPECT_EQ(run.row.redrive_count, 1);
    EXPECT_EQ(executions(run, ExecutionStatus::Succeeded), 3);
    EXPECT_EQ(runner_.handed_out(), 4u);
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "").error().type, "ExecutionNotRedrivable");
}

// As if the engine had crashed between the failure that is too much and the end of the children.
TEST_F(MapRunTest, StillFailsAfterARestart) {
    const auto started = start(
        machine(distributed(R"("ToleratedFailureCount": 1, "MaxConcurrency": 2, )", task_states, "T")), numbers(6));
    runner_.take().second.answered(AslError{"Bad", "item"}, TaskFailure::Run);
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 3; }));
    ASSERT_EQ(runner_.handed_out(), 3u);
    auto row = only_run(started->arn).row;
    orchestrator_.reset();
    row.tolerated_failure_count = 0;
    commit({PutMapRun{row}});
    open();
    EXPECT_EQ(end_of(started->arn).error.name, "States.ExceedToleratedFailureThreshold");
    const auto run = only_run(started->arn);
    EXPECT_EQ(run.row.status, MapRunStatus::Failed);
    EXPECT_EQ(executions(run, ExecutionStatus::Aborted), 2);
    EXPECT_EQ(children(run.row.arn).size(), 3u) << "nothing more is started";
}

TEST_F(MapRunTest, IsStoppedAlthoughTheStoreFails) {
    const auto arn = machine(distributed("", task_states, "T"));
    // The first commit is the parent's, then come those of the children and of the run.
    for (const auto which : {2, 3}) {
        const auto before = runner_.handed_out();
        const auto started = start(arn, numbers(4));
        ASSERT_TRUE(started);
        ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= before + 4; }));
        store_.fail_commit(store_.commits() + static_cast<std::uint64_t>(which));
        ASSERT_TRUE(orchestrator_->stop_execution({started->arn, {}}));
        EXPECT_TRUE(comes_to(started->arn, MapRunStatus::Aborted)) << which;
        EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Aborted), 4) << which;
        ASSERT_TRUE(test::comes_true([&] { return orchestrator_->ready(); }));
        const auto probe = machine(passes, "probe" + std::to_string(which));
        EXPECT_TRUE(start_when_reopened(probe, "p" + std::to_string(which))) << "the store takes changes again";
    }
}

TEST_F(MapRunTest, IsRedrivenAfterItWasStopped) {
    const auto started = start(machine(distributed("", task_states, "T")), numbers(3));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 3; }));
    ASSERT_TRUE(orchestrator_->stop_execution({started->arn, {}}));
    ASSERT_TRUE(orchestrator_->redrive_execution(started->arn, "")) << "at once: its children may not have ended yet";
    echo_until_end(started->arn);
    EXPECT_EQ(end_of(started->arn).output->text(), numbers(3));
}

TEST_F(MapRunTest, DoesNotRedriveChildrenWithAFullHistory) {
    orchestrator_.reset();
    OrchestratorSettings settings;
    settings.limits.history_events = 20;
    orchestrator_ = std::make_unique<Orchestrator>(store_, journal_, runner_, clock_, settings);
    const std::string loop = R"({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}})";
    const auto started = start(machine(distributed("", loop, "A")), "[1]");
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Failed);
    const auto run = only_run(started->arn);
    EXPECT_EQ(run.not_redrivable, (StatusCount{1, 1}));
    const auto child = orchestrator_->describe_execution(children(run.row.arn).front().row.arn);
    EXPECT_EQ(child->redrive.kind, RedriveStatus::Kind::NotRedrivable);
    EXPECT_EQ(child->redrive.reason, "Execution history event limit exceeded");
    ASSERT_TRUE(orchestrator_->redrive_execution(started->arn, ""));
    EXPECT_EQ(end_of(started->arn).error.name, "States.ExceedToleratedFailureThreshold");
    const auto again = only_run(started->arn);
    EXPECT_EQ(again.row.status, MapRunStatus::Failed);
    EXPECT_EQ(again.row.redrive_count, 1);
    EXPECT_EQ(orchestrator_->describe_execution(child->row.arn)->row, child->row) << "nothing happened to it";
}

TEST_F(MapRunTest, FailsWhenWhatAChildCameToIsLost) {
    const auto started = start(machine(distributed(R"("MaxConcurrency": 1, )", task_states, "T")), numbers(2));
    echo(1);
    ASSERT_TRUE(test::comes_true([&] { return runner_.waiting(); }));
    const auto run = only_run(started->arn).row.arn;
    damage(children(run).back().row.number);
    echo(1);
    const auto view = end_of(started->arn);
    EXPECT_EQ(view.error.name, "States.Runtime");
    EXPECT_THAT(*view.error.cause, HasSubstr("The Map Run failed: the store has lost the output of "));
    EXPECT_EQ(only_run(started->arn).row.status, MapRunStatus::Failed);
    EXPECT_EQ(end_of(start(machine(passes, "other"))->arn).row.status, ExecutionStatus::Succeeded) << "others go on";
}

TEST_F(MapRunTest, CountsARunningChildThatIsLostAsFailed) {
    const auto started =
        start(machine(distributed(R"("ToleratedFailurePercentage": 100, "ResultWriter": {"WriterConfig":
                                  {"OutputType": "JSON", "Transformation": "COMPACT"}}, )",
                                  task_states, "T")),
              numbers(2));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() >= 2; }));
    const auto run = only_run(started->arn).row.arn;
    runner_.take();
    runner_.take();
    damage(children(run).back().row.number);
    echo(1);
    const auto output = end_of(started->arn).output->json();
    EXPECT_EQ(output[0]["Status"], "FAILED");
    EXPECT_EQ(output[0]["Error"], "States.Runtime");
    EXPECT_THAT(output[0]["Cause"].get<std::string>(), HasSubstr("lost the history"));
    EXPECT_EQ(output[1], 1);
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Failed), 1);
}

TEST_F(MapRunTest, CanBeStoppedWhenAWaitingChildIsLost) {
    const std::string waiting = R"({"T": {"Type": "Task", "End": true, "Parameters": {"FunctionName": "f",
        "Payload": {"token.$": "$$.Task.Token"}}, "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"}})";
    const auto started = start(machine(distributed("", waiting, "T")), numbers(2));
    for (int i = 0; i < 2; ++i) runner_.take().second.submitted(Payload{});
    const auto run = only_run(started->arn).row.arn;
    const auto lost = children(run).back().row.number;
    ASSERT_TRUE(test::comes_true([&] { return !store_.execution(lost)->wake_at; }));
    ASSERT_FALSE(store_.execution(lost)->wake_at) << "only its worker would wake it";
    damage(lost);
    ASSERT_TRUE(orchestrator_->stop_execution({started->arn, {}}));
    EXPECT_TRUE(comes_to(started->arn, MapRunStatus::Aborted));
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Failed), 1);
    EXPECT_EQ(executions(only_run(started->arn), ExecutionStatus::Aborted), 1);
}

TEST_F(MapRunTest, DoesNotWaitForALostChildThatCannotBeRedriven) {
    const auto started = start(machine(distributed("", task_states, "T")), "[0]");
    runner_.take().second.answered(AslError{"Bad", "item"}, TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Failed);
    damage(children(only_run(started->arn).row.arn).front().row.number);
    ASSERT_TRUE(orchestrator_->redrive_execution(started->arn, ""));
    EXPECT_EQ(end_of(started->arn).error.name, "States.ExceedToleratedFailureThreshold");
    EXPECT_EQ(only_run(started->arn).row.redrive_count, 1);
}

TEST_F(MapRunTest, IsThereAsSoonAsItsExecutionSaysSo) {
    const auto arn = machine(distributed("", pass_states, "P"));
    ASSERT_TRUE(start(arn, numbers(5'000))) << "keeps the runner of Map Runs at work";
    for (int i = 0; i < 30; ++i) {
        const auto started = start(arn, "[1]");
        const auto history = orchestrator_->history({started->arn, false, 0, 100});
        for (const auto& event : *history) {
            const auto* run = std::get_if<MapRunStarted>(&event.event);
            EXPECT_TRUE(!run || orchestrator_->describe_map_run(run->arn)) << i;
        }
        EXPECT_EQ(orchestrator_->list_map_runs(start(arn, "[1]")->arn)->size(), 1u) << i;
    }
}

// Buckets in a folder of the test's own.
class MapRunOnBuckets : public MapRunTest {
  protected:
    MapRunOnBuckets() {
        std::string name = (std::filesystem::temp_directory_path() / "pawl-buckets-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        std::filesystem::create_directories(folder_ / "b");
        buckets_.emplace(folder_.string());
        orchestrator_.reset();
        OrchestratorSettings settings;
        settings.buckets = &*buckets_;
        orchestrator_ = std::make_unique<Orchestrator>(store_, journal_, runner_, clock_, settings);
        EXPECT_TRUE(test::comes_true([&] { return orchestrator_->ready(); }));
    }
    ~MapRunOnBuckets() override {
        orchestrator_.reset();
        std::filesystem::remove_all(folder_);
    }
    void put(const std::string& key, const std::string& text) { std::ofstream{folder_ / "b" / key} << text; }
    std::string get(const std::string& key) {
        std::ifstream file{folder_ / "b" / key};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    std::filesystem::path folder_;
    std::optional<Buckets> buckets_;
};

const std::string csv_reader = R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Parameters": {"Bucket": "b", "Key.$": "$.key"}}, )";

TEST_F(MapRunOnBuckets, ReadsItemsFromAFile) {
    put("f.csv", "a,b\n1,2\n3,4\n");
    const auto started = start(machine(distributed(csv_reader, pass_states, "P")), R"({"key": "f.csv"})");
    EXPECT_EQ(end_of(started->arn).output->json(), *parse_json(R"([{"a":"1","b":"2"},{"a":"3","b":"4"}])"));
    EXPECT_EQ(only_run(started->arn).row.items, 2);
}

TEST_F(MapRunOnBuckets, ReadsTheListOfABucketWithoutAReaderConfig) {
    put("a.txt", "1");
    put("b.txt", "2");
    const auto reader = R"("ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": "b"}}, "ItemSelector": {"key.$": "$$.Map.Item.Value.Key"}, )";
    const auto started = start(machine(distributed(reader, pass_states, "P")));
    EXPECT_EQ(end_of(started->arn).output->text(), R"([{"key":"a.txt"},{"key":"b.txt"}])");
}

TEST_F(MapRunOnBuckets, FailsWhenThereIsNoFile) {
    const auto started = start(machine(distributed(csv_reader, pass_states, "P")), R"({"key": "none"})");
    EXPECT_EQ(end_of(started->arn).error.name, "States.ItemReaderFailed");
    EXPECT_EQ(only_run(started->arn).row.status, MapRunStatus::Failed);
}

TEST_F(MapRunOnBuckets, WritesResultsToFiles) {
    const auto started = start(machine(distributed(R"("ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "b", "Prefix": "out"}}, )",
                                                   pass_states, "P")),
                               R"(["x", "y"])");
    const auto output = end_of(started->arn).output->json();
    EXPECT_EQ(output["ResultWriterDetails"]["Bucket"], "b");
    const auto manifest = parse_json(get(output["ResultWriterDetails"]["Key"].get<std::string>()));
    ASSERT_TRUE(manifest);
    const auto files = (*manifest)["ResultFiles"]["SUCCEEDED"];
    ASSERT_EQ(files.size(), 1u);
    const auto results = parse_json(get(files[0]["Key"].get<std::string>()));
    ASSERT_TRUE(results && results->size() == 2);
    EXPECT_EQ((*results)[1]["Output"], R"("y")");
}

TEST_F(MapRunOnBuckets, ShapesResultsWithoutABucket) {
    const auto started = start(machine(distributed(R"("ResultWriter": {"WriterConfig": {"OutputType": "JSON",
        "Transformation": "FLATTEN"}}, )",
                                                   pass_states, "P")),
                               "[[1, 2], [3]]");
    EXPECT_EQ(end_of(started->arn).output->text(), "[1,2,3]");
}

TEST_F(MapRunTest, RunsMapRunsWithinMapRuns) {
    const auto inner = distributed("", pass_states, "P");
    const auto text = inner.substr(inner.find(R"({"M":)"));
    auto outer = distributed("", text.substr(0, text.size() - 1), "M");
    outer.replace(outer.find(R"("StartAt": "M")"), 14, R"("StartAt": "O")");
    outer.replace(outer.find(R"({"M":)"), 5, R"({"O":)");
    const auto started = start(machine(outer), "[[1, 2], [3]]");
    EXPECT_EQ(end_of(started->arn).output->text(), "[[1,2],[3]]");
}

}  // namespace
}  // namespace pawl
