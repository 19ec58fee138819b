#include "states/jsonata/value.hpp"

#include "states/jsonata/function.hpp"
#include "states/jsonata/made.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::int64_t largest_exact_integer = std::int64_t{1} << 53;  // beyond, a double loses digits

}  // namespace

Heap::~Heap() {
    for (Node* node = first_; node; node = node->next_) node->retain();
    for (Node* node = first_; node; node = node->next_) node->drop_children();
    while (first_) first_->release();
}

void Heap::bury(Node* node) noexcept {
    (node->previous_ ? node->previous_->next_ : first_) = node->next_;
    if (node->next_) node->next_->previous_ = node->previous_;
    node->next_ = dead_;
    dead_ = node;
    if (burying_) return;
    burying_ = true;
    while (dead_) {
        Node* const next = dead_;
        dead_ = next->next_;
        delete next;  // which may bury its children: they join the list
    }
    burying_ = false;
}

Value Value::borrowed(const Json& json) {
    switch (json.type()) {
        case Json::value_t::null:
            return null();
        case Json::value_t::boolean:
            return boolean(json.get_ref<const bool&>());
        case Json::value_t::number_float:
            return number(json.get_ref<const double&>());
        case Json::value_t::number_integer: {
            const auto integer = json.get_ref<const std::int64_t&>();
            if (integer <= largest_exact_integer && integer >= -largest_exact_integer) {
                return number(static_cast<double>(integer));
            }
            break;
        }
        case Json::value_t::number_unsigned: {
            const auto integer = json.get_ref<const std::uint64_t&>();
            if (integer <= static_cast<std::uint64_t>(largest_exact_integer))
                return number(static_cast<double>(integer));
            break;
        }
        case Json::value_t::string:
            return borrowed(json.get_ref<const std::string&>());
        case Json::value_t::array: {
            Value made{Kind::array, Store::json};
            made.json_ = &json;
            return made;
        }
        case Json::value_t::object: {
            Value made{Kind::object, Store::json};
            made.json_ = &json;
            return made;
        }
        case Json::value_t::binary:
        case Json::value_t::discarded:
            return {};
    }
    Value made{Kind::number, Store::json};
    made.json_ = &json;
    return made;
}

Value Value::adopt(Text* node) noexcept {
    Value made{Kind::string, Store::node};
    made.node_ = node;
    return made;
}
Value Value::adopt(Array* node) noexcept {
    Value made{Kind::array, Store::node};
    made.node_ = node;
    return made;
}
Value Value::adopt(Object* node) noexcept {
    Value made{Kind::object, Store::node};
    made.node_ = node;
    return made;
}
Value Value::adopt(Function* node) noexcept {
    Value made{Kind::function, Store::node};
    made.node_ = node;
    return made;
}

double Value::big_integer() const noexcept { return json_->get<double>(); }

std::string_view Value::as_string() const noexcept {
    return store_ == Store::text ? std::string_view{*text_} : static_cast<const Text*>(node_)->view();
}
Function* Value::as_function() const noexcept {
    return kind_ == Kind::function && store_ == Store::node ? static_cast<Function*>(node_) : nullptr;
}
Array* Value::made_array() const noexcept {
    return kind_ == Kind::array && store_ == Store::node ? static_cast<Array*>(node_) : nullptr;
}
Object* Value::made_object() const noexcept {
    return kind_ == Kind::object && store_ == Store::node ? static_cast<Object*>(node_) : nullptr;
}

std::size_t Value::size() const noexcept {
    if (kind_ != Kind::array) return 0;
    return store_ == Store::json ? json_->size() : static_cast<const Array*>(node_)->size();
}
Value Value::at(std::size_t index) const {
    if (store_ == Store::json) return borrowed(json_->get_ref<const Json::array_t&>()[index]);
    return static_cast<const Array*>(node_)->at(index);
}
bool Value::is_sequence() const noexcept {
    const Array* array = made_array();
    return array && array->sequence;
}
bool Value::is_cons() const noexcept {
    const Array* array = made_array();
    return array && array->cons;
}
bool Value::is_outer_wrapper() const noexcept {
    const Array* array = made_array();
    return array && array->outer_wrapper;
}
bool Value::is_tuple_stream() const noexcept {
    const Array* array = made_array();
    return array && array->tuple_stream;
}

bool Value::has(std::string_view key) const {
    if (kind_ != Kind::object) return false;
    if (store_ == Store::json) return json_->get_ref<const Json::object_t&>().count(key) != 0;
    return static_cast<const Object*>(node_)->members().count(key) != 0;
}
Value Value::get(std::string_view key) const {
    if (kind_ != Kind::object) return {};
    if (store_ == Store::json) {
        const auto& object = json_->get_ref<const Json::object_t&>();
        const auto found = object.find(key);
        return found == object.end() ? Value{} : borrowed(found->second);
    }
    const auto& members = static_cast<const Object*>(node_)->members();
    const auto found = members.find(key);
    return found == members.end() ? Value{} : found->second;
}
std::size_t Value::member_count() const noexcept {
    if (kind_ != Kind::object) return 0;
    return store_ == Store::json ? json_->size() : static_cast<const Object*>(node_)->members().size();
}

bool Value::is_same(const Value& other) const {
    if (kind_ != other.kind_) return false;
    switch (kind_) {
        case Kind::undefined:
        case Kind::null:
            return true;
        case Kind::boolean:
            return boolean_ == other.boolean_;
        case Kind::number:
            if (store_ == Store::json && other.store_ == Store::json) return *json_ == *other.json_;
            return as_number() == other.as_number();
        case Kind::string:
            return as_string() == other.as_string();
        case Kind::array:
        case Kind::object:
        case Kind::function:
            return store_ == other.store_ && json_ == other.json_;
    }
    return false;
}

}  // namespace pawl::jsonata
