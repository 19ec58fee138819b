#include "states/asl/drawing.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pawl::asl {
namespace {

constexpr double letter = 8.2;  // width of one in the title's size, of a wide font
constexpr double narrowest = 96, widest = 260;
constexpr double state_height = 44;
constexpr double head = 32, branch_head = 22, gap = 16;
constexpr double start_size = 10;

// Code points: what UTF-8's continuation bytes do not begin.
std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

double text_width(std::string_view text) {
    // What is beyond Latin may be twice as wide.
    const auto wide = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3U; }));
    return letter * static_cast<double>(letters(text) + wide);
}

std::string shortened(std::string_view text, double room) {
    if (text_width(text) <= room) return std::string{text};
    std::size_t end = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && text_width(text.substr(0, i)) + letter > room) break;
        if (begins) end = i;
    }
    return std::string{text.substr(0, end)} + "…";
}

class Artist {
  public:
    // Boxes and lines relative to the block's corner.
    Drawing block(const States& states, int depth) {
        BlockLayout layout;
        layout.nodes.push_back({start_size, start_size, 0, 0});
        std::vector<Drawing> inner;
        std::unordered_map<std::string_view, std::size_t> index;
        for (const State* state : states.states) {
            index[state->name] = layout.nodes.size();
            inner.push_back(inside(*state, depth));
            const double plain = std::clamp(text_width(state->name) + 44, narrowest, widest);
            const bool group = inner.back().height > 0;
            layout.nodes.push_back(
                {group ? inner.back().width : plain, group ? inner.back().height : state_height, 0, 0});
        }
        std::vector<DrawnLine> lines;
        const auto connect = [&](const State* from, const std::string& to, std::string label, bool is_catch) {
            const auto target = index.find(to);
            if (to.empty() || target == index.end()) return;
            layout.edges.push_back({from == nullptr ? 0 : index[from->name], target->second, {}});
            lines.push_back({from, states.states[target->second - 1], std::move(label), is_catch, {}});
        };
        connect(nullptr, states.start_at, "", false);
        for (const State* state : states.states) connect_state(*state, connect);
        lay_out(layout);
        return assemble(states, layout, std::move(lines), std::move(inner), depth);
    }

  private:
    template <class Connect>
    static void connect_state(const State& state, const Connect& connect) {
        if (const auto* choice = std::get_if<Choice>(&state.kind)) {
            for (const auto& branch : choice->choices) connect(&state, branch.next, branch.text, false);
            connect(&state, choice->default_next, "default", false);
        }
        connect(&state, state.next, "", false);
        for (const auto& catcher : state.catchers) {
            std::string errors;
            for (const auto& name : catcher.error_equals) errors += (errors.empty() ? "" : ", ") + name;
            connect(&state, catcher.next, errors, true);
        }
    }

    // What a Parallel or Map holds, with room for its head; of others nothing, of no size.
    Drawing inside(const State& state, int depth) {
        std::vector<const States*> blocks;
        const auto* parallel = std::get_if<Parallel>(&state.kind);
        if (parallel) {
            for (const auto& branch : parallel->branches) blocks.push_back(&branch);
        } else if (const auto* map = std::get_if<Map>(&state.kind)) {
            blocks.push_back(&map->processor);
        }
        Drawing all;
        if (blocks.empty()) return all;
        const double top = head + (parallel ? branch_head : 0);
        double x = gap, height = 0;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            auto one = block(*blocks[i], depth + 1);
            const double padding = parallel ? gap : 0;
            if (parallel) {
                all.boxes.push_back({DrawnBox::Kind::Branch, nullptr, "branch " + std::to_string(i + 1), x, head,
                                     std::max(one.width, 70.0) + 2 * padding, 0, depth + 1});
            }
            move(one, x + padding, top);
            height = std::max(height, one.height);
            x += std::max(one.width, parallel ? 70.0 : 0) + 2 * padding + gap;
            add(all, std::move(one));
        }
        for (auto& box : all.boxes) {
            if (box.kind == DrawnBox::Kind::Branch && box.depth == depth + 1) box.height = branch_head + height + gap;
        }
        all.width = std::max(x, std::min(widest, text_width(state.name)) + 60);
        all.height = top + height + (parallel ? gap : 0) + gap;
        return all;
    }

    static Drawing assemble(const States& states, const BlockLayout& layout, std::vector<DrawnLine> lines,
                            std::vector<Drawing> inner, int depth) {
        Drawing drawing;
        drawing.width = layout.width;
        drawing.height = layout.height;
        const auto place = [&](DrawnBox box, const LayoutNode& node) {
            box.x = node.x - node.width / 2;
            box.y = node.y - node.height / 2;
            box.width = node.width;
            box.height = node.height;
            box.depth = depth;
            drawing.boxes.push_back(std::move(box));
        };
        place({DrawnBox::Kind::Start, nullptr, "", 0, 0, 0, 0, 0}, layout.nodes[0]);
        for (std::size_t i = 0; i < states.states.size(); ++i) {
            const auto& node = layout.nodes[i + 1];
            const bool group = inner[i].height > 0;
            place({group ? DrawnBox::Kind::Group : DrawnBox::Kind::State, states.states[i],
                   shortened(states.states[i]->name, node.width - 40), 0, 0, 0, 0, 0},
                  node);
            move(inner[i], node.x - node.width / 2, node.y - node.height / 2);
            add(drawing, std::move(inner[i]));
        }
        for (std::size_t i = 0; i < lines.size(); ++i) lines[i].points = layout.edges[i].points;
        std::move(lines.begin(), lines.end(), std::back_inserter(drawing.lines));
        return drawing;
    }

    static void add(Drawing& to, Drawing from) {
        std::move(from.boxes.begin(), from.boxes.end(), std::back_inserter(to.boxes));
        std::move(from.lines.begin(), from.lines.end(), std::back_inserter(to.lines));
    }
    static void move(Drawing& drawing, double x, double y) {
        for (auto& box : drawing.boxes) {
            box.x += x;
            box.y += y;
        }
        for (auto& line : drawing.lines) {
            for (auto& point : line.points) {
                point.x += x;
                point.y += y;
            }
        }
    }
};

}  // namespace

Drawing draw(const Definition& definition) { return Artist{}.block(definition.top, 0); }

}  // namespace pawl::asl
