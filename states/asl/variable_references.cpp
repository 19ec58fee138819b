// DescribeStateMachine's variableReferences: what each state reads, in either language.
#include <set>

#include "states/asl/definition.hpp"

namespace pawl::asl {
namespace {

class Collector {
  public:
    std::set<std::string> names;

    void add(const data::JsonPath& path) {
        if (!path.variable().empty()) names.insert(path.variable());
    }
    void add(const data::Query& query) { names.insert(query.variables().begin(), query.variables().end()); }
    void add(const data::QueryTemplate& query) {
        for (auto& name : query.variables()) names.insert(std::move(name));
    }
    void add(const data::PayloadTemplate& payload) { add_paths(payload.paths()); }
    void add(const data::Expression& expression) { add_paths(expression.paths()); }
    void add(const data::ChoiceRule& rule) { add_paths(rule.paths()); }
    void add(const Template& either) {
        std::visit([&](const auto& t) { add(t); }, either.held);
    }
    void add(const Filter& filter) { add(filter.path); }
    template <class T>
    void add(const std::optional<T>& field) {
        if (field) add(*field);
    }
    template <class T>
    void add(const ValueOrPath<T>& field) {
        if (field.path()) add(*field.path());
        if (field.query()) add(*field.query());
    }
    void add(const Fail::Text& text) {
        if (const auto* expression = std::get_if<data::Expression>(&text)) add(*expression);
        if (const auto* query = std::get_if<data::Query>(&text)) add(*query);
    }

    void add(const Pass&) {}
    void add(const Succeed&) {}
    void add(const Parallel&) {}  // the states of its branches read for themselves
    void add(const Task& task) {
        add(task.timeout_seconds);
        add(task.heartbeat_seconds);
        add(task.credentials);
    }
    void add(const Choice& choice) {
        for (const auto& branch : choice.choices) {
            if (const auto* rule = std::get_if<data::ChoiceRule>(&branch.condition)) add(*rule);
            if (const auto* query = std::get_if<data::Query>(&branch.condition)) add(*query);
            add(branch.assign);
            add(branch.output);
        }
    }
    void add(const Wait& wait) {
        add(wait.seconds);
        add(wait.timestamp);
    }
    void add(const Fail& fail) {
        add(fail.error);
        add(fail.cause);
    }
    void add(const Map& map) {
        add(map.items_path);
        add(map.items);
        add(map.item_selector);
        add(map.max_concurrency);
        add(map.tolerated_failure_count);
        add(map.tolerated_failure_percentage);
        if (map.item_reader) {
            add(map.item_reader->max_items);
            add(map.item_reader->arguments);
        }
        if (map.item_batcher) {
            add(map.item_batcher->max_items);
            add(map.item_batcher->max_input_bytes);
            add(map.item_batcher->batch_input);
        }
        if (map.result_writer) add(map.result_writer->arguments);
    }

  private:
    void add_paths(const std::vector<data::JsonPath>& paths) {
        for (const auto& path : paths) add(path);
    }
};

std::set<std::string> read_by(const State& state) {
    Collector collector;
    collector.add(state.input_path);
    collector.add(state.parameters);
    collector.add(state.result_selector);
    collector.add(state.output_path);
    collector.add(state.output);
    collector.add(state.assign);
    for (const auto& catcher : state.catchers) {
        collector.add(catcher.assign);
        collector.add(catcher.output);
    }
    std::visit([&](const auto& kind) { collector.add(kind); }, state.kind);
    return std::move(collector.names);
}

}  // namespace

std::vector<std::pair<std::string, std::vector<std::string>>> variable_references(const Definition& definition) {
    std::vector<std::pair<std::string, std::vector<std::string>>> references;
    for (const auto& state : definition.all()) {
        const auto names = read_by(state);
        if (!names.empty()) references.emplace_back(state.name, std::vector<std::string>{names.begin(), names.end()});
    }
    return references;
}

}  // namespace pawl::asl
