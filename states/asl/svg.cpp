// A drawing as SVG. Spec: w3.org/TR/SVG2.
#include <array>
#include <cstdio>
#include <string>

#include "states/asl/drawing.hpp"

namespace pawl::asl {
namespace {

constexpr double margin = 16;
constexpr std::size_t longest_label = 34;  // letters

constexpr std::string_view style = R"(<style>
svg { color-scheme: light dark; font-family: system-ui, "DejaVu Sans", sans-serif; background: light-dark(#fff, #161b21); }
.box { fill: light-dark(#fff, #1d242c); stroke: light-dark(#8a97a3, #5b6773); stroke-width: 1.2; }
.Succeed .box { stroke: #3fa566; } .Fail .box { stroke: #d9584d; } .Choice .box { stroke: #cf9322; }
.Wait .box { stroke-dasharray: 5 3; }
.group .box { fill: light-dark(#f3f5f7, #11161b); }
.branch rect { fill: none; stroke: light-dark(#c6ced6, #3b4651); stroke-dasharray: 4 3; }
.title { font-size: 13px; font-weight: 600; fill: light-dark(#141c26, #e6ebf0); }
.type, .label { font-size: 11px; fill: light-dark(#566270, #9aa7b4); }
.label { paint-order: stroke; stroke: light-dark(#fff, #161b21); stroke-width: 4px; }
.line { fill: none; stroke: light-dark(#8a97a3, #5b6773); stroke-width: 1.4; }
.catch { stroke-dasharray: 5 4; }
.start, .arrow { fill: light-dark(#8a97a3, #5b6773); }
</style>
)";

// For text and attribute values; control characters, which XML does not allow, become spaces.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return result;
}

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string attribute(std::string_view name, double value) {
    return " " + std::string{name} + "=\"" + number(value) + "\"";
}

std::string text_at(double x, double y, std::string_view look, std::string_view text, bool centred = false) {
    return "<text" + attribute("x", x) + attribute("y", y) + " class=\"" + std::string{look} + "\"" +
           (centred ? " text-anchor=\"middle\"" : "") + ">" + escaped(text) + "</text>";
}

std::string rectangle(const DrawnBox& box, std::string_view look, double radius) {
    return "<rect class=\"" + std::string{look} + "\"" + attribute("x", box.x) + attribute("y", box.y) +
           attribute("width", box.width) + attribute("height", box.height) + attribute("rx", radius) + "/>";
}

std::string box_svg(const DrawnBox& box) {
    const auto end = "</g>\n";
    switch (box.kind) {
        case DrawnBox::Kind::Start:
            return "<circle class=\"start\"" + attribute("cx", box.x + box.width / 2) +
                   attribute("cy", box.y + box.height / 2) + attribute("r", box.width / 2) + "/>\n";
        case DrawnBox::Kind::Branch:
            return "<g class=\"branch\">" + rectangle(box, "", 6) + text_at(box.x + 8, box.y + 15, "type", box.title) +
                   end;
        case DrawnBox::Kind::Group:
        case DrawnBox::Kind::State:
            break;
    }
    const bool group = box.kind == DrawnBox::Kind::Group;
    const std::string type{to_string(box.state->type())};
    const double middle = box.x + box.width / 2;
    const double top = group ? box.y + 14 : box.y + box.height / 2 - 3;
    return "<g class=\"" + type + (group ? " group" : "") + "\"><title>" + escaped(box.state->name) + "</title>" +
           rectangle(box, "box", box.state->type() == StateType::Choice ? 20 : 8) +
           text_at(middle, top, "title", box.title, true) + text_at(middle, top + 14, "type", type, true) + end;
}

// The first letters, whole.
std::string cut(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (++count > longest_label) return text.substr(0, i) + "…";
    }
    return text;
}

std::string line_svg(const DrawnLine& line) {
    if (line.points.empty()) return {};
    std::string path;
    for (const auto& point : line.points) {
        path += (path.empty() ? "M" : " L") + number(point.x) + " " + number(point.y);
    }
    std::string svg = "<path class=\"line" + std::string{line.is_catch ? " catch" : ""} + "\" d=\"" + path +
                      "\" marker-end=\"url(#arrow)\"/>\n";
    if (line.label.empty()) return svg;
    // Where the line has left its state's row and turns to its own way.
    const auto& from = line.points[line.points.size() > 2 ? 1 : 0];
    const auto& to = line.points[line.points.size() > 2 ? 2 : line.points.size() - 1];
    return svg + text_at((from.x + to.x) / 2, (from.y + to.y) / 2 + 4, "label", cut(line.label), true) + "\n";
}

}  // namespace

std::string to_svg(const Definition& definition) {
    const auto drawing = draw(definition);
    const double width = drawing.width + 2 * margin;
    const double height = drawing.height + 2 * margin;
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", width) +
                      attribute("height", height) + " viewBox=\"" + number(-margin) + " " + number(-margin) + " " +
                      number(width) + " " + number(height) + "\">\n";
    svg += style;
    svg +=
        "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
        "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"arrow\" d=\"M0 1 L7.5 4 L0 7 "
        "Z\"/></marker></defs>\n";
    for (const auto& box : drawing.boxes) svg += box_svg(box);
    for (const auto& line : drawing.lines) svg += line_svg(line);
    return svg + "</svg>\n";
}

}  // namespace pawl::asl
