// What a Map Run comes to: its children's outputs as one array, shaped as ResultWriter says, or files in a bucket.
// Spec: Developer Guide, "ResultWriter (Map)".
#include "orchestrator/map_runs/map_run.hpp"
#include "orchestrator/map_runs/result_writer.hpp"
#include "persistence/store.hpp"
#include "states/error_names.hpp"

namespace pawl {
namespace {

constexpr std::size_t page = 500;

// What began it and what ended it. DamagedError when the store has lost them.
void add_history(ChildResult& result, const Store& store, const ExecutionRow& row) {
    const auto first = store.history({row.number, false, 0, 1});
    const auto* started = first.empty() ? nullptr : std::get_if<ExecutionStarted>(&first.front().event);
    if (!started) throw DamagedError{"the store has lost the history of " + row.arn};
    result.input = started->input;
    const auto last = store.history({row.number, true, 0, 1});
    const auto failed = [&](const AslError& error) {
        result.error = error.name;
        result.cause = error.cause;
    };
    const auto lost = [&] { throw DamagedError{"the store has lost the end of " + row.arn}; };
    std::visit(overloaded{
                   [&](const ExecutionSucceeded& e) { result.output = e.output; },
                   [&](const ExecutionFailed& e) { failed(e.error); },
                   [&](const ExecutionTimedOut& e) { failed(e.error); },
                   [&](const ExecutionAborted& e) { failed(e.error); },
                   [&](const auto&) { lost(); },
               },
               last.front().event);
}

ChildResult child_result(const Store& store, const ExecutionRow& row, const Limits& limits) {
    ChildResult result;
    result.execution_arn = row.arn;
    result.name = row.name;
    result.state_machine_arn = machine_arn_of(row.arn);
    result.status = to_string(row.status);
    result.started = row.started;
    result.stopped = row.stopped;
    result.redrive_count = row.redrive_count;
    result.redrive = redrive_status_of_child(row, limits);
    try {
        add_history(result, store, row);
    } catch (const DamagedError& damage) {  // of one that failed, perhaps of this, nothing more is needed
        if (row.status == ExecutionStatus::Succeeded) throw;
        result.error = error::runtime;
        result.cause = damage.what();
    }
    return result;
}

// "bucket" of {"Bucket": "b"}; empty when it is missing.
std::string text_member(const Json& arguments, const char* name) {
    const auto found = arguments.is_object() ? arguments.find(name) : arguments.end();
    return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

template <class Visit>
void MapRun::each_child(std::optional<ExecutionStatus> status, const Visit& visit) {
    ChildQuery query{.map_run = row_.number, .after_item = -1, .status = status, .limit = page};
    while (true) {
        const auto rows = world_.store.map_run_children(query);
        for (const auto& row : rows) {
            query.after_item = row.item;
            if (!visit(row)) return;
        }
        if (rows.size() < page) return;
    }
}

AslError MapRun::too_large() const {
    return {std::string{error::data_limit_exceeded},
            "The state/task '" + state_->name +
                "' returned a result with a size exceeding the maximum number of bytes service limit."};
}

bool MapRun::writes_files() const { return map().result_writer && !map().result_writer->resource.empty(); }

Result<Payload> MapRun::result() {
    if (writes_files()) return written();
    const bool shaped = map().result_writer && !map().result_writer->config.is_null();
    return shaped ? transformed() : collected();
}

// The outputs of the children that succeeded, in the items' order.
Result<Payload> MapRun::collected() {
    const auto most = world_.surroundings.limits.payload_bytes;
    std::string text = "[";
    each_child(ExecutionStatus::Succeeded, [&](const ExecutionRow& row) {
        const auto last = world_.store.history({row.number, true, 0, 1});
        const auto* succeeded = last.empty() ? nullptr : std::get_if<ExecutionSucceeded>(&last.front().event);
        if (!succeeded) throw DamagedError{"the store has lost the output of " + row.arn};
        if (text.size() > 1) text += ',';
        text += succeeded->output.text();
        return text.size() < most;
    });
    if (text.size() >= most) return too_large();
    return Payload::from_text(text + "]");
}

Result<Payload> MapRun::transformed() {
    const auto most = world_.surroundings.limits.payload_bytes;
    TransformedResults results{WriterConfig::of(map().result_writer->config, false)};
    each_child(std::nullopt, [&](const ExecutionRow& row) {
        results.add(child_result(world_.store, row, world_.surroundings.limits));
        return results.size_bytes() <= most;
    });
    if (results.size_bytes() > most) return too_large();
    return std::move(results).payload();
}

Result<Payload> MapRun::written() {
    const auto failed = [](std::string why) {
        return AslError{std::string{error::result_writer_failed}, std::move(why)};
    };
    if (world_.buckets == nullptr) {
        return failed("There is no bucket to write to: start Pawl with --buckets FOLDER, each sub-folder is a bucket.");
    }
    ResultFiles::Settings settings;
    settings.bucket = text_member(plan_.writer_arguments, "Bucket");
    settings.prefix = text_member(plan_.writer_arguments, "Prefix");
    settings.run_id = row_.arn.substr(row_.arn.rfind(':') + 1);
    settings.map_run_arn = row_.arn;
    settings.config = WriterConfig::of(map().result_writer->config, true);
    if (settings.bucket.empty()) return failed("The Parameters of ResultWriter name no Bucket.");
    ResultFiles files{*world_.buckets, std::move(settings)};
    std::optional<AslError> error;
    each_child(std::nullopt, [&](const ExecutionRow& row) {
        error = files.add(child_result(world_.store, row, world_.surroundings.limits));
        return !error;
    });
    if (error) return *std::move(error);
    return files.finish();
}

}  // namespace pawl
