// A JSONata value in 16 bytes. Input is borrowed (a place in the caller's Json or Document), what the evaluation makes
// is a counted Node. Not thread-safe: values live and die with one evaluation.
//
// Arrays carry JSONata's marks: a `sequence` (result of a path, map, filter …) of one item stands for that item, unless
// `keep_singleton`; `cons` was written as [..] inside a path and is not flattened into its surroundings.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "states/json.hpp"
#include "states/jsonata/node.hpp"

namespace pawl::jsonata {

struct Builtin;
class Array;
class Document;
class Object;
class Function;
class Text;

enum class Kind : std::uint8_t { undefined, null, boolean, number, string, array, object, function };

class Value {
  public:
    Value() noexcept = default;
    Value(const Value& other) noexcept : word_{other.word_}, tag_{other.tag_} {
        if (store() == Store::node) node_->retain();
    }
    Value(Value&& other) noexcept : word_{other.word_}, tag_{std::exchange(other.tag_, 0)} {}
    Value& operator=(const Value& other) noexcept {
        Value copy{other};
        swap(copy);
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        if (store() == Store::node) {
            Value taken{std::move(other)};
            swap(taken);
        } else {
            word_ = other.word_;
            tag_ = std::exchange(other.tag_, 0);
        }
        return *this;
    }
    ~Value() {
        if (store() == Store::node) node_->release();
    }
    void swap(Value& other) noexcept {
        std::swap(word_, other.word_);
        std::swap(tag_, other.tag_);
    }

    static Value null() noexcept { return Value{Kind::null}; }
    static Value boolean(bool value) noexcept {
        Value made{Kind::boolean};
        made.word_ = value;
        return made;
    }
    static Value number(double value) noexcept {
        Value made{Kind::number};
        made.number_ = value;
        return made;
    }
    static Value borrowed(const Json& json);  // must outlive the value
    static Value borrowed(std::string_view text) noexcept {
        Value made{Kind::string, Store::text, static_cast<std::uint32_t>(text.size())};
        made.text_ = text.data();
        return made;
    }
    static Value borrowed(const std::string& text) noexcept { return borrowed(std::string_view{text}); }
    // What begins with this token of the document.
    static Value borrowed(const Document& document, std::uint32_t token, Kind kind) noexcept {
        Value made{kind, Store::document, token};
        made.document_ = &document;
        return made;
    }
    static Value builtin(const Builtin& builtin) noexcept {
        Value made{Kind::function, Store::builtin};
        made.builtin_ = &builtin;
        return made;
    }
    // Take over the reference that a new node starts with.
    static Value adopt(Text* node) noexcept;
    static Value adopt(Array* node) noexcept;
    static Value adopt(Object* node) noexcept;
    static Value adopt(Function* node) noexcept;

    Kind kind() const noexcept { return static_cast<Kind>(tag_ & 0xFF); }
    bool is_undefined() const noexcept { return kind() == Kind::undefined; }
    bool is_null() const noexcept { return kind() == Kind::null; }
    bool is_boolean() const noexcept { return kind() == Kind::boolean; }
    bool is_number() const noexcept { return kind() == Kind::number; }
    bool is_string() const noexcept { return kind() == Kind::string; }
    bool is_array() const noexcept { return kind() == Kind::array; }
    bool is_object() const noexcept { return kind() == Kind::object; }
    bool is_function() const noexcept { return kind() == Kind::function; }

    bool as_boolean() const noexcept { return word_ != 0; }
    double as_number() const noexcept { return store() == Store::json ? big_integer() : number_; }
    std::string_view as_string() const noexcept {
        return store() == Store::text ? std::string_view{text_, extra()} : made_text();
    }
    const Builtin* as_builtin() const noexcept { return store() == Store::builtin ? builtin_ : nullptr; }
    Function* as_function() const noexcept;  // null: a built-in
    // Null: borrowed, or no array, or no object.
    Array* made_array() const noexcept { return kind() == Kind::array && is_made() ? as_array() : nullptr; }
    Object* made_object() const noexcept { return kind() == Kind::object && is_made() ? as_object() : nullptr; }
    const Json* as_json() const noexcept {
        return store() == Store::json ? json_ : nullptr;
    }  // borrowed container or integer
    const Document* document_of() const noexcept { return store() == Store::document ? document_ : nullptr; }
    std::uint32_t token() const noexcept { return extra(); }  // of a container in a document

    // Arrays; inline in made.hpp.
    std::size_t size() const noexcept;
    Value at(std::size_t index) const;
    bool is_sequence() const noexcept;  // these four, too, are in made.hpp
    bool is_cons() const noexcept;
    bool is_outer_wrapper() const noexcept;
    bool is_tuple_stream() const noexcept;
    // Objects.
    bool has(std::string_view key) const;
    Value get(std::string_view key) const;  // undefined when there is none
    std::size_t member_count() const noexcept;

    // A function that came in as an argument: its caller's context and call site do not concern it.
    bool passed() const noexcept { return (tag_ & passed_bit) != 0; }
    Value as_passed() const {
        Value copy{*this};
        copy.tag_ |= passed_bit;
        return copy;
    }

    // The same node or the same place in the input; for numbers, strings and booleans, the same value.
    bool is_same(const Value& other) const;

  private:
    enum class Store : std::uint8_t { none, json, document, text, builtin, node };
    static constexpr std::uint64_t passed_bit = 1u << 16;

    // `extra`: of a borrowed text its size, of a place in a document the token.
    explicit Value(Kind kind, Store store = Store::none, std::uint32_t extra = 0) noexcept
        : tag_{static_cast<std::uint64_t>(extra) << 32 | static_cast<std::uint64_t>(store) << 8 |
               static_cast<std::uint64_t>(kind)} {}
    static Value made(Kind kind, Node* node) noexcept {
        Value value{kind, Store::node};
        value.node_ = node;
        return value;
    }
    Store store() const noexcept { return static_cast<Store>(tag_ >> 8 & 0xFF); }
    std::uint32_t extra() const noexcept { return static_cast<std::uint32_t>(tag_ >> 32); }
    bool is_made() const noexcept { return store() == Store::node; }
    double big_integer() const noexcept;
    std::string_view made_text() const noexcept;
    Array* as_array() const noexcept;
    Object* as_object() const noexcept;
    std::size_t borrowed_size() const noexcept;
    Value borrowed_item(std::size_t index) const;

    // Two words, each written whole: one that is written in pieces and then copied stalls the processor.
    union {
        std::uint64_t word_ = 0;
        double number_;
        const Json* json_;
        const Document* document_;
        const char* text_;
        const Builtin* builtin_;
        Node* node_;
    };
    static_assert(sizeof(double) == sizeof(word_) && sizeof(void*) <= sizeof(word_), "copying word_ copies any member");
    std::uint64_t tag_ = 0;
};

}  // namespace pawl::jsonata
