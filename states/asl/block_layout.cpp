#include "states/asl/block_layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

namespace pawl::asl {
namespace {

constexpr double rank_gap = 52;
constexpr double node_gap = 36;
constexpr double dummy_width = 16;
constexpr int order_sweeps = 12;
constexpr int place_sweeps = 10;
constexpr std::size_t long_edge = 8;  // ranks; longer ones are led around the side
constexpr double lane_gap = 14;
constexpr std::size_t most_lanes = 24;
constexpr double beside_row = 12;

class Layout {
  public:
    explicit Layout(BlockLayout& block) : block_{block} {}

    void run() {
        if (block_.nodes.empty()) return;
        find_ranks();
        make_slots();
        for (int i = 0; i < order_sweeps; ++i) order(i % 2 == 0);
        place();
        draw_edges();
    }

  private:
    // A place in a rank: of a node, or of an edge that passes by.
    struct Slot {
        std::optional<std::size_t> node;
        double width = dummy_width;
        std::size_t rank = 0;
        double x = 0;
        std::vector<std::size_t> above, below;
    };
    struct Way {
        std::vector<std::size_t> slots;  // downwards
        bool reversed = false;
        bool around = false;
    };

    void find_ranks() {
        const auto count = block_.nodes.size();
        std::vector<std::vector<std::size_t>> out(count);
        for (std::size_t e = 0; e < block_.edges.size(); ++e) out[block_.edges[e].from].push_back(e);
        backward_.assign(block_.edges.size(), false);
        std::vector<char> mark(count, 0);  // 1: being visited, 2: done
        std::vector<std::size_t> finished;
        for (std::size_t root = 0; root < count; ++root) {
            if (mark[root] != 0) continue;
            std::vector<std::pair<std::size_t, std::size_t>> stack{{root, 0}};
            mark[root] = 1;
            while (!stack.empty()) {
                auto& [node, next] = stack.back();
                if (next == out[node].size()) {
                    mark[node] = 2;
                    finished.push_back(node);
                    stack.pop_back();
                    continue;
                }
                const auto edge = out[node][next++];
                const auto to = block_.edges[edge].to;
                if (mark[to] == 1) backward_[edge] = true;
                if (mark[to] != 0) continue;
                mark[to] = 1;
                stack.emplace_back(to, 0);
            }
        }
        rank_.assign(count, 0);
        for (auto node = finished.rbegin(); node != finished.rend(); ++node) {
            for (const auto edge : out[*node]) {
                if (backward_[edge]) continue;
                auto& rank = rank_[block_.edges[edge].to];
                rank = std::max(rank, rank_[*node] + 1);
            }
        }
    }

    std::size_t add_slot(Slot slot) {
        if (rows_.size() <= slot.rank) rows_.resize(slot.rank + 1);
        rows_[slot.rank].push_back(slots_.size());
        slots_.push_back(std::move(slot));
        return slots_.size() - 1;
    }
    void connect(std::size_t upper, std::size_t lower) {
        slots_[upper].below.push_back(lower);
        slots_[lower].above.push_back(upper);
    }

    void make_slots() {
        for (std::size_t i = 0; i < block_.nodes.size(); ++i) {
            add_slot({i, block_.nodes[i].width, rank_[i], 0, {}, {}});
        }
        for (std::size_t e = 0; e < block_.edges.size(); ++e) {
            auto [upper, lower] = std::pair{block_.edges[e].from, block_.edges[e].to};
            Way way;
            way.reversed = rank_[upper] > rank_[lower];
            if (way.reversed) std::swap(upper, lower);
            const auto span = rank_[lower] - rank_[upper];
            way.around = span > long_edge;
            if (!way.around && span > 0) {
                way.slots.push_back(upper);
                for (auto rank = rank_[upper] + 1; rank < rank_[lower]; ++rank) {
                    way.slots.push_back(add_slot({std::nullopt, dummy_width, rank, 0, {}, {}}));
                }
                way.slots.push_back(lower);
                for (std::size_t i = 1; i < way.slots.size(); ++i) connect(way.slots[i - 1], way.slots[i]);
            }
            ways_.push_back(std::move(way));
        }
    }

    // Barycentres: each slot goes where its neighbours in the row before are, on average.
    void order(bool downwards) {
        std::vector<double> position(slots_.size());
        const auto note = [&](const std::vector<std::size_t>& row) {
            for (std::size_t i = 0; i < row.size(); ++i) position[row[i]] = static_cast<double>(i);
        };
        for (const auto& row : rows_) note(row);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            auto& row = rows_[downwards ? i : rows_.size() - 1 - i];
            std::map<std::size_t, double> wanted;
            for (const auto slot : row) {
                const auto& near = downwards ? slots_[slot].above : slots_[slot].below;
                double sum = 0;
                for (const auto other : near) sum += position[other];
                wanted[slot] = near.empty() ? position[slot] : sum / static_cast<double>(near.size());
            }
            std::stable_sort(row.begin(), row.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
            note(row);
        }
    }

    double distance(std::size_t left, std::size_t right) const {
        return (slots_[left].width + slots_[right].width) / 2 + node_gap;
    }

    // Least squares under "each at its distance from the one before": pools of neighbours that would violate it.
    void settle(const std::vector<std::size_t>& row, const std::vector<double>& wanted) {
        struct Pool {
            double sum;
            std::size_t count;
        };
        std::vector<double> offset(row.size(), 0);
        std::vector<Pool> pools;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) offset[i] = offset[i - 1] + distance(row[i - 1], row[i]);
            pools.push_back({wanted[i] - offset[i], 1});
            const auto mean = [](const Pool& pool) { return pool.sum / static_cast<double>(pool.count); };
            while (pools.size() > 1 && mean(pools[pools.size() - 2]) > mean(pools.back())) {
                const auto last = pools.back();
                pools.pop_back();
                pools.back().sum += last.sum;
                pools.back().count += last.count;
            }
        }
        std::size_t i = 0;
        for (const auto& pool : pools) {
            for (std::size_t k = 0; k < pool.count; ++k, ++i) {
                slots_[row[i]].x = pool.sum / static_cast<double>(pool.count) + offset[i];
            }
        }
    }

    void place() {
        for (const auto& row : rows_) {
            double x = 0;
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (i > 0) x += distance(row[i - 1], row[i]);
                slots_[row[i]].x = x;
            }
        }
        for (int sweep = 0; sweep < place_sweeps; ++sweep) {
            for (std::size_t i = 0; i < rows_.size(); ++i) {
                const auto& row = rows_[sweep % 2 == 0 ? i : rows_.size() - 1 - i];
                std::vector<double> wanted;
                for (const auto slot : row) wanted.push_back(middle_of_neighbours(slots_[slot]));
                settle(row, wanted);
            }
        }
        double left = 0;
        for (const auto& slot : slots_) left = std::min(left, slot.x - slot.width / 2);
        for (auto& slot : slots_) {
            slot.x -= left;
            block_.width = std::max(block_.width, slot.x + slot.width / 2);
        }
        place_rows();
    }
    double middle_of_neighbours(const Slot& slot) const {
        double sum = 0;
        for (const auto other : slot.above) sum += slots_[other].x;
        for (const auto other : slot.below) sum += slots_[other].x;
        const auto count = slot.above.size() + slot.below.size();
        return count == 0 ? slot.x : sum / static_cast<double>(count);
    }
    void place_rows() {
        double y = 0;
        for (const auto& row : rows_) {
            double height = 0;
            for (const auto slot : row) {
                if (slots_[slot].node) height = std::max(height, block_.nodes[*slots_[slot].node].height);
            }
            tops_.push_back(y);
            bottoms_.push_back(y + height);
            for (const auto slot : row) {
                if (!slots_[slot].node) continue;
                auto& node = block_.nodes[*slots_[slot].node];
                node.x = slots_[slot].x;
                node.y = y + height / 2;
            }
            y += height + rank_gap;
        }
        block_.height = y - rank_gap;
    }

    void draw_edges() {
        std::map<std::size_t, std::size_t> lanes;
        const double side = block_.width + lane_gap;
        for (std::size_t e = 0; e < block_.edges.size(); ++e) {
            auto& edge = block_.edges[e];
            const auto& way = ways_[e];
            if (edge.from == edge.to) {
                draw_loop(edge);
            } else if (way.around) {
                const auto lane = lanes.try_emplace(edge.to, lanes.size() % most_lanes).first->second;
                draw_around(edge, side + static_cast<double>(lane) * lane_gap);
            } else {
                draw_through(edge, way);
            }
        }
    }
    void draw_loop(LayoutEdge& edge) {
        const auto& node = block_.nodes[edge.from];
        const double right = node.x + node.width / 2;
        edge.points = {
            {right, node.y - 10}, {right + 18, node.y - 10}, {right + 18, node.y + 10}, {right, node.y + 10}};
        block_.width = std::max(block_.width, right + 18);
    }
    // Down to the free space under its row, out, along the side, in above the target's row.
    void draw_around(LayoutEdge& edge, double lane) {
        const auto& from = block_.nodes[edge.from];
        const auto& to = block_.nodes[edge.to];
        const double out = bottoms_[rank_[edge.from]] + beside_row;
        const double in = tops_[rank_[edge.to]] - beside_row;
        const double leave = from.x + from.width / 4;
        const double arrive = to.x + to.width / 4;
        edge.points = {{leave, from.y + from.height / 2}, {leave, out}, {lane, out}, {lane, in}, {arrive, in},
                       {arrive, to.y - to.height / 2}};
        block_.width = std::max(block_.width, lane + lane_gap);
        block_.height = std::max(block_.height, out + beside_row);
    }
    void draw_through(LayoutEdge& edge, const Way& way) {
        std::vector<Point> points;
        for (const auto index : way.slots) {
            const auto& slot = slots_[index];
            if (slot.node) {
                const auto& node = block_.nodes[*slot.node];
                const bool upper = index == way.slots.front();
                points.push_back({node.x, upper ? node.y + node.height / 2 : node.y - node.height / 2});
                // Straight down to the end of the row, which taller neighbours may reach beyond.
                if (upper)
                    points.push_back({node.x, bottoms_[slot.rank]});
                else
                    points.insert(points.end() - 1, {node.x, tops_[slot.rank]});
            } else {
                points.push_back({slot.x, tops_[slot.rank]});
                points.push_back({slot.x, bottoms_[slot.rank]});
            }
        }
        if (way.reversed) std::reverse(points.begin(), points.end());
        edge.points = std::move(points);
    }

    BlockLayout& block_;
    std::vector<bool> backward_;
    std::vector<std::size_t> rank_;
    std::vector<Slot> slots_;  // the first ones are the nodes'
    std::vector<std::vector<std::size_t>> rows_;
    std::vector<Way> ways_;
    std::vector<double> tops_, bottoms_;  // of rows
};

}  // namespace

void lay_out(BlockLayout& block) { Layout{block}.run(); }

}  // namespace pawl::asl
