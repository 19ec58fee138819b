#include "orchestrator/map_runs/result_writer.hpp"

#include <gtest/gtest.h>

#include "tests/orchestrator/map_run_support.hpp"

namespace pawl {
namespace {

using map_run_support::BucketFolder;

constexpr auto run_arn = "arn:aws:states:us-east-1:123456789012:mapRun:m/each:0000-run";

ChildResult child(const std::string& name, const std::string& status, const std::string& output = "") {
    ChildResult result;
    result.execution_arn = "arn:aws:states:us-east-1:123456789012:execution:m/each:" + name;
    result.name = name;
    result.state_machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m/each";
    result.status = status;
    result.input = Payload::from_text("{\"n\": 1}");
    if (!output.empty()) result.output = Payload::from_text(output);
    return result;
}

ResultFiles::Settings settings(const std::string& config = "null") {
    return {"out", "some/where", "0000-run", run_arn, WriterConfig::of(Json::parse(config), true)};
}

void add_all(ResultFiles& files, const std::vector<ChildResult>& children) {
    for (const auto& one : children) EXPECT_EQ(files.add(one), std::nullopt);
}

TEST(ResultFiles, ShowAllThatIsKnownOfAChild) {
    const BucketFolder folder;
    folder.write("out/keep", "");
    const auto buckets = folder.buckets();
    ResultFiles files{buckets, settings()};
    auto good = child("a", "SUCCEEDED", "[ 1 ]");
    good.started = Instant{Millis{1'795'348'800'123}};
    good.stopped = Instant{Millis{1'795'348'801'000}};
    good.redrive = {RedriveStatus::Kind::NotRedrivable, "Execution is SUCCEEDED and cannot be redriven"};
    auto bad = child("b", "TIMED_OUT");
    bad.error = "States.Timeout";
    bad.cause = "";
    bad.redrive_count = 2;
    bad.redrive = {RedriveStatus::Kind::RedrivableByMapRun};
    add_all(files, {good, bad});
    ASSERT_TRUE(files.finish());
    EXPECT_EQ(Json::parse(folder.read("out/some/where/0000-run/SUCCEEDED_0.json")), Json::parse(R"([{
        "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:m/each:a", "Input": "{\"n\": 1}",
        "InputDetails": {"Included": true}, "Name": "a", "Output": "[ 1 ]", "OutputDetails": {"Included": true},
        "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": "2026-11-22T12:00:00.123Z", "StopDate": "2026-11-22T12:00:01.000Z",
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m/each", "Status": "SUCCEEDED"}])"));
    EXPECT_EQ(Json::parse(folder.read("out/some/where/0000-run/FAILED_0.json")), Json::parse(R"([{
        "Cause": "", "Error": "States.Timeout",
        "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:m/each:b", "Input": "{\"n\": 1}",
        "InputDetails": {"Included": true}, "Name": "b", "OutputDetails": {"Included": true}, "RedriveCount": 2,
        "RedriveStatus": "REDRIVABLE_BY_MAP_RUN",
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m/each", "Status": "TIMED_OUT"}])"));
}

TEST(ResultFiles, HaveAManifest) {
    const BucketFolder folder;
    folder.write("out/keep", "");
    const auto buckets = folder.buckets();
    ResultFiles files{buckets, settings(R"({"Transformation": "COMPACT"})")};
    add_all(files, {child("a", "SUCCEEDED", "1"), child("b", "PENDING"), child("c", "SUCCEEDED", "22")});
    const auto result = files.finish();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->json(), Json::parse(R"({"MapRunArn": ")" + std::string{run_arn} + R"(", "ResultWriterDetails": {
        "Bucket": "out", "Key": "some/where/0000-run/manifest.json"}})"));
    const auto pending = folder.read("out/some/where/0000-run/PENDING_0.json");
    EXPECT_EQ(Json::parse(folder.read("out/some/where/0000-run/manifest.json")),
              Json::parse(R"({"DestinationBucket": "out", "MapRunArn": ")" + std::string{run_arn} +
                          R"(", "ResultFiles": {"FAILED": [],
        "PENDING": [{"Key": "some/where/0000-run/PENDING_0.json", "Size": )" +
                          std::to_string(pending.size()) + R"(}],
        "SUCCEEDED": [{"Key": "some/where/0000-run/SUCCEEDED_0.json", "Size": 6}]}})"));
    EXPECT_EQ(folder.read("out/some/where/0000-run/SUCCEEDED_0.json"), "[1,22]");
}

TEST(ResultFiles, TransformOutputsButNoFailures) {
    const BucketFolder folder;
    folder.write("out/keep", "");
    const auto buckets = folder.buckets();
    ResultFiles files{buckets, settings(R"({"Transformation": "FLATTEN", "OutputType": "JSONL"})")};
    add_all(files, {child("a", "SUCCEEDED", "[1, {\"x\": 2}]"), child("b", "SUCCEEDED", "{\n \"y\": 3}"),
                    child("c", "SUCCEEDED", "[]"), child("d", "FAILED")});
    ASSERT_TRUE(files.finish());
    EXPECT_EQ(folder.read("out/some/where/0000-run/SUCCEEDED_0.jsonl"), "1\n{\"x\":2}\n{ \"y\": 3}\n");
    EXPECT_EQ(Json::parse(folder.read("out/some/where/0000-run/FAILED_0.jsonl"))["Name"], "d");
}

TEST(ResultFiles, AreSplitWhereTheyWouldBecomeTooLarge) {
    for (const std::string type : {"JSON", "JSONL"}) {
        const BucketFolder folder;
        folder.write("out/keep", "");
        const auto buckets = folder.buckets();
        auto small = settings(R"({"Transformation": "COMPACT", "OutputType": ")" + type + "\"}");
        small.max_file_bytes = 12;
        small.prefix = "/";
        ResultFiles files{buckets, small};
        for (int i = 0; i < 7; ++i)
            EXPECT_EQ(files.add(child("a", "SUCCEEDED", "10" + std::to_string(i))), std::nullopt);
        EXPECT_EQ(files.add(child("a", "SUCCEEDED", "\"longer than a file\"")), std::nullopt);
        const auto result = files.finish();
        ASSERT_TRUE(result);
        EXPECT_EQ(result->json()["ResultWriterDetails"]["Key"], "0000-run/manifest.json");
        const auto manifest = Json::parse(folder.read("out/0000-run/manifest.json"));
        std::size_t results = 0;
        for (const auto& file : manifest["ResultFiles"]["SUCCEEDED"]) {
            const auto text = folder.read("out/" + file["Key"].get<std::string>());
            EXPECT_EQ(file["Size"], text.size());
            EXPECT_TRUE(text.size() <= 12 || text.find("longer") != std::string::npos) << text;
            results += type == "JSON" ? Json::parse(text).size()
                                      : static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        }
        EXPECT_EQ(results, 8U);
        EXPECT_GT(manifest["ResultFiles"]["SUCCEEDED"].size(), 3U);
    }
}

TEST(ResultFiles, NeedABucket) {
    const BucketFolder folder;
    const auto buckets = folder.buckets();
    ResultFiles files{buckets, settings()};
    const AslError expected{"States.ResultWriterFailed", "The specified bucket does not exist"};
    EXPECT_EQ(files.add(child("a", "SUCCEEDED", "1")), expected);
    ResultFiles empty{buckets, settings()};
    const auto result = empty.finish();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), expected);
}

TEST(ResultFiles, AreTheSameWhenTheyAreWrittenAgain) {
    const BucketFolder folder;
    folder.write("out/keep", "");
    const auto buckets = folder.buckets();
    for (int round = 0; round < 2; ++round) {
        {
            ResultFiles given_up{buckets, settings()};
            add_all(given_up, {child("x", "FAILED")});
        }
        ResultFiles files{buckets, settings(R"({"Transformation": "COMPACT"})")};
        add_all(files, {child("a", "SUCCEEDED", "1")});
        ASSERT_TRUE(files.finish());
    }
    const std::filesystem::path run{folder.folder.file("out/some/where/0000-run")};
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{run}, {}), 2);
}

Payload transformed_results(const std::vector<ChildResult>& children, const WriterConfig& config) {
    TransformedResults results{config};
    for (const auto& one : children) results.add(one);
    const auto announced = results.size_bytes();
    auto payload = std::move(results).payload();
    EXPECT_EQ(payload.size_bytes(), announced);
    return payload;
}

TEST(TransformedResults, AreTheStatesOwn) {
    const std::vector<ChildResult> children{child("a", "SUCCEEDED", "[1, 2]"), child("b", "FAILED"),
                                            child("c", "SUCCEEDED", "{\"x\":[3]}")};
    const auto transformed = [&](const std::string& config) {
        return transformed_results(children, WriterConfig::of(Json::parse(config), false)).json();
    };
    const auto compact = transformed("null");
    ASSERT_EQ(compact.size(), 3U);
    EXPECT_EQ(compact[0], Json::parse("[1,2]"));
    EXPECT_EQ(compact[1]["Status"], "FAILED");
    EXPECT_EQ(compact[2], Json::parse(R"({"x":[3]})"));
    const auto flat = transformed(R"({"Transformation": "FLATTEN"})");
    ASSERT_EQ(flat.size(), 4U);
    EXPECT_EQ(flat[1], 2);
    const auto all = transformed(R"({"Transformation": "NONE"})");
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0]["Output"], "[1, 2]");
    EXPECT_EQ(transformed_results({}, {}).text(), "[]");
}

}  // namespace
}  // namespace pawl
