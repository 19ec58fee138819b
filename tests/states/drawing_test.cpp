// Drawings of many shapes: boxes do not overlap unless one holds the other, lines end at their states, texts stay
// texts.
#include "states/asl/drawing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "states/json.hpp"

namespace pawl::asl {
namespace {

std::shared_ptr<const Definition> parse(const Json& definition) {
    auto parsed = parse_definition(definition.dump());
    EXPECT_TRUE(parsed.definition) << definition.dump(2)
                                   << (parsed.diagnostics.empty() ? "" : parsed.diagnostics.front().message);
    return parsed.definition;
}

// A machine of any shape: jumps forth and back, choices, catches, forks within forks.
class AnyMachine {
  public:
    explicit AnyMachine(unsigned seed) : random_{seed} {}

    Json make(int size, int depth, const std::string& prefix) {
        Json states = Json::object();
        const auto name = [&](int i) {
            return prefix + std::to_string(i) + std::string(static_cast<std::size_t>(i * 5 % 23), 'x');
        };
        for (int i = 0; i < size; ++i) {
            Json state = Json::object();
            const bool last = i + 1 == size;
            const int kind = below(10);
            if (kind < 2 && !last) {
                state["Type"] = "Choice";
                state["Default"] = name(i + 1);
                state["Choices"] = Json::array();
                for (int n = 0; n < 3; ++n) {
                    state["Choices"].push_back(
                        {{"Variable", "$.n"}, {"NumericEquals", n}, {"Next", name(below(size))}});
                }
            } else {
                if (last)
                    state["End"] = true;
                else
                    state["Next"] = name(i + 1);
                fill(state, kind, depth, prefix + std::to_string(i));
                if (state["Type"] != "Pass" && below(2) == 0) {
                    state["Catch"] = Json::array({{{"ErrorEquals", {"States.ALL"}}, {"Next", name(below(size))}}});
                }
            }
            states[name(i)] = std::move(state);
        }
        return {{"StartAt", name(0)}, {"States", std::move(states)}};
    }

  private:
    int below(int n) { return std::uniform_int_distribution<int>{0, n - 1}(random_); }
    void fill(Json& state, int kind, int depth, const std::string& prefix) {
        if (kind < 4 && depth > 0) {
            state["Type"] = "Parallel";
            state["Branches"] = Json::array();
            for (int b = 0; b < 3; ++b) {
                state["Branches"].push_back(make(1 + below(4), depth - 1, prefix + "." + std::to_string(b) + "."));
            }
        } else if (kind < 5 && depth > 0) {
            state["Type"] = "Map";
            state["ItemProcessor"] = make(1 + below(4), depth - 1, prefix + "m");
        } else if (kind < 8) {
            state["Type"] = "Task";
            state["Resource"] = "arn:aws:lambda:us-east-1:000000000000:function:f";
        } else {
            state["Type"] = "Pass";
        }
    }
    std::mt19937 random_;
};

bool holds(const DrawnBox& outer, const DrawnBox& inner) {
    return inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5 &&
           inner.x + inner.width <= outer.x + outer.width + 0.5 &&
           inner.y + inner.height <= outer.y + outer.height + 0.5;
}
bool apart(const DrawnBox& a, const DrawnBox& b) {
    return a.x + a.width <= b.x + 0.5 || b.x + b.width <= a.x + 0.5 || a.y + a.height <= b.y + 0.5 ||
           b.y + b.height <= a.y + 0.5;
}
bool touches(const DrawnBox& box, const Point& point) {
    return point.x >= box.x - 1 && point.x <= box.x + box.width + 1 && point.y >= box.y - 1 &&
           point.y <= box.y + box.height + 1;
}

void expect_sound(const Drawing& drawing, const std::string& what) {
    const DrawnBox whole{DrawnBox::Kind::Group, nullptr, "", 0, 0, drawing.width, drawing.height, 0};
    for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
        const auto& a = drawing.boxes[i];
        EXPECT_TRUE(holds(whole, a)) << what << ": " << a.title << " lies outside";
        for (std::size_t k = i + 1; k < drawing.boxes.size(); ++k) {
            const auto& b = drawing.boxes[k];
            const bool nested =
                (a.depth != b.depth || a.kind == DrawnBox::Kind::Branch || b.kind == DrawnBox::Kind::Branch) &&
                (holds(a, b) || holds(b, a));
            EXPECT_TRUE(apart(a, b) || nested) << what << ": " << a.title << " overlaps " << b.title;
        }
    }
    for (const auto& line : drawing.lines) {
        ASSERT_GE(line.points.size(), 2U) << what;
        for (const auto& box : drawing.boxes) {
            if (box.state == nullptr) continue;
            if (box.state == line.from) {
                EXPECT_TRUE(touches(box, line.points.front())) << what << ": " << box.title;
            }
            if (box.state == line.to) {
                EXPECT_TRUE(touches(box, line.points.back())) << what << ": " << box.title;
            }
        }
    }
}

TEST(Drawing, BoxesDoNotOverlapWhateverTheShape) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        const auto definition = parse(AnyMachine{seed}.make(2 + static_cast<int>(seed % 13), 2, "s"));
        ASSERT_TRUE(definition);
        const auto drawing = draw(*definition);
        expect_sound(drawing, "seed " + std::to_string(seed));
        std::size_t states = 0;
        for (const auto& box : drawing.boxes) states += box.state != nullptr ? 1 : 0;
        EXPECT_EQ(states, definition->all().size());
    }
}

TEST(Drawing, OfManyStatesIsSoundToo) {
    const auto definition = parse(AnyMachine{7}.make(500, 0, "s"));
    ASSERT_TRUE(definition);
    expect_sound(draw(*definition), "500 states");
}

TEST(Drawing, LeadsLongTransitionsAroundTheSide) {
    Json states = Json::object();
    for (int i = 0; i < 20; ++i) {
        Json state{{"Type", "Task"}, {"Resource", "arn:aws:lambda:us-east-1:000000000000:function:f"}};
        if (i == 19)
            state["End"] = true;
        else
            state["Next"] = "s" + std::to_string(i + 1);
        if (i == 0) state["Catch"] = Json::array({{{"ErrorEquals", {"States.ALL"}}, {"Next", "s19"}}});
        states["s" + std::to_string(i)] = state;
    }
    const auto definition = parse({{"StartAt", "s0"}, {"States", states}});
    ASSERT_TRUE(definition);
    const auto drawing = draw(*definition);
    expect_sound(drawing, "far");
    double rightmost = 0, reached = 0;
    for (const auto& box : drawing.boxes) rightmost = std::max(rightmost, box.x + box.width);
    for (const auto& line : drawing.lines) {
        if (!line.is_catch) continue;
        for (const auto& point : line.points) reached = std::max(reached, point.x);
    }
    EXPECT_GT(reached, rightmost);
}

TEST(Svg, KeepsTextsTexts) {
    const auto definition = parse({{"StartAt", "<script>alert(\"1\")</script> & co"},
                                   {"States", {{"<script>alert(\"1\")</script> & co", {{"Type", "Succeed"}}}}}});
    ASSERT_TRUE(definition);
    const auto svg = to_svg(*definition);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_NE(svg.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co"), std::string::npos);
    EXPECT_TRUE(svg.starts_with("<svg xmlns="));
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(Svg, ShortensLongNamesAtWholeLetters) {
    std::string name;
    for (int i = 0; i < 60; ++i) name += "ä";
    const auto definition = parse({{"StartAt", name}, {"States", {{name, {{"Type", "Succeed"}}}}}});
    ASSERT_TRUE(definition);
    const auto drawing = draw(*definition);
    for (const auto& box : drawing.boxes) {
        if (box.state == nullptr) continue;
        EXPECT_TRUE(box.title.ends_with("…"));
        EXPECT_TRUE(parse_json("\"" + box.title + "\"")) << box.title;  // whole letters: valid UTF-8
    }
}

}  // namespace
}  // namespace pawl::asl
