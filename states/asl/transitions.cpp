// Do all targets exist, can every state be reached, does the machine ever end?
#include <algorithm>

#include "states/asl/parser.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::asl {
namespace {

// Looking for similar names costs time that grows with their number: for the first problems only.
constexpr int max_hints = 20;

class BlockCheck {
  public:
    BlockCheck(Parser& parser, const Block& block, int& hints_left)
        : parser_{parser}, block_{block}, hints_left_{hints_left} {
        for (std::size_t i = 0; i < block.states.size(); ++i) index_.emplace(block.states[i].name, i);
    }

    void run(bool whole_machine) {
        if (block_.alone || (block_.states.empty() && block_.unclear)) return;
        targets();
        const bool endless = !block_.terminal && !block_.unclear;
        if (endless) no_end(whole_machine);
        if (!endless && !block_.unclear && block_.start_at) reachability();
    }

  private:
    std::optional<std::size_t> find(std::string_view name) const {
        const auto found = index_.find(name);
        return found == index_.end() ? std::nullopt : std::optional{found->second};
    }

    void targets() {
        if (block_.start_at && !find(*block_.start_at)) missing(*block_.start_at, block_.place.at("StartAt"));
        for (const auto& transition : block_.transitions) {
            if (!find(transition.target)) missing(transition.target, transition.place);
        }
    }

    void missing(const std::string& target, const Place& place) {
        std::string hint;
        if (parser_.state_names.contains(target)) {
            hint = "the state '" + target +
                   "' is in another block: no transition leads into or out of a branch or an "
                   "item processor";
        } else if (hints_left_-- > 0) {
            std::vector<std::string_view> names;
            for (const auto& state : block_.states) names.push_back(state.name);
            hint = did_you_mean(target, names);
        }
        parser_.report.add({.where = place,
                            .message = "Missing 'Next' target: " + target,
                            .hint = std::move(hint),
                            .code = code::missing_target});
    }

    void no_end(bool whole_machine) {
        Problem problem{.where = block_.place.at("States"), .message = "Workflow has no terminal state"};
        problem.hint = "give one state \"End\": true, or add a Succeed or Fail state";
        problem.code = code::missing_end;
        problem.whole_machine = whole_machine;
        // The service asks this of the machine as a whole only.
        if (!whole_machine) problem.severity = Severity::Warning;
        parser_.report.add(std::move(problem));
    }

    // A state that no other leads to is an error, as in the service; a ring of states that only lead to each other is
    // let through there, so it is a warning.
    void reachability() {
        std::vector<std::vector<std::size_t>> ways(block_.states.size());
        std::vector<bool> entered(block_.states.size());
        for (const auto& transition : block_.transitions) {
            const auto to = find(transition.target);
            if (!to) continue;
            ways[transition.from].push_back(*to);
            entered[*to] = true;
        }
        std::vector<bool> reached(block_.states.size());
        std::vector<std::size_t> next;
        const auto start = find(*block_.start_at);
        if (start) {
            entered[*start] = true;
            next.push_back(*start);
        }
        while (!next.empty()) {
            const auto state = next.back();
            next.pop_back();
            if (reached[state]) continue;
            reached[state] = true;
            next.insert(next.end(), ways[state].begin(), ways[state].end());
        }
        for (std::size_t i = 0; i < block_.states.size(); ++i) {
            if (!entered[i]) {
                unreachable(block_.states[i], code::missing_target, Severity::Error);
            } else if (start && !reached[i]) {
                unreachable(block_.states[i], code::unreachable, Severity::Warning);
            }
        }
    }

    void unreachable(const Block::Entry& state, std::string_view code, Severity severity) {
        parser_.report.add({.where = state.place,
                            .message = "State \"" + state.name + "\" is not reachable.",
                            .hint = severity == Severity::Error
                                        ? "lead another state to it by Next, Default, Choices or Catch, or remove it"
                                        : "it is only reached from states that are not reachable themselves",
                            .code = code,
                            .severity = severity});
    }

    Parser& parser_;
    const Block& block_;
    int& hints_left_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

}  // namespace

void check_transitions(Parser& parser) {
    int hints_left = max_hints;
    for (std::size_t i = 0; i < parser.blocks.size(); ++i) {
        BlockCheck{parser, parser.blocks[i], hints_left}.run(i == 0);
    }
}

}  // namespace pawl::asl
