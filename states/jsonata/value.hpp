// A JSONata value in 16 bytes. Input is borrowed (a place in the caller's Json or Document), what the evaluation makes is
// a counted Node. Not thread-safe: values live and die with one evaluation.
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
    Value() noexcept : number_{0} {}
    Value(const Value& other) noexcept : number_{other.number_}, tag_{other.tag_} {
        if (tag_.store == Store::node) node_->retain();
    }
    Value(Value&& other) noexcept : number_{other.number_}, tag_{other.tag_} { other.tag_ = {}; }
    Value& operator=(const Value& other) noexcept {
        Value copy{other};
        swap(copy);
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        Value taken{std::move(other)};
        swap(taken);
        return *this;
    }
    ~Value() {
        if (tag_.store == Store::node) node_->release();
    }
    void swap(Value& other) noexcept {
        std::swap(number_, other.number_);
        std::swap(tag_, other.tag_);
    }

    static Value null() noexcept { return Value{Kind::null}; }
    static Value boolean(bool value) noexcept {
        Value made{Kind::boolean};
        made.boolean_ = value;
        return made;
    }
    static Value number(double value) noexcept {
        Value made{Kind::number};
        made.number_ = value;
        return made;
    }
    static Value borrowed(const Json& json);  // must outlive the value
    static Value borrowed(std::string_view text) noexcept {
        Value made{Kind::string, Store::text};
        made.text_ = text.data();
        made.tag_.extra = static_cast<std::uint32_t>(text.size());
        return made;
    }
    static Value borrowed(const std::string& text) noexcept { return borrowed(std::string_view{text}); }
    // What begins with this token of the document.
    static Value borrowed(const Document& document, std::uint32_t token, Kind kind) noexcept {
        Value made{kind, Store::document};
        made.document_ = &document;
        made.tag_.extra = token;
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

    Kind kind() const noexcept { return tag_.kind; }
    bool is_undefined() const noexcept { return tag_.kind == Kind::undefined; }
    bool is_null() const noexcept { return tag_.kind == Kind::null; }
    bool is_boolean() const noexcept { return tag_.kind == Kind::boolean; }
    bool is_number() const noexcept { return tag_.kind == Kind::number; }
    bool is_string() const noexcept { return tag_.kind == Kind::string; }
    bool is_array() const noexcept { return tag_.kind == Kind::array; }
    bool is_object() const noexcept { return tag_.kind == Kind::object; }
    bool is_function() const noexcept { return tag_.kind == Kind::function; }

    bool as_boolean() const noexcept { return boolean_; }
    double as_number() const noexcept { return tag_.store == Store::json ? big_integer() : number_; }
    std::string_view as_string() const noexcept;
    const Builtin* as_builtin() const noexcept { return tag_.store == Store::builtin ? builtin_ : nullptr; }
    Function* as_function() const noexcept;  // null: a built-in
    Array* made_array() const noexcept;      // null: borrowed, or no array
    Object* made_object() const noexcept;    // null: borrowed, or no object
    const Json* as_json() const noexcept {
        return tag_.store == Store::json ? json_ : nullptr;
    }  // borrowed container or integer
    const Document* document_of() const noexcept { return tag_.store == Store::document ? document_ : nullptr; }
    std::uint32_t token() const noexcept { return tag_.extra; }  // of a container in a document

    // Arrays.
    std::size_t size() const noexcept;
    Value at(std::size_t index) const;
    bool is_sequence() const noexcept;
    bool is_cons() const noexcept;
    bool is_outer_wrapper() const noexcept;
    bool is_tuple_stream() const noexcept;
    // Objects.
    bool has(std::string_view key) const;
    Value get(std::string_view key) const;  // undefined when there is none
    std::size_t member_count() const noexcept;

    // A function that came in as an argument: its caller's context and call site do not concern it.
    bool passed() const noexcept { return tag_.passed; }
    Value as_passed() const {
        Value copy{*this};
        copy.tag_.passed = true;
        return copy;
    }

    // The same node or the same place in the input; for numbers, strings and booleans, the same value.
    bool is_same(const Value& other) const;

  private:
    enum class Store : std::uint8_t { none, json, document, text, builtin, node };
    struct Tag {
        Kind kind = Kind::undefined;
        Store store = Store::none;
        bool passed = false;
        std::uint32_t extra = 0;  // of a borrowed text its size, of a place in a document the token
    };
    explicit Value(Kind kind, Store store = Store::none) noexcept : number_{0}, tag_{kind, store} {}
    double big_integer() const noexcept;

    union {
        bool boolean_;
        double number_;
        const Json* json_;
        const Document* document_;
        const char* text_;
        const Builtin* builtin_;
        Node* node_;
    };
    static_assert(sizeof(double) >= sizeof(void*), "copying number_ copies every member");
    Tag tag_;
};

}  // namespace pawl::jsonata
