// A definition as a Mermaid flowchart: states are nodes or subgraphs with ids of ours, names are labels, escaped.
// Spec: mermaid.js.org, "Flowcharts".
#include <unordered_map>

#include "states/asl/definition.hpp"

namespace pawl::asl {
namespace {

// A label may hold anything: what Mermaid or HTML would read is written as an entity.
std::string label(std::string_view text) {
    std::string escaped = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool special = std::string_view{"\"#&<>`;|\\%{}[]()"}.find(c) != std::string_view::npos;
        if (byte < 0x20 || byte == 0x7F) {
            escaped += ' ';
        } else if (special) {
            escaped += '#' + std::to_string(byte) + ';';
        } else {
            escaped += c;
        }
    }
    return escaped + '"';
}

class Chart {
  public:
    explicit Chart(const Definition& definition) {
        lines_ = "flowchart TD\n";
        line(1, "start((\" \"))");
        draw(definition.top, 1);
        edge("start", "", definition.top.start_at);
        lines_ += edges_;
    }
    std::string take() { return std::move(lines_); }

  private:
    void line(std::size_t depth, const std::string& text) { lines_ += std::string(4 * depth, ' ') + text + '\n'; }

    std::string id_of(const std::string& name) {
        const auto [found, added] = ids_.try_emplace(name);
        if (added) found->second = "s" + std::to_string(ids_.size());
        return found->second;
    }

    // `style` is what stands between the ids: an arrow, with its label.
    void edge(const std::string& from, const std::string& text, const std::string& target, bool dotted = false) {
        if (target.empty()) return;
        const std::string arrow = dotted ? " -.->" : " -->";
        edges_ += "    " + from + arrow + (text.empty() ? " " : "|" + label(text) + "| ") + id_of(target) + '\n';
    }

    void draw(const States& states, std::size_t depth) {
        for (const State* state : states.states) draw(*state, depth);
    }

    void draw(const State& state, std::size_t depth) {
        const std::string id = id_of(state.name);
        draw_node(state, id, depth);
        edge(id, "", state.next);
        for (const auto& catcher : state.catchers) {
            std::string errors;
            for (const auto& name : catcher.error_equals) errors += (errors.empty() ? "" : ", ") + name;
            edge(id, errors, catcher.next, true);
        }
        const auto* choice = std::get_if<Choice>(&state.kind);
        if (!choice) return;
        for (const auto& branch : choice->choices) edge(id, branch.text, branch.next);
        edge(id, "default", choice->default_next);
    }

    void draw_node(const State& state, const std::string& id, std::size_t depth) {
        const std::string name = label(state.name);
        switch (state.type()) {
            case StateType::Choice:
                return line(depth, id + "{" + name + "}");
            case StateType::Wait:
                return line(depth, id + "([" + name + "])");
            case StateType::Succeed:
                return line(depth, id + "(((" + name + ")))");
            case StateType::Fail:
                return line(depth, id + "{{" + name + "}}");
            case StateType::Pass:
                return line(depth, id + "(" + name + ")");
            case StateType::Task:
                return line(depth, id + "[" + name + "]");
            case StateType::Parallel:
                return draw_parallel(std::get<Parallel>(state.kind), id, name, depth);
            case StateType::Map:
                return draw_map(std::get<Map>(state.kind), id, name, depth);
        }
    }

    void draw_parallel(const Parallel& parallel, const std::string& id, const std::string& name, std::size_t depth) {
        line(depth, "subgraph " + id + "[" + name + "]");
        for (std::size_t i = 0; i < parallel.branches.size(); ++i) {
            const std::string number = std::to_string(i + 1);
            line(depth + 1, "subgraph " + id + "_" + number + "[\"branch " + number + "\"]");
            draw_inner(parallel.branches[i], id + "_" + number, depth + 2);
            line(depth + 1, "end");
        }
        line(depth, "end");
    }

    void draw_map(const Map& map, const std::string& id, const std::string& name, std::size_t depth) {
        line(depth, "subgraph " + id + "[" + name + "]");
        draw_inner(map.processor, id, depth + 1);
        line(depth, "end");
    }

    void draw_inner(const States& states, const std::string& id, std::size_t depth) {
        line(depth, id + "_start((\" \"))");
        draw(states, depth);
        edge(id + "_start", "", states.start_at);
    }

    std::unordered_map<std::string, std::string> ids_;
    std::string lines_;
    std::string edges_;  // after all nodes: an edge that comes first would make a node of a subgraph
};

}  // namespace

std::string to_mermaid(const Definition& definition) { return Chart{definition}.take(); }

}  // namespace pawl::asl
