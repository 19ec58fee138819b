// The values that an evaluation makes: text, arrays, objects. Functions are in function.hpp.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/document.hpp"
#include "states/jsonata/value.hpp"
#include "states/ordered_object.hpp"

namespace pawl::jsonata {

class Text final : public Node {
  public:
    Text(Heap& heap, std::string text);
    ~Text() override;
    std::string_view view() const noexcept { return text_; }
    void drop_children() noexcept override {}

  private:
    const std::string text_;
};

// Either a list of values or, to keep [1..10000000] small, a range of integers that becomes a list when it is changed.
class Array final : public Node {
  public:
    explicit Array(Heap& heap);
    Array(Heap& heap, double first, std::size_t count);  // first, first + 1, …
    ~Array() override;

    std::size_t size() const noexcept { return is_range_ ? range_count_ : items_.size(); }
    Value at(std::size_t index) const {
        return is_range_ ? Value::number(range_first_ + static_cast<double>(index)) : items_[index];
    }
    void push(Value value);
    void set(std::size_t index, Value value);
    void append(const Value& array);  // all its items; an empty array takes a range over as it is
    void reserve(std::size_t count);
    bool is_range() const noexcept { return is_range_; }
    // Only for lists.
    const Value* begin() const noexcept { return items_.data(); }
    const Value* end() const noexcept { return items_.data() + items_.size(); }
    void drop_children() noexcept override;

    bool sequence = false;
    bool keep_singleton = false;
    bool cons = false;
    bool outer_wrapper = false;  // the input, when that is an array
    bool tuple_stream = false;   // the items are objects that map "@" and variables to values

  private:
    void unroll();

    std::vector<Value> items_;
    std::size_t accounted_ = 0;  // capacity that the budget knows of
    double range_first_ = 0;
    std::size_t range_count_ = 0;
    bool is_range_ = false;
};

class Object final : public Node {
  public:
    using Members = OrderedObject<std::string, Value>;
    explicit Object(Heap& heap);
    ~Object() override;

    const Members& members() const noexcept { return members_; }
    void set(std::string_view key, Value value);
    void add(std::string_view key, Value value);  // set() for a key that is not there yet
    void reserve(std::size_t count);
    void erase(std::string_view key);
    void drop_children() noexcept override;

  private:
    Members members_;
    std::size_t accounted_ = 0;
};

inline Value Value::adopt(Text* node) noexcept { return made(Kind::string, node); }
inline Value Value::adopt(Array* node) noexcept { return made(Kind::array, node); }
inline Value Value::adopt(Object* node) noexcept { return made(Kind::object, node); }
inline Array* Value::as_array() const noexcept { return static_cast<Array*>(node_); }
inline Object* Value::as_object() const noexcept { return static_cast<Object*>(node_); }
inline std::size_t Value::size() const noexcept {
    if (kind() != Kind::array) return 0;
    return is_made() ? as_array()->size() : borrowed_size();
}
inline Value Value::at(std::size_t index) const { return is_made() ? as_array()->at(index) : borrowed_item(index); }
inline bool Value::is_sequence() const noexcept {
    const Array* const array = made_array();
    return array && array->sequence;
}
inline bool Value::is_cons() const noexcept {
    const Array* const array = made_array();
    return array && array->cons;
}
inline bool Value::is_outer_wrapper() const noexcept {
    const Array* const array = made_array();
    return array && array->outer_wrapper;
}
inline bool Value::is_tuple_stream() const noexcept {
    const Array* const array = made_array();
    return array && array->tuple_stream;
}

Value make_text(Heap& heap, std::string text);

// A new array; `sequence` as JSONata's createSequence.
inline Ref<Array> make_array(Heap& heap) { return Ref<Array>::adopt(new (heap) Array{heap}); }
inline Ref<Array> make_sequence(Heap& heap) {
    Ref<Array> made = make_array(heap);
    made->sequence = true;
    return made;
}
inline Value as_value(Ref<Array> array) { return Value::adopt(array.leak()); }

inline Ref<Object> make_object(Heap& heap) { return Ref<Object>::adopt(new (heap) Object{heap}); }
inline Value as_value(Ref<Object> object) { return Value::adopt(object.leak()); }

// Calls visit(key, value) for each member, in order; of what is no object there are none.
template <class Visit>
void for_each_member(const Value& object, Visit visit) {
    if (!object.is_object()) return;
    if (const Object* made = object.made_object()) {
        for (const auto& [key, value] : made->members()) visit(std::string_view{key}, value);
    } else if (const Json* json = object.as_json()) {
        for (const auto& [key, value] : json->get_ref<const Json::object_t&>()) {
            visit(std::string_view{key}, Value::borrowed(value));
        }
    } else if (const Document* document = object.document_of()) {
        document->each_member(object.token(), visit);
    }
}

}  // namespace pawl::jsonata
