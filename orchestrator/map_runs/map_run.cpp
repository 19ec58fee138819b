#include "orchestrator/map_runs/map_run.hpp"

#include <utility>

#include "orchestrator/clock.hpp"
#include "orchestrator/machines.hpp"
#include "persistence/journal.hpp"
#include "states/error_names.hpp"
#include "states/item_batch.hpp"

namespace pawl {
namespace {

constexpr int children_in_one_go = 200;  // then other runs have their turn
constexpr std::size_t page = 500;

// "arn:…:mapRun:machine/label:uuid" -> "machine/label".
std::string qualified_name(std::string_view arn) {
    constexpr std::string_view kind = ":mapRun:";
    const auto name = arn.substr(arn.find(kind) + kind.size());
    return std::string{name.substr(0, name.rfind(':'))};
}

bool counts_as_failed(ExecutionStatus status) {
    return status == ExecutionStatus::Failed || status == ExecutionStatus::TimedOut ||
           status == ExecutionStatus::Aborted;
}

// Not a "no": it is to be asked again.
bool is_store_trouble(const ApiError& error) { return error.type == "ServiceUnavailable"; }

}  // namespace

MapRun::MapRun(const MapRunWorld& world, std::int64_t number, TaskKey parent, StartMapRun start, TaskListener listener)
    : world_{world},
      parent_{parent},
      start_{std::move(start)},
      listener_{std::move(listener)},
      plan_{MapPlan::from(start_.plan)} {
    row_.number = number;
}

// --- where it stands -----------------------------------------------------------------------------------------------

void MapRun::open() {
    auto stored = world_.store.find_map_run(start_.arn);
    if (stored) row_ = *stored;
    const auto parent = world_.store.execution(parent_.execution);
    if (!parent) throw DamagedError{"the store has lost the execution that " + start_.arn + " belongs to"};
    definition_ = world_.machines.definition(parent->revision);
    test_case_ = parent->test_case;
    state_ = definition_->find(start_.state);
    const auto first = world_.store.history({parent_.execution, false, 0, 1});
    if (!first.empty()) {
        if (const auto* started = std::get_if<ExecutionStarted>(&first.front().event)) role_arn_ = started->role_arn;
    }
    if (stored) {
        row_.status = MapRunStatus::Running;  // whatever it came to, its Map has not heard of it
        row_.stopped.reset();
        if (start_.redrives > row_.redrive_count) {
            row_.redrive_count = start_.redrives;
            row_.redriven = world_.clock.now();
            keep_row();
        }
        learn_children();
    } else {
        row_.arn = start_.arn;
        row_.execution = parent_.execution;
        row_.task = parent_.task;
        row_.state = start_.state;
        row_.label = plan_.label;
        row_.revision = parent->revision;
        row_.started = world_.clock.now();
        row_.max_concurrency = plan_.max_concurrency;
        row_.tolerated_failure_count = plan_.tolerated_failure_count;
        row_.tolerated_failure_percentage = plan_.tolerated_failure_percentage;
        const auto& items = start_.items.json();
        if (!items.is_null()) row_.items = static_cast<std::int64_t>(items.size());
        keep_row();
    }
    plan_.tolerated_failure_count = row_.tolerated_failure_count;
    plan_.tolerated_failure_percentage = row_.tolerated_failure_percentage;
    open_source();
    judge();  // what it failed of before a restart, it fails of still
    redrive_fallen();
}

void MapRun::open_source() {
    if (!map().item_reader) {
        source_ = state_items(start_.items);
        return;
    }
    if (plan_.max_items && *plan_.max_items < 0) {
        return fail({std::string{error::item_reader_failed}, "field MaxItems must be positive"});
    }
    if (world_.buckets == nullptr) {
        return fail(
            {std::string{error::item_reader_failed},
             "There is no bucket to read from: start Pawl with --buckets FOLDER, each sub-folder is a bucket."});
    }
    ReaderRequest request{map().item_reader->resource, map().item_reader->config, plan_.reader_arguments};
    if (request.config.is_null()) request.config = Json::object();  // ReaderConfig may be left out
    request.config.erase("MaxItemsPath");
    if (plan_.max_items) request.config["MaxItems"] = *plan_.max_items;
    auto opened = read_items(request, *world_.buckets);
    if (!opened) return fail(std::move(opened).error());
    source_ = *std::move(opened);
}

void MapRun::learn_children() {
    ChildQuery query{.map_run = row_.number, .after_item = -1, .status = {}, .limit = page};
    while (true) {
        const auto rows = world_.store.map_run_children(query);
        for (const auto& row : rows) {
            query.after_item = row.item;
            known_.resize(static_cast<std::size_t>(row.item) + 1, false);
            known_[static_cast<std::size_t>(row.item)] = true;
            if (row.status == ExecutionStatus::Running) {
                running_.emplace(row.item, std::pair{row.number, Child{row.item, row.items, {}}});
            } else if (row_.redriven && counts_as_failed(row.status) &&
                       row.redriven.value_or(Instant{}) < *row_.redriven &&
                       redrive_status_of_child(row, world_.surroundings.limits).kind !=
                           RedriveStatus::Kind::NotRedrivable) {
                fallen_.push_back(row);
            } else if (counts_as_failed(row.status)) {
                failed_items_ += row.items;
            }
        }
        if (rows.size() < page) return;
    }
}

// A share of a total can only be judged when that is known, of what is read at its end.
void MapRun::judge() {
    const bool total_known = row_.items > 0;
    if ((total_known || plan_.tolerated_failure_percentage == 0) &&
        exceeds_tolerance(plan_, failed_items_, row_.items)) {
        fail(tolerance_exceeded());
    }
}

// One that won't be redriven has ended as it had before.
void MapRun::redrive_fallen() {
    for (auto& row : std::exchange(fallen_, {})) {
        if (error_) return;
        running_.emplace(row.item, std::pair{row.number, Child{row.item, row.items, {}}});
        auto taken = unless_refused(row.item);
        const auto number = row.number;
        world_.redrive_child(number, [taken = std::move(taken), ended = world_.child_ended,
                                      row = std::move(row)](const ApiResult<Instant>& redriven) {
            if (!redriven && !is_store_trouble(redriven.error())) ended(row);
            taken(redriven);
        });
    }
}

// --- starting children ---------------------------------------------------------------------------------------------

std::int64_t MapRun::room() const {
    const auto most = static_cast<std::int64_t>(world_.most_at_once);
    const auto limit = row_.max_concurrency > 0 ? std::min(row_.max_concurrency, most) : most;
    return limit - static_cast<std::int64_t>(running_.size());
}

bool MapRun::pump() {
    for (int i = 0; i < children_in_one_go && !ended_ && !error_ && !aborted_ && room() > 0; ++i) {
        auto child = delayed_ ? std::exchange(delayed_, std::nullopt) : next_child();
        if (!child) {
            finish_if_done();
            return false;
        }
        if (!start(*std::move(child))) return true;
    }
    finish_if_done();
    return !ended_ && !error_ && !aborted_ && room() > 0;
}

std::optional<Payload> MapRun::next_input() {
    if (left_over_) return std::exchange(left_over_, std::nullopt);
    if (exhausted_) return std::nullopt;
    auto item = source_->next();
    if (!item) {
        fail(std::move(item).error());
        return std::nullopt;
    }
    if (!*item) {
        exhausted_ = true;
        row_.items = next_item_;
        keep_row();
        return std::nullopt;
    }
    const MapItem shown{next_item_, (*item)->value, (*item)->key, (*item)->source};
    auto input = item_input(*state_, plan_, shown, new_seed(), world_.clock.now(), world_.surroundings.limits);
    if (!input) {
        fail(std::move(input).error());
        return std::nullopt;
    }
    ++next_item_;
    return *std::move(input);
}

std::optional<Payload> MapRun::batch(std::int64_t& items) {
    ItemBatch batch{plan_};
    while (!batch.is_full()) {
        auto input = next_input();
        if (!input) break;
        if (!batch.add(*input)) {
            left_over_ = std::move(input);
            break;
        }
        if (batch.bytes() > world_.surroundings.limits.payload_bytes) break;  // too large already: next_child says so
    }
    items = batch.items();
    if (items == 0 || error_) return std::nullopt;
    return batch.input();
}

std::optional<MapRun::Child> MapRun::next_child() {
    while (true) {
        Child child;
        child.items = 1;
        auto input = map().item_batcher ? batch(child.items) : next_input();
        if (!input) return std::nullopt;
        child.item = next_child_++;
        const auto index = static_cast<std::size_t>(child.item);
        if (index < known_.size() && known_[index]) continue;  // started before a restart
        if (input->size_bytes() > world_.surroundings.limits.payload_bytes) {
            fail(too_large());
            return std::nullopt;
        }
        child.input = *std::move(input);
        return child;
    }
}

bool MapRun::start(Child child) {
    const auto item = child.item;
    const auto now = world_.clock.now();
    const auto machine = qualified_name(row_.arn);
    ExecutionRow row;
    row.number = world_.next_execution();
    row.name = new_execution_name(now);
    row.arn = world_.arns.execution(machine, row.name);
    row.revision = row_.revision;
    row.started = now;
    row.map_run = row_.number;
    row.item = item;
    row.items = child.items;
    row.test_case = test_case_;  // the mocks of the Map are those of its items
    ExecutionIdentity identity{row.number, row.arn,   row.name, world_.arns.state_machine(machine),
                               machine,    role_arn_, now,      row_.state};
    const auto number = row.number;
    ++*on_their_way_;
    auto reply = [on_their_way = on_their_way_, refused = world_.refused, map_run = row_.number,
                  item](const ApiResult<Instant>& begun) {
        --*on_their_way;
        if (!begun) refused(map_run, item);
    };
    if (!world_.start_child({std::move(identity), std::move(row), definition_, child.input, std::move(reply)})) {
        --*on_their_way_;
        delayed_ = std::move(child);
        return false;
    }
    running_.emplace(item, std::pair{number, Child{item, child.items, {}}});
    return true;
}

// --- children's ends -----------------------------------------------------------------------------------------------

void MapRun::child_ended(std::int64_t item, std::int64_t items, ExecutionStatus status) {
    if (running_.erase(item) == 0) return;
    if (!counts_as_failed(status)) return;
    failed_items_ += items;
    judge();
}

void MapRun::change(const MapRunLimits& limits, Told done) {
    if (limits.max_concurrency) row_.max_concurrency = *limits.max_concurrency;
    if (limits.tolerated_failure_count) row_.tolerated_failure_count = *limits.tolerated_failure_count;
    if (limits.tolerated_failure_percentage) row_.tolerated_failure_percentage = *limits.tolerated_failure_percentage;
    plan_.tolerated_failure_count = row_.tolerated_failure_count;
    plan_.tolerated_failure_percentage = row_.tolerated_failure_percentage;
    keep_row([done] { done(std::nullopt); }, [done](const std::string& why) { done(why); });
}

void MapRun::fail(AslError error) {
    if (error_ || aborted_) return;
    error_ = std::move(error);
    stop_children();
}

void MapRun::abort() {
    if (aborted_ || ended_) return;
    aborted_ = true;
    stop_children();
    finish_if_done();
}

void MapRun::abort_kept() { over_ = over_ || (aborted_ && ended_); }

void MapRun::give_up(AslError why) {
    stop_children();
    ended_ = over_ = true;
    auto answer = [answered = listener_.answered, why = std::move(why)] { answered(why, TaskFailure::Run); };
    if (row_.arn.empty()) return answer();
    row_.status = aborted_ ? MapRunStatus::Aborted : MapRunStatus::Failed;
    row_.stopped = world_.clock.now();
    keep_row(std::move(answer));
}

void MapRun::stop_children() {
    for (const auto& [item, child] : running_) world_.stop_child(child.first, unless_refused(item));
}

// Counts as on its way until it is called.
Reply MapRun::unless_refused(std::int64_t item) {
    ++*on_their_way_;
    return [on_their_way = on_their_way_, refused = world_.refused, map_run = row_.number,
            item](const ApiResult<Instant>& done) {
        --*on_their_way;
        if (!done && is_store_trouble(done.error())) refused(map_run, item);
    };
}

void MapRun::finish_if_done() {
    const bool no_more = error_ || aborted_ || (exhausted_ && !left_over_ && !delayed_);
    if (ended_ || !no_more || !running_.empty()) return;
    if (!error_ && !aborted_ && exceeds_tolerance(plan_, failed_items_, row_.items)) error_ = tolerance_exceeded();
    if (error_ && !aborted_ && writes_files()) (void)written();  // what there is, for people; the error stays
    auto answer = error_ || aborted_ ? Result<Payload>{error_.value_or(AslError{})} : result();
    row_.status = aborted_ ? MapRunStatus::Aborted : answer ? MapRunStatus::Succeeded : MapRunStatus::Failed;
    row_.stopped = world_.clock.now();
    ended_ = true;
    if (aborted_) {
        return keep_row(
            [kept = world_.abort_kept, map_run = row_.number] { kept(map_run); },
            [refused = world_.refused, map_run = row_.number](const std::string&) { refused(map_run, -1); });
    }
    over_ = true;
    keep_row([answered = listener_.answered, answer = std::move(answer)] { answered(answer, TaskFailure::Run); });
}

void MapRun::keep_row(std::function<void()> then, std::function<void(const std::string&)> failed) {
    world_.journal.submit({{PutMapRun{row_}}, std::move(then), std::move(failed)});
}

}  // namespace pawl
