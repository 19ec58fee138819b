#include "states/state_test.hpp"

#include <cmath>

#include "states/error_names.hpp"
#include "states/item_batch.hpp"
#include "states/map_plan.hpp"
#include "states/retry.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

// Recordings show less of some states than their data flow has.
bool is_shown(const asl::State& state, std::string_view step) {
    const bool before = step == "afterInputPath" || step == "afterParameters" || step == "afterArguments";
    if (const auto* pass = std::get_if<asl::Pass>(&state.kind)) return pass->result ? !before : step != "result";
    if (state.type() == StateType::Parallel) return !before && step != "result";
    if (state.type() == StateType::Map) return step != "result";
    return true;
}

constexpr std::string_view not_iterable = "Attempting to map over non-iterable node.";  // as a Map Run fails

bool has_items_pointer(const asl::ItemReader& reader) {
    const auto& config = reader.config;
    return config.is_object() && config.value("InputType", "") == "JSON" && config.value("ItemsPointer", "") != "";
}

// As items: {"Key": …, "Value": …}.
Json members_of(const Json& object) {
    Json members = Json::array();
    for (const auto& [key, value] : object.items()) members.push_back({{"Key", key}, {"Value", value}});
    return members;
}

}  // namespace

struct StateTest::Impl {
    explicit Impl(StateTestRequest given)
        : request{std::move(given)},
          state{*request.definition->find(request.state)},
          execution{request.identity},
          surroundings{request.limits, request.region, [](const ExecutionIdentity&, TaskId) { return std::string{}; },
                       [this](std::string_view name, const Payload& value) { note(name, value); }, request.context},
          stimulus{request.now, request.seed, Continue{}},
          turn{*request.definition, execution, stimulus, surroundings} {}

    void note(std::string_view name, const Payload& value) {
        if (!is_shown(state, name)) return;
        for (auto& [known, before] : report.steps) {
            if (known == name) {
                before = value;
                return;
            }
        }
        report.steps.emplace_back(name, value);
    }

    Step enter_state() {
        turn.record(root_frame, ExecutionStarted{request.input, request.identity.role_arn, std::nullopt});
        execution.frames.at(root_frame).variables = request.variables;
        turn.record(root_frame, StateEntered{state.type(), state.name, request.input});
        Place place{turn, root_frame};
        if (const auto* map = std::get_if<asl::Map>(&state.kind)) return enter_map(*map, place);
        if (state.type() == StateType::Fail && !place.jsonata()) note("afterInputPath", request.input);
        auto entered = std::visit([&](const auto& kind) { return pawl::enter(kind, place); }, state.kind);
        // Time is not what is tested.
        const auto* wait = std::get_if<asl::Wait>(&state.kind);
        if (wait && std::holds_alternative<Suspend>(entered)) return resume(*wait, place);
        return entered;
    }

    Step enter_map(const asl::Map& map, Place& place) {
        const auto input = place.input_path();
        if (!input) return Raise{input.error()};
        const auto concurrency = max_concurrency_of(map, place, input->json());
        if (!concurrency) return Raise{concurrency.error()};
        const bool read = map.item_reader && request.reader_data;
        const auto found = read ? Result<Payload>{*request.reader_data} : items_of(map, place, *input);
        if (!found) return Raise{found.error()};
        const bool pointed = read && has_items_pointer(*map.item_reader);
        // Members are items of state data and behind a pointer; what is read as a whole has to be a list.
        of_members =
            found->json().is_object() && map.mode == asl::MapMode::Distributed && (pointed || !map.item_reader);
        if (!of_members && !found->json().is_array()) {
            if (read) return Raise{AslError{std::string{error::item_reader_failed}, std::string{not_iterable}}};
            if (place.jsonata()) return Raise{no_items(map, place, *found)};
            return Raise{AslError{std::string{error::runtime}, no_items_text(map, place, *found)}};
        }
        const auto plan = plan_map_run(map, place, *input);
        if (!plan) return Raise{plan.error()};
        items = of_members ? members_of(found->json()) : found->json();
        if (plan->max_items && *plan->max_items > 0 && items.size() > static_cast<std::size_t>(*plan->max_items)) {
            items.erase(items.begin() + *plan->max_items, items.end());
        }
        // The guide has both for JSONPath alone.
        if (map.items_path) note("afterItemsPath", *found);
        if (pointed && !place.jsonata()) note("afterItemsPointer", *found);
        if (map.item_selector || map.item_batcher) {
            const auto inputs = item_inputs(*plan);
            if (!inputs) return Raise{inputs.error()};
            if (map.item_selector) note("afterItemSelector", joined(*inputs));
            if (map.item_batcher) {
                if (auto wrong = batch(*plan, *inputs)) return Raise{*std::move(wrong)};
            }
        }
        report.max_concurrency = *concurrency;
        if (map.tolerated_failure_count.present()) report.tolerated_failure_count = plan->tolerated_failure_count;
        if (map.tolerated_failure_percentage.present()) {
            report.tolerated_failure_percentage = plan->tolerated_failure_percentage;
        }
        return Suspend{};
    }

    // Of each item: itself, or what ItemSelector makes of it.
    Result<std::vector<Payload>> item_inputs(const MapPlan& plan) {
        const bool selects = std::get<asl::Map>(state.kind).item_selector.has_value();
        std::vector<Payload> inputs;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto item = Payload::from_json(items[i]);
            MapItem shown{static_cast<std::int64_t>(i), item};
            if (of_members) shown.key = items[i].at("Key").get<std::string>();
            auto made = item_input(state, plan, shown, request.seed + i, request.now, request.limits);
            if (!made) return std::move(made).error();
            bytes += made->size_bytes();
            const bool too_large = selects && bytes > request.limits.payload_bytes;
            if (too_large) return Place{turn, root_frame}.too_large(state.name);
            inputs.push_back(*std::move(made));
        }
        return inputs;
    }

    // The inputs of the child executions, as a Map Run makes them. Together they may be longer than any payload, as
    // BatchInput stands in each: then none are shown.
    std::optional<AslError> batch(const MapPlan& plan, const std::vector<Payload>& inputs) {
        const auto limit = request.limits.payload_bytes;
        std::vector<Payload> made;
        std::size_t bytes = 0;
        for (auto next = inputs.begin(); next != inputs.end();) {
            ItemBatch batch{plan};
            while (next != inputs.end() && batch.add(*next)) ++next;
            if (batch.bytes() > limit) return Place{turn, root_frame}.too_large(state.name);
            bytes += batch.bytes();
            if (bytes <= limit) made.push_back(batch.input());
        }
        if (bytes <= limit) note("afterItemBatcher", joined(made));
        return std::nullopt;
    }

    // Unlike executions, a test without any tolerance tolerates all.
    bool exceeds_tolerance() const {
        const auto failed = request.failed_iterations;
        if (report.tolerated_failure_count && failed > *report.tolerated_failure_count) return true;
        return report.tolerated_failure_percentage && !items.empty() &&
               100.0 * static_cast<double>(failed) / static_cast<double>(items.size()) >
                   *report.tolerated_failure_percentage;
    }

    // What waited has its answer.
    Step answer(const Result<Payload>& result) {
        Place place{turn, root_frame};
        if (!result) return Raise{result.error()};
        if (state.type() == StateType::Map && exceeds_tolerance()) {
            return Raise{tolerance_exceeded()};
        }
        if (result->size_bytes() > turn.limits().payload_bytes) return Raise{place.too_large(state.name)};
        return place.complete(*result, state.next);
    }

    void conclude(Step last) {
        if (const auto* raised = std::get_if<Raise>(&last)) return fail(*raised);
        auto& advance = std::get<Advance>(last);
        report.output = std::move(advance.output);
        report.next = std::move(advance.next);
        report.assigned = std::move(advance.assigned);
    }

    void fail(const Raise& raised) {
        report.error = raised.error;
        report.status = StateTestStatus::Failed;
        const auto& visit = turn.visit(root_frame);
        if (const auto match = matching_retrier(state, visit, raised)) {
            report.retry_index = static_cast<std::int64_t>(match->index);
            const auto& retrier = state.retry[match->index];
            if (request.retries < retrier.max_attempts) {
                const auto delay = retry_delay(retrier, request.retries + 1, turn.random());
                report.backoff_seconds = std::llround(static_cast<double>(delay.count()) / 1000.0);
                report.status = StateTestStatus::Retriable;
                return;
            }
        }
        const auto* catcher = matching_catcher(state, raised);
        if (!catcher) return;
        report.catch_index = catcher - state.catchers.data();
        auto way_out = Place{turn, root_frame}.caught(*catcher, raised.error);
        if (const auto* again = std::get_if<Raise>(&way_out)) {
            report.error = again->error;
            return;
        }
        report.status = StateTestStatus::CaughtError;
        conclude(std::move(way_out));
    }

    StateTestRequest request;
    const asl::State& state;
    Execution execution;
    Surroundings surroundings;
    const Stimulus stimulus;
    Turn turn;
    StateTestReport report;
    Step step;
    Json items = Json::array();
    bool of_members = false;  // the items are an object's members: {"Key": …, "Value": …}
};

StateTest::StateTest(StateTestRequest request) : impl_{std::make_unique<Impl>(std::move(request))} {}
StateTest::~StateTest() = default;

std::optional<StartTask> StateTest::enter() {
    impl_->step = impl_->enter_state();
    const bool waits = std::holds_alternative<Suspend>(impl_->step);
    if (!waits || impl_->request.mock || impl_->state.type() != StateType::Task) return std::nullopt;
    return start_task_effect(impl_->turn.visit(root_frame));
}

StateTestReport StateTest::finish(std::optional<Result<Payload>> answer) {
    if (std::holds_alternative<Suspend>(impl_->step)) {
        const auto& given = answer ? answer : impl_->request.mock;
        impl_->step = impl_->answer(given ? *given : Result<Payload>{AslError{std::string{error::timeout}, {}}});
    }
    impl_->conclude(std::move(impl_->step));
    return std::move(impl_->report);
}

}  // namespace pawl
