#include "orchestrator/map_runs/result_writer.hpp"

#include "states/error_names.hpp"

namespace pawl {
namespace {

AslError failed(const S3Error& error) { return {std::string{error::result_writer_failed}, error.message}; }

// All that is known of a child. Payloads are texts in it, as in DescribeExecution.
Json described(const ChildResult& child) {
    Json json = Json::object();
    const auto put = [&](const char* name, const std::optional<std::string>& value) {
        if (value) json[name] = *value;
    };
    const auto put_filled = [&](const char* name, const std::string& value) {
        if (!value.empty()) json[name] = value;
    };
    put("Cause", child.cause);
    put("Error", child.error);
    put_filled("ExecutionArn", child.execution_arn);
    json["Input"] = child.input.text();
    json["InputDetails"] = {{"Included", true}};
    put_filled("Name", child.name);
    if (child.output) json["Output"] = child.output->text();
    json["OutputDetails"] = {{"Included", true}};
    json["RedriveCount"] = child.redrive_count;
    json["RedriveStatus"] = to_string(child.redrive.kind);
    put_filled("RedriveStatusReason", child.redrive.reason);
    if (child.started) json["StartDate"] = to_iso8601(*child.started);
    put_filled("StateMachineArn", child.state_machine_arn);
    json["Status"] = child.status;
    if (child.stopped) json["StopDate"] = to_iso8601(*child.stopped);
    return json;
}

// Calls `take` with the JSON text of each result that one child gives. A child that failed is never transformed.
template <class Take>
void results_of(const ChildResult& child, ResultTransformation transformation, const Take& take) {
    if (transformation == ResultTransformation::None || !child.output) {
        take(to_text(described(child)));
    } else if (transformation == ResultTransformation::Flatten && child.output->json().is_array()) {
        for (const auto& element : child.output->json()) take(to_text(element));
    } else {
        take(child.output->text());
    }
}

std::string without_slashes_at_ends(std::string_view prefix) {
    while (prefix.starts_with('/')) prefix.remove_prefix(1);
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    return std::string{prefix};
}

// One result a line: a text may have line ends between its tokens.
std::string on_one_line(std::string_view json) {
    std::string line{json};
    std::erase_if(line, [](char c) { return c == '\n' || c == '\r'; });
    return line;
}

}  // namespace

WriterConfig WriterConfig::of(const Json& config, bool to_bucket) {
    WriterConfig result;
    result.transformation = to_bucket ? ResultTransformation::None : ResultTransformation::Compact;
    const auto is = [&](const char* name, const char* value) {
        if (!config.is_object()) return false;
        const auto found = config.find(name);
        return found != config.end() && *found == value;
    };
    if (is("OutputType", "JSONL")) result.output_type = OutputType::JsonLines;
    if (is("Transformation", "NONE")) result.transformation = ResultTransformation::None;
    if (is("Transformation", "COMPACT")) result.transformation = ResultTransformation::Compact;
    if (is("Transformation", "FLATTEN")) result.transformation = ResultTransformation::Flatten;
    return result;
}

ResultFiles::ResultFiles(const Buckets& buckets, Settings settings)
    : buckets_{buckets}, settings_{std::move(settings)} {}

ResultFiles::~ResultFiles() = default;

ResultFiles::Kind ResultFiles::kind_of(const ChildResult& child) {
    if (child.status == "SUCCEEDED") return Succeeded;
    return child.status == "PENDING" ? Pending : Failed;
}

std::optional<AslError> ResultFiles::add(const ChildResult& child) {
    std::optional<AslError> problem;
    const auto kind = kind_of(child);
    const auto transformation = kind == Succeeded ? settings_.config.transformation : ResultTransformation::None;
    results_of(child, transformation, [&](std::string_view result) {
        if (!problem) problem = append(kind, result);
    });
    return problem;
}

std::optional<AslError> ResultFiles::append(Kind kind, std::string_view result) {
    auto& files = files_.at(kind);
    const bool lines = settings_.config.output_type == OutputType::JsonLines;
    constexpr std::int64_t around_bytes = 2;  // a bracket or a comma before, a bracket or a line end behind
    const auto needed = static_cast<std::int64_t>(result.size()) + around_bytes;
    if (files.open && files.all.back().size_bytes + needed > settings_.max_file_bytes) {
        if (auto problem = end_file(files)) return problem;
    }
    const bool first = !files.open;
    if (first) {
        if (auto problem = begin_file(kind)) return problem;
    }
    if (lines) return write(files, on_one_line(result) + "\n");
    if (auto problem = write(files, first ? "[" : ",")) return problem;
    return write(files, result);
}

std::optional<AslError> ResultFiles::begin_file(Kind kind) {
    constexpr std::array<std::string_view, 3> names{"FAILED_", "PENDING_", "SUCCEEDED_"};
    auto& files = files_.at(kind);
    const bool lines = settings_.config.output_type == OutputType::JsonLines;
    auto key = key_of(std::string{names.at(kind)} + std::to_string(files.all.size()) + (lines ? ".jsonl" : ".json"));
    auto file = buckets_.put(settings_.bucket, key);
    if (!file) return failed(file.error());
    files.open = *std::move(file);
    files.all.push_back({std::move(key), 0});
    return std::nullopt;
}

std::optional<AslError> ResultFiles::end_file(Files& files) {
    if (!files.open) return std::nullopt;
    if (settings_.config.output_type == OutputType::JsonArray) {
        if (auto problem = write(files, "]")) return problem;
    }
    if (auto problem = files.open->finish()) return failed(*problem);
    files.open.reset();
    return std::nullopt;
}

std::optional<AslError> ResultFiles::write(Files& files, std::string_view bytes) {
    if (auto problem = files.open->write(bytes)) return failed(*problem);
    files.all.back().size_bytes += static_cast<std::int64_t>(bytes.size());
    return std::nullopt;
}

std::string ResultFiles::key_of(std::string_view name) const {
    auto key = without_slashes_at_ends(settings_.prefix);
    if (!key.empty()) key += '/';
    return key.append(settings_.run_id).append("/").append(name);
}

Result<Payload> ResultFiles::finish() {
    Json written = Json::object();
    for (const auto& [kind, name] :
         {std::pair{Failed, "FAILED"}, std::pair{Pending, "PENDING"}, std::pair{Succeeded, "SUCCEEDED"}}) {
        auto& files = files_.at(kind);
        if (auto problem = end_file(files)) return *std::move(problem);
        auto& list = written[name] = Json::array();
        for (const auto& file : files.all) list.push_back({{"Key", file.key}, {"Size", file.size_bytes}});
    }
    const Json manifest = {{"DestinationBucket", settings_.bucket},
                           {"MapRunArn", settings_.map_run_arn},
                           {"ResultFiles", std::move(written)}};
    const auto key = key_of("manifest.json");
    auto file = buckets_.put(settings_.bucket, key);
    if (!file) return failed(file.error());
    if (auto problem = (*file)->write(to_text(manifest))) return failed(*problem);
    if (auto problem = (*file)->finish()) return failed(*problem);
    return Payload::from_json(
        {{"MapRunArn", settings_.map_run_arn}, {"ResultWriterDetails", {{"Bucket", settings_.bucket}, {"Key", key}}}});
}

void TransformedResults::add(const ChildResult& child) {
    const bool succeeded = child.status == "SUCCEEDED";
    results_of(child, succeeded ? config_.transformation : ResultTransformation::None, [&](std::string_view result) {
        if (list_.size() > 1) list_ += ',';
        list_ += result;
    });
}

}  // namespace pawl
