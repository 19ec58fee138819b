// A JSON text as an evaluation reads it: checked as a whole, decoded where it is looked at. It is an index into the
// text, one number a token, so that reading 1 KB costs less than a microsecond; what an expression never touches is
// never turned into a value. What it means is what parse_json says: the same texts are refused, for the same reasons.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "states/json.hpp"
#include "states/jsonata/value.hpp"

namespace pawl::jsonata {

// Looking into it takes notes, so a document belongs to one thread at a time. Values of it end with the next read().
class Document {
  public:
    Document();
    ~Document();
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    // Reads a text in place of the one before. It must outlive what is made of it. Gives what is wrong with it.
    std::optional<JsonSyntaxError> read(std::string_view text);
    Value root() const;

    static bool is_utf8(std::string_view text) noexcept;

  private:
    friend class Value;
    template <class Visit>
    friend void for_each_member(const Value& object, Visit visit);

    using Token = std::uint32_t;  // counted from 0: a bracket, comma or colon, or where a string, number or word begins

    struct Member {
        const char* key;
        std::uint32_t key_size;
        Token value;
        std::string_view name() const { return {key, key_size}; }
    };
    // A container that was looked into: its items or members are those from `first` on. Of members with one name there
    // is one, with the last value.
    struct Opened {
        Token bracket;
        std::uint32_t first;
        std::uint32_t count = 0;
        std::uint32_t index = 0;  // where its hash table begins, when there are many members
        std::uint32_t index_mask = 0;
    };

    // document.cpp: the check
    bool check(std::string_view text);
    bool check_tokens();
    const Token* over_members(const Token* token, const char* begin);
    const Token* over_items(const Token* token, const char* begin);
    bool begins_short_number(const Token* token) const;
    bool check_scalar(const Token* token);
    bool check_escapes();
    bool check_string(Token token);
    bool keep_number(Token token, const char* to);
    bool keep(std::string_view text);
    // document_value.cpp: what is looked at
    std::size_t size(Token container) const;
    Value item(Token array, std::size_t index) const;
    bool has(Token object, std::string_view name) const { return member(object, name).has_value(); }
    Value get(Token object, std::string_view name) const;  // undefined when there is none
    std::optional<Token> member(Token object, std::string_view name) const;
    Value value(Token token) const;
    Value number(Token token) const;
    std::string_view string(Token token) const;
    bool is_named(Token key, std::string_view name) const;
    Token after(Token token) const;
    Token opening(Token close) const;
    bool is_opened(Token container) const { return (links_[links_[container]] & looked_into) != 0; }
    const Opened& opened(Token container) const;
    const Opened& open(Token container) const;
    void open_array(Opened& array) const;
    void open_object(Opened& object) const;
    void index_members(Opened& object) const;
    std::uint32_t& slot_of(const Opened& object, std::string_view name) const;
    Member* find(const Opened& object, std::string_view name) const;
    // Calls visit(name, value) for each member, in order.
    template <class Visit>
    void each_member(Token object, Visit& visit) const {
        const Opened found = opened(object);  // a copy: the visitor may open others
        for (std::uint32_t i = 0; i < found.count; ++i) {
            const Member member = members_[found.first + i];
            visit(member.name(), value(member.value));
        }
    }

    struct Indexer;
    std::unique_ptr<Indexer> indexer_;
    const char* text_ = nullptr;  // of an object or array: it ends with a bracket, which ends every scan
    const char* text_end_ = nullptr;
    const char* last_eight_ = nullptr;          // bytes of it: nearer to its end, eight can't be read at once
    const std::uint32_t* positions_ = nullptr;  // of the tokens; two more repeat the first, which fits nowhere
    std::uint32_t token_count_ = 0;
    bool has_escapes_ = false;
    // Of an opening bracket: its closing one. Of a closing one: its opening one or, once somebody looked into the
    // container, its place in opened_ with a mark. Of a string with escapes, or a number that is not plain: its place
    // in kept_, plus 1 for a string; else 0 for these.
    static constexpr std::uint32_t looked_into = std::uint32_t{1} << 31;
    mutable std::vector<std::uint32_t> links_;
    std::vector<Json> kept_;
    std::optional<Json> whole_;  // a text that the index does not serve: a lone string, number or word, say

    mutable std::vector<Opened> opened_;
    mutable std::vector<Token> items_;
    mutable std::vector<Member> members_;
    mutable std::vector<std::uint32_t> index_;  // hash tables: 1 + the number of a member, 0 where there is none
};

inline const Document::Opened& Document::opened(Token container) const {
    const std::uint32_t link = links_[links_[container]];
    return (link & looked_into) != 0 ? opened_[link & ~looked_into] : open(container);
}

inline std::string_view Document::string(Token token) const {
    if (has_escapes_ && links_[token] != 0) return kept_[links_[token] - 1].get_ref<const std::string&>();
    const char* const from = text_ + positions_[token] + 1;
    const char* to = text_ + positions_[token + 1] - 1;
    while (*to != '"') --to;  // over whitespace
    return {from, static_cast<std::size_t>(to - from)};
}

inline Value Document::value(Token token) const {
    switch (text_[positions_[token]]) {
        case '"':
            return Value::borrowed(string(token));
        case '{':
            return Value::borrowed(*this, token, Kind::object);
        case '[':
            return Value::borrowed(*this, token, Kind::array);
        case 't':
            return Value::boolean(true);
        case 'f':
            return Value::boolean(false);
        case 'n':
            return Value::null();
        default:
            return number(token);
    }
}

}  // namespace pawl::jsonata
