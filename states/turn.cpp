#include "states/turn.hpp"

#include "states/assert.hpp"

namespace pawl {
namespace {

bool ends_execution(const Event& event) {
    return std::holds_alternative<ExecutionSucceeded>(event) || std::holds_alternative<ExecutionFailed>(event) ||
           std::holds_alternative<ExecutionTimedOut>(event) || std::holds_alternative<ExecutionAborted>(event);
}

}  // namespace

void Turn::record(FrameId frame, Event event, std::optional<std::int64_t> previous) {
    RecordedEvent recorded;
    recorded.at = now_;
    recorded.frame = frame;
    const auto found = execution_.frames.find(frame);
    recorded.previous = previous ? *previous : found == execution_.frames.end() ? 0 : found->second.last_event;
    if (is_shown(event)) {
        if (next_event() >= limits().history_events && !ends_execution(event)) throw HistoryFull{};
        recorded.id = next_event();
    }
    recorded.event = std::move(event);
    evolve(execution_, recorded);
    decision_.events.push_back(std::move(recorded));
}

const Visit& Turn::visit(FrameId frame) const {
    const auto& visit = execution_.frame(frame).visit;
    PAWL_ASSERT(visit, "a frame that is asked for its visit is in a state");
    return *visit;
}

const asl::State& Turn::state(const Visit& visit) const {
    const auto* state = definition_.find(visit.state);
    PAWL_ASSERT(state, "an execution runs the definition that it started with");
    return *state;
}

const asl::States& Turn::block(FrameId frame) const {
    if (frame == root_frame) {
        const auto& map_state = execution_.identity.map_state;
        if (map_state.empty()) return definition_.top;
        return std::get<asl::Map>(definition_.find(map_state)->kind).processor;
    }
    const auto& child = execution_.frame(frame);
    const auto& parent = state(visit(child.parent));
    if (const auto* map = std::get_if<asl::Map>(&parent.kind)) return map->processor;
    return std::get<asl::Parallel>(parent.kind).branches.at(static_cast<std::size_t>(child.index));
}

}  // namespace pawl
