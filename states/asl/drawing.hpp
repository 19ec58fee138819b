// A definition as a picture: boxes and lines with their places. Parallel and Map are boxes around what they hold.
#pragma once
#include <string>
#include <vector>

#include "states/asl/block_layout.hpp"
#include "states/asl/definition.hpp"

namespace pawl::asl {

struct DrawnBox {
    enum class Kind { State, Group, Branch, Start };
    Kind kind = Kind::State;
    const State* state = nullptr;  // of a state or group
    std::string title;
    double x = 0, y = 0, width = 0, height = 0;  // x, y: the upper left corner
    int depth = 0;                               // how many groups it lies in
};

struct DrawnLine {
    const State* from = nullptr;  // null: the start of a block
    const State* to = nullptr;
    std::string label;
    bool is_catch = false;
    std::vector<Point> points;
};

struct Drawing {
    std::vector<DrawnBox> boxes;  // groups before what they hold
    std::vector<DrawnLine> lines;
    double width = 0, height = 0;
};

Drawing draw(const Definition& definition);

// The drawing as an SVG document that needs nothing else: colours follow the viewer's choice of light or dark.
std::string to_svg(const Definition& definition);

}  // namespace pawl::asl
