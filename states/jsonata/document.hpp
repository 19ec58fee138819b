// A JSON text as an evaluation reads it: checked as a whole, decoded where it is looked at. It is an index into a copy
// of the text, one number a token, so that reading 1 KB costs less than a microsecond; what an expression never touches
// is never turned into a value. What it means is what parse_json says: the same texts are refused, for the same
// reasons.
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

    // Takes a text, in place of the one before and in its memory. Gives what is wrong with it.
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
        std::uint32_t first;
        std::uint32_t count;
        std::uint32_t index = 0;  // where its hash table begins, when there are many members
        std::uint32_t index_mask = 0;
    };

    // document.cpp: the check
    bool check(std::string_view text);
    bool keep_number(Token token, const char* to);
    bool check_escapes(Token token);
    bool keep(std::string_view text);
    // document_value.cpp: what is looked at
    Value value(Token token) const;
    std::string_view string(Token token) const;
    Token after(Token token) const;
    const Opened& opened(Token container) const;
    Opened open_array(Token container) const;
    Opened open_object(Token container) const;
    void index_members(Opened& object) const;
    std::uint32_t& slot_of(const Opened& object, std::string_view name) const;
    std::size_t size(Token container) const { return opened(container).count; }
    Value item(Token array, std::size_t index) const { return value(items_[opened(array).first + index]); }
    // The first byte tells most names of one length apart.
    static bool is_same(const Member& member, std::string_view name) {
        return member.key_size == name.size() &&
               (name.empty() ||
                (*member.key == name.front() && std::memcmp(member.key, name.data(), name.size()) == 0));
    }
    Member* find(const Opened& object, std::string_view name) const;
    const Member* find(Token object, std::string_view name) const { return find(opened(object), name); }
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
    std::vector<char> text_;                    // with the room that the indexer wants behind it
    const std::uint32_t* positions_ = nullptr;  // of the tokens; two more stand at the end of the text
    std::uint32_t token_count_ = 0;
    bool has_escapes_ = false;
    // Of an opening bracket: its closing one. Of a closing one: 1 + its place in opened_, 0 as long as nobody looked.
    // Of a string with escapes, or a number that is not plain: its place in kept_, plus 1 for a string; else 0 for
    // these.
    mutable std::vector<std::uint32_t> links_;
    std::vector<Json> kept_;
    std::optional<Json> whole_;  // a text that the index does not serve

    mutable std::vector<Opened> opened_;
    mutable std::vector<Token> items_;
    mutable std::vector<Member> members_;
    mutable std::vector<std::uint32_t> index_;  // hash tables: 1 + the number of a member, 0 where there is none
};

}  // namespace pawl::jsonata
