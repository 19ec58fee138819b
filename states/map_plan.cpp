#include "states/map_plan.hpp"

#include "states/data/context_object.hpp"
#include "states/error_names.hpp"
#include "states/number_field.hpp"

namespace pawl {
namespace {

template <class T>
void put(Json& json, const char* name, const T& value, bool needed = true) {
    if (needed) json[name] = value;
}

template <class T>
T member(const Json& json, const char* name, T otherwise) {
    const auto found = json.find(name);
    return found == json.end() ? otherwise : found->template get<T>();
}

std::optional<std::int64_t> optional_integer(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? std::nullopt : std::optional{found->get<std::int64_t>()};
}

Json json_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? Json{} : *found;
}

std::vector<std::string> variables_in(const asl::Template& expressions) {
    if (const auto* queries = std::get_if<data::QueryTemplate>(&expressions.held)) return queries->variables();
    std::vector<std::string> names;
    for (const auto& path : std::get<data::PayloadTemplate>(expressions.held).paths()) {
        if (!path.variable().empty()) names.push_back(path.variable());
    }
    return names;
}

// For an ItemSelector: it is evaluated item by item, later, without the execution.
void keep_surroundings(const asl::Template& selector, Place& place, const Payload& input, MapPlan& plan) {
    plan.input = input.json();
    if (!input.same(place.raw_input())) plan.raw_input = place.raw_input().json();
    plan.context = place.context();
    plan.variables = Json::object();
    for (const auto& name : variables_in(selector)) {
        const auto* value = data::find_variable(place.turn.execution(), place.frame, name);
        if (value) plan.variables[name] = *value;
    }
}

Result<Json> evaluated(const std::optional<asl::Template>& expressions, Place& place, const Payload& input) {
    if (!expressions) return Json{};
    const auto value = place.evaluate(*expressions, input);
    if (!value) return value.error();
    return value->json();
}

Result<std::optional<std::int64_t>> limit(const asl::ValueOrPath<std::int64_t>& field, std::string_view name,
                                          Place& place, const Json& input, Negative negative = Negative::refused) {
    using Limit = std::optional<std::int64_t>;
    if (!field.present()) return Limit{};
    const auto value = integer_field(field, name, place, input, negative);
    if (!value) return value.error();
    return Limit{*value};
}

// Reads a step into the plan; an error ends the planning.
template <class T, class Value>
std::optional<AslError> take(T& into, Result<Value> value) {
    if (!value) return std::move(value).error();
    into = *std::move(value);
    return std::nullopt;
}

}  // namespace

Payload MapPlan::to_payload() const {
    Json json = Json::object();
    put(json, "label", label);
    put(json, "maxConcurrency", max_concurrency);
    put(json, "toleratedFailureCount", tolerated_failure_count);
    put(json, "toleratedFailurePercentage", tolerated_failure_percentage);
    put(json, "maxItems", max_items.value_or(0), max_items.has_value());
    put(json, "reader", reader_arguments, !reader_arguments.is_null());
    put(json, "writer", writer_arguments, !writer_arguments.is_null());
    put(json, "batchItems", batch_items.value_or(0), batch_items.has_value());
    put(json, "batchBytes", batch_bytes.value_or(0), batch_bytes.has_value());
    put(json, "batchInput", batch_input, !batch_input.is_null());
    put(json, "enteredEvent", entered_event);
    put(json, "input", input, !context.is_null());
    put(json, "rawInput", raw_input, !raw_input.is_null());
    put(json, "context", context, !context.is_null());
    put(json, "variables", variables, !context.is_null());
    return Payload::from_json(std::move(json));
}

MapPlan MapPlan::from(const Payload& payload) {
    const auto& json = payload.json();
    MapPlan plan;
    plan.label = member(json, "label", std::string{});
    plan.max_concurrency = member(json, "maxConcurrency", std::int64_t{0});
    plan.tolerated_failure_count = member(json, "toleratedFailureCount", std::int64_t{0});
    plan.tolerated_failure_percentage = member(json, "toleratedFailurePercentage", 0.0);
    plan.max_items = optional_integer(json, "maxItems");
    plan.reader_arguments = json_member(json, "reader");
    plan.writer_arguments = json_member(json, "writer");
    plan.batch_items = optional_integer(json, "batchItems");
    plan.batch_bytes = optional_integer(json, "batchBytes");
    plan.batch_input = json_member(json, "batchInput");
    plan.entered_event = member(json, "enteredEvent", std::int64_t{0});
    plan.input = json_member(json, "input");
    plan.raw_input = json_member(json, "rawInput");
    plan.context = json_member(json, "context");
    plan.variables = json_member(json, "variables");
    return plan;
}

bool exceeds_tolerance(const MapPlan& plan, std::int64_t failed, std::int64_t total) {
    const auto count = plan.tolerated_failure_count;
    const auto percentage = plan.tolerated_failure_percentage;
    if (count == 0 && percentage == 0) return failed > 0;
    if (count > 0 && failed > count) return true;
    return percentage > 0 && static_cast<double>(failed) * 100 > percentage * static_cast<double>(total);
}

AslError tolerance_exceeded() {
    return {std::string{error::exceed_tolerated_failure_threshold},
            "The specified tolerated failure threshold was exceeded"};
}

Result<MapPlan> plan_map_run(const asl::Map& map, Place& place, const Payload& input) {
    MapPlan plan;
    plan.entered_event = place.visit().entered_event;
    plan.label = map.label;
    const auto& data = input.json();
    std::optional<AslError> error;
    const auto step = [&](auto& into, auto value) {
        if (!error) error = take(into, std::move(value));
    };
    step(plan.tolerated_failure_count,
         integer_field(map.tolerated_failure_count, "ToleratedFailureCount", place, data));
    if (error) return *std::move(error);
    step(plan.tolerated_failure_percentage,
         percentage_field(map.tolerated_failure_percentage, "ToleratedFailurePercentage", place, data));
    if (error) return *std::move(error);
    if (map.item_reader) {
        // The reader fails at a negative one, with an error of its own.
        step(plan.max_items, limit(map.item_reader->max_items, "MaxItems", place, data, Negative::accepted));
        if (error) return *std::move(error);
        step(plan.reader_arguments, evaluated(map.item_reader->arguments, place, input));
        if (error) return *std::move(error);
    }
    if (map.item_batcher) {
        step(plan.batch_items, limit(map.item_batcher->max_items, "MaxItemsPerBatch", place, data));
        if (error) return *std::move(error);
        step(plan.batch_bytes, limit(map.item_batcher->max_input_bytes, "MaxInputBytesPerBatch", place, data));
        if (error) return *std::move(error);
        step(plan.batch_input, evaluated(map.item_batcher->batch_input, place, input));
        if (error) return *std::move(error);
    }
    if (map.result_writer) step(plan.writer_arguments, evaluated(map.result_writer->arguments, place, input));
    if (error) return *std::move(error);
    if (map.item_selector) keep_surroundings(*map.item_selector, place, input, plan);
    return plan;
}

Result<Payload> item_input(const asl::State& map_state, const MapPlan& plan, const MapItem& item, std::uint64_t seed,
                           Instant now, const Limits& limits) {
    const auto& selector = std::get<asl::Map>(map_state.kind).item_selector;
    if (!selector) return item.value;
    Json context = plan.context;
    Json shown{{"Index", item.index}, {"Value", item.key ? item.value.json().at("Value") : item.value.json()}};
    if (item.key) shown["Key"] = *item.key;
    if (!item.source.empty()) shown["Source"] = item.source;
    context["Map"] = {{"Item", std::move(shown)}};
    const auto find_variable = [&](std::string_view name) -> const Json* {
        const auto found = plan.variables.find(name);
        return found == plan.variables.end() ? nullptr : &*found;
    };
    const auto explained = [&](AslError error) {
        error.cause = "An error occurred while executing the state '" + map_state.name +
                      "' (entered at the event id #" + std::to_string(plan.entered_event) + "). " +
                      error.cause.value_or("");
        return error;
    };
    SeededRandom random{seed};
    if (const auto* queries = std::get_if<data::QueryTemplate>(&selector->held)) {
        const auto& input = plan.raw_input.is_null() ? plan.input : plan.raw_input;
        const data::QueryScope scope{
            input, data::StatesPart::None, nullptr, [&]() -> const Json& { return context; }, find_variable, random,
            now,   limits.jsonata};
        auto value = queries->evaluate(scope);
        if (value) return Payload::from_json(*std::move(value));
        return explained({std::string{error::query_evaluation_error}, std::move(value).error().text});
    }
    const data::Scope scope{plan.input, [&]() -> const Json& { return context; }, find_variable, random};
    auto value = std::get<data::PayloadTemplate>(selector->held).evaluate(scope);
    if (value) return Payload::from_json(*std::move(value));
    return explained(std::move(value).error());
}

}  // namespace pawl
