// What a Map Run leaves in a bucket: the results of its children in files by their status, and a manifest of the files.
// Spec: AWS Step Functions developer guide, "ResultWriter (Map)".
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/map_runs/buckets.hpp"
#include "orchestrator/requests.hpp"
#include "states/payload.hpp"
#include "states/result.hpp"

namespace pawl {

// A child as result files show it. What it does not have is left out.
struct ChildResult {
    std::string execution_arn;
    std::string name;
    std::string state_machine_arn;
    std::string status;  // "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"; "PENDING": it was never started
    Payload input;
    std::optional<Payload> output;
    std::optional<std::string> error;
    std::optional<std::string> cause;
    std::optional<Instant> started;
    std::optional<Instant> stopped;
    std::int64_t redrive_count = 0;
    RedriveStatus redrive;
};

enum class OutputType : std::uint8_t { JsonArray, JsonLines };
enum class ResultTransformation : std::uint8_t {
    None,     // all that is known of a child
    Compact,  // its output
    Flatten   // its output, or the elements of it when it is an array
};
struct WriterConfig {
    OutputType output_type = OutputType::JsonArray;
    ResultTransformation transformation = ResultTransformation::None;

    // As written. Without a Transformation, results that go to a bucket are not transformed; a state's own are compact.
    static WriterConfig of(const Json& config, bool to_bucket);
};

// Holds no result in memory: each is written as it comes. Used by one thread.
class ResultFiles {
  public:
    struct Settings {
        std::string bucket;
        std::string prefix;  // may be empty
        std::string run_id;  // the UUID at the end of the Map Run's ARN
        std::string map_run_arn;
        WriterConfig config;
        std::int64_t max_file_bytes = 5'000'000'000;  // AWS's 5 GB; a single longer result still is one file
    };
    ResultFiles(const Buckets& buckets, Settings settings);
    ~ResultFiles();

    // Errors are States.ResultWriterFailed; then there is nothing more to add, and no manifest.
    [[nodiscard]] std::optional<AslError> add(const ChildResult& child);
    // Closes the files, writes the manifest. The state's result:
    // {"MapRunArn": …, "ResultWriterDetails": {"Bucket": …, "Key": "<prefix>/<run id>/manifest.json"}}
    Result<Payload> finish();

  private:
    enum Kind : std::uint8_t { Failed, Pending, Succeeded };  // in the manifest's order
    struct Written {
        std::string key;
        std::int64_t size_bytes = 0;
    };
    struct Files {
        std::unique_ptr<ObjectWriter> open = {};  // the last of `all`
        std::vector<Written> all = {};
    };

    static Kind kind_of(const ChildResult& child);
    std::optional<AslError> append(Kind kind, std::string_view result);
    std::optional<AslError> begin_file(Kind kind);
    std::optional<AslError> end_file(Files& files);
    std::optional<AslError> write(Files& files, std::string_view bytes);
    std::string key_of(std::string_view name) const;

    const Buckets& buckets_;
    const Settings settings_;
    std::array<Files, 3> files_;
};

// The state's result when a ResultWriter has no Resource: a list, put together child by child, so that it can be left
// off when it grows too large.
class TransformedResults {
  public:
    explicit TransformedResults(WriterConfig config) : config_{config} {}
    void add(const ChildResult& child);
    std::size_t size_bytes() const { return list_.size() + 1; }
    Payload payload() && { return Payload::from_text(std::move(list_) + "]"); }

  private:
    const WriterConfig config_;
    std::string list_ = "[";
};

}  // namespace pawl
