// The variables of a scope. Lookups go outwards; names are compared by text, since $eval brings names of its own.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "states/jsonata/made.hpp"

namespace pawl::jsonata {

class Frame final : public Node {
  public:
    Frame(Heap& heap, Frame* parent) : Node{heap, sizeof(Frame)}, parent_{Ref<Frame>{parent}} {}
    // The scope of one item of a tuple stream: its members are variables.
    Frame(Heap& heap, Frame* parent, Value tuple)
        : Node{heap, sizeof(Frame)}, parent_{Ref<Frame>{parent}}, tuple_{std::move(tuple)} {}
    ~Frame() override { heap().budget.release(accounted_); }

    // `name` must outlive the frame: it belongs to the syntax tree.
    void bind(const std::string& name, Value value);
    // Null when no scope has the name. Undefined is a value like any other.
    const Value* find(std::string_view name) const;

    void drop_children() noexcept override;

  private:
    struct Variable {
        const std::string* name = nullptr;
        Value value;
    };
    Variable* own(std::string_view name);
    const Value* find_here(std::string_view name) const;

    Ref<Frame> parent_;
    std::array<Variable, 2> first_;
    std::size_t count_ = 0;
    std::vector<Variable> more_;  // from the third on
    Value tuple_;
    std::size_t accounted_ = 0;
};

}  // namespace pawl::jsonata
