// Where the nodes of one block go: layered, top to bottom, after Sugiyama. Nodes are numbers with sizes; which states
// they stand for is the caller's business. Sources: E. R. Gansner et al., "A Technique for Drawing Directed Graphs".
#pragma once
#include <cstddef>
#include <vector>

namespace pawl::asl {

struct Point {
    double x = 0, y = 0;
};

struct LayoutNode {
    double width = 0, height = 0;
    double x = 0, y = 0;  // of its centre; set by lay_out
};

struct LayoutEdge {
    std::size_t from = 0, to = 0;
    std::vector<Point> points;  // from border to border; set by lay_out
};

struct BlockLayout {
    std::vector<LayoutNode> nodes;  // the first is where the block starts
    std::vector<LayoutEdge> edges;
    double width = 0, height = 0;
};

// Nodes do not overlap, edges pass between them. The upper left corner is (0, 0).
void lay_out(BlockLayout& block);

}  // namespace pawl::asl
