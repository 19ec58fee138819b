#include "states/jsonata/frame.hpp"

namespace pawl::jsonata {

namespace {

// Most names are short and differ in their first letter.
bool is_same(const std::string& a, std::string_view b) {
    return a.size() == b.size() && (b.empty() || (a.front() == b.front() && (b.size() == 1 || a == b)));
}

}  // namespace

Frame::Variable* Frame::own(std::string_view name) {
    for (std::size_t i = 0; i < count_ && i < first_.size(); ++i) {
        if (is_same(*first_[i].name, name)) return &first_[i];
    }
    for (Variable& variable : more_) {
        if (is_same(*variable.name, name)) return &variable;
    }
    return nullptr;
}

void Frame::bind(const std::string& name, Value value) {
    if (Variable* known = own(name)) {
        known->value = std::move(value);
        return;
    }
    if (count_ < first_.size()) {
        first_[count_] = {&name, std::move(value)};
    } else {
        heap().budget.allocate(sizeof(Variable));
        accounted_ += sizeof(Variable);
        more_.push_back({&name, std::move(value)});
    }
    ++count_;
}

const Value* Frame::find_here(std::string_view name) const {
    if (const Variable* known = const_cast<Frame*>(this)->own(name)) return &known->value;
    if (const Object* tuple = tuple_.made_object()) {
        const auto found = tuple->members().find(name);
        if (found != tuple->members().end()) return &found->second;
    }
    return nullptr;
}

const Value* Frame::find(std::string_view name) const {
    for (const Frame* frame = this; frame; frame = frame->parent_.get()) {
        if (const Value* found = frame->find_here(name)) return found;
    }
    return nullptr;
}

void Frame::drop_children() noexcept {
    parent_ = {};
    for (Variable& variable : first_) variable.value = {};
    for (Variable& variable : more_) variable.value = {};
    tuple_ = {};
}

}  // namespace pawl::jsonata
