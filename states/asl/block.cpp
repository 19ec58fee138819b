// StartAt and States, and the names of states. Spec: states-language.net, "Top-level fields", "States".
#include <utility>

#include "states/asl/parser.hpp"
#include "states/asl/python_text.hpp"

namespace pawl::asl {
namespace {

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

bool good_name(Parser& parser, const std::string& name, const Place& states) {
    const auto length = count_characters(name);
    const auto refuse = [&](std::string why, std::string_view code) {
        parser.report.add({.where = length > max_state_name ? states : states.at(name),
                           .message = std::move(why),
                           .code = code,
                           .member = length > max_state_name ? name : ""});
        return false;
    };
    if (length == 0) return refuse("Invalid State name: a name cannot be empty", code::invalid_state_name);
    if (length > max_state_name) {
        return refuse("Invalid State name: '" + name.substr(0, max_state_name) + "…' exceeds the " +
                          std::to_string(max_state_name) + "-character limit allowed by the service",
                      code::invalid_state_name);
    }
    if (!parser.state_names.insert(name).second) {
        parser.report.add({.where = states.at(name),
                           .message = "Duplicate State name: " + name,
                           .hint = "names are unique in the whole state machine, branches and item processors included",
                           .code = code::duplicate_state});
    }
    return true;
}

}  // namespace

States parse_block(Parser& parser, const Fields& object, Block block, std::size_t depth, MachineType machine) {
    States states;
    block.place = object.place();
    block.start_at = object.text("StartAt");
    if (object.has("StartAt") && object.report().open(object.at("StartAt"))) block.start_at.reset();
    states.start_at = block.start_at.value_or("");
    const auto at = parser.blocks.size();
    const Json* source = object.object("States");
    if (!source) block.unclear = true;
    parser.blocks.push_back(std::move(block));
    if (!source) return states;
    const Place place = object.at("States");
    if (source->empty()) {
        object.error("States", "Value cannot be empty");
        parser.blocks[at].unclear = true;
    }
    if (depth >= max_state_nesting) {
        parser.report.add({.where = place,
                           .message = "The states are too deeply nested",
                           .hint = "at most " + std::to_string(max_state_nesting) + " levels of Parallel and Map",
                           .code = code::too_deep});
        parser.blocks[at].unclear = true;
        return states;
    }
    for (const auto& [name, state_source] : source->items()) {
        if (!good_name(parser, name, place)) {
            parser.blocks[at].unclear = true;
            continue;
        }
        const auto index = parser.blocks[at].states.size();
        parser.blocks[at].states.push_back({name, place.at(name)});
        const State* state = parse_state_at(parser, name, state_source, place.at(name), {at, depth, machine}, index);
        if (state) states.states.push_back(state);
    }
    return states;
}

}  // namespace pawl::asl
