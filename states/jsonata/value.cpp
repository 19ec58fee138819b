#include "states/jsonata/value.hpp"

#include "states/jsonata/document.hpp"
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

void* Heap::allocate_from_new_block(std::size_t bytes) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_bytes));
    unused_ = blocks_.back().get();
    unused_end_ = unused_ + block_bytes;
    return std::exchange(unused_, unused_ + bytes);
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
        const std::size_t bytes = next->bytes_ - Node::allocator_bytes;
        next->~Node();  // which may bury its children: they join the list
        free(next, bytes);
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
            return borrowed(std::string_view{json.get_ref<const std::string&>()});
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

Value Value::adopt(Function* node) noexcept { return made(Kind::function, node); }

double Value::big_integer() const noexcept { return json_->get<double>(); }

std::string_view Value::made_text() const noexcept { return static_cast<const Text*>(node_)->view(); }
Function* Value::as_function() const noexcept {
    return kind() == Kind::function && store() == Store::node ? static_cast<Function*>(node_) : nullptr;
}

std::size_t Value::borrowed_size() const noexcept {
    return store() == Store::json ? json_->size() : document_->size(extra());
}
Value Value::borrowed_item(std::size_t index) const {
    if (store() == Store::json) return borrowed(json_->get_ref<const Json::array_t&>()[index]);
    return document_->item(extra(), index);
}

bool Value::has(std::string_view key) const {
    if (kind() != Kind::object) return false;
    if (store() == Store::json) return json_->get_ref<const Json::object_t&>().count(key) != 0;
    if (store() == Store::document) return document_->has(extra(), key);
    return static_cast<const Object*>(node_)->members().count(key) != 0;
}
Value Value::get(std::string_view key) const {
    if (kind() != Kind::object) return {};
    if (store() == Store::json) {
        const auto& object = json_->get_ref<const Json::object_t&>();
        const auto found = object.find(key);
        return found == object.end() ? Value{} : borrowed(found->second);
    }
    if (store() == Store::document) return document_->get(extra(), key);
    const auto& members = static_cast<const Object*>(node_)->members();
    const auto found = members.find(key);
    return found == members.end() ? Value{} : found->second;
}
std::size_t Value::member_count() const noexcept {
    if (kind() != Kind::object) return 0;
    if (store() == Store::json) return json_->size();
    if (store() == Store::document) return document_->size(extra());
    return static_cast<const Object*>(node_)->members().size();
}

bool Value::is_same(const Value& other) const {
    if (kind() != other.kind()) return false;
    switch (kind()) {
        case Kind::undefined:
        case Kind::null:
            return true;
        case Kind::boolean:
            return word_ == other.word_;
        case Kind::number:
            if (store() == Store::json && other.store() == Store::json) return *json_ == *other.json_;
            return as_number() == other.as_number();
        case Kind::string:
            return as_string() == other.as_string();
        case Kind::array:
        case Kind::object:
        case Kind::function:
            return store() == other.store() && word_ == other.word_ && extra() == other.extra();
    }
    return false;
}

}  // namespace pawl::jsonata
