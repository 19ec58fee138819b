#include "states/jsonata/made.hpp"

namespace pawl::jsonata {
namespace {

// A member, the room that its list keeps for more, and from some number on its place in the index.
constexpr std::size_t member_bytes = sizeof(Object::Members::value_type) * 3 / 2;
constexpr std::size_t indexed_from = 16;
constexpr std::size_t index_bytes = 112;

}  // namespace

Text::Text(Heap& heap, std::string text) : Node{heap, sizeof(Text)}, text_{std::move(text)} {}
Text::~Text() { heap().budget.release(text_.capacity()); }

Value make_text(Heap& heap, std::string text) {
    heap.budget.check_text(text.size());
    heap.budget.allocate(text.capacity());
    heap.budget.burn_text(text.size());
    return Value::adopt(new (heap) Text{heap, std::move(text)});
}

Array::Array(Heap& heap) : Node{heap, sizeof(Array)} {}
Array::Array(Heap& heap, double first, std::size_t count)
    : Node{heap, sizeof(Array)}, range_first_{first}, range_count_{count}, is_range_{true} {}
Array::~Array() { heap().budget.release(accounted_ * sizeof(Value)); }

void Array::reserve(std::size_t count) {
    if (count <= accounted_) return;
    heap().budget.allocate((count - accounted_) * sizeof(Value));
    accounted_ = count;
    items_.reserve(count);
}

void Array::unroll() {
    if (!is_range_) return;
    heap().budget.burn(range_count_);
    reserve(range_count_);
    for (std::size_t i = 0; i < range_count_; ++i) {
        items_.push_back(Value::number(range_first_ + static_cast<double>(i)));
    }
    is_range_ = false;
}

void Array::push(Value value) {
    unroll();
    if (items_.size() == accounted_) reserve(accounted_ < 4 ? 4 : accounted_ * 2);
    items_.push_back(std::move(value));
}

void Array::set(std::size_t index, Value value) {
    unroll();
    items_[index] = std::move(value);
}

void Array::append(const Value& array) {
    const Array* made = array.made_array();
    if (size() == 0 && made && made->is_range_) {
        range_first_ = made->range_first_;
        range_count_ = made->range_count_;
        is_range_ = true;
        return;
    }
    const std::size_t more = array.size();
    heap().budget.burn(more);
    unroll();
    if (items_.size() + more > accounted_) reserve(std::max(items_.size() + more, accounted_ * 2));
    for (std::size_t i = 0; i < more; ++i) items_.push_back(array.at(i));
}

void Array::drop_children() noexcept { items_.clear(); }

Object::Object(Heap& heap) : Node{heap, sizeof(Object)} {}
Object::~Object() { heap().budget.release(accounted_); }

void Object::set(std::string_view key, Value value) {
    if (const auto found = members_.find(key); found != members_.end()) {
        found->second = std::move(value);
    } else {
        add(key, std::move(value));
    }
}

void Object::add(std::string_view key, Value value) {
    std::size_t cost = member_bytes + (key.size() > 15 ? key.size() : 0);
    if (members_.size() >= indexed_from) cost += index_bytes + (key.size() > 15 ? key.size() : 0);
    heap().budget.allocate(cost);
    accounted_ += cost;
    members_.append(key, std::move(value));
}

void Object::reserve(std::size_t count) {
    heap().budget.check_room(count * sizeof(Members::value_type));
    members_.reserve(count);
}

void Object::erase(std::string_view key) { members_.erase(key); }

void Object::drop_children() noexcept { members_.clear(); }

}  // namespace pawl::jsonata
