// Where each value of a JSON text begins: one pass over the text, then any number of look-ups. No JSON library gives
// positions. For one thread: look-ups are cached.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "states/asl/place.hpp"
#include "states/asl/source.hpp"

namespace pawl::asl {

class SourceIndex {
  public:
    // Takes any text; only for a valid JSON text do the answers mean something. The text must outlive the index.
    explicit SourceIndex(std::string_view text);

    std::string_view text() const { return text_; }
    // Of the member's key, or of the element's first character; of the nearest ancestor when there is no such value.
    // Of a key that is there twice, the last: it is the one that a parser keeps.
    std::size_t offset(std::string_view pointer) const;
    // The string there as it is written, without its quotes; empty when there is none.
    std::string_view string_at(std::string_view pointer) const;

    struct Duplicate {
        Place place;  // of the member
        std::string key;
    };
    // Keys that are in one object more than once, at most `limit`.
    std::vector<Duplicate> duplicates(std::size_t limit) const;

  private:
    static constexpr std::uint32_t none = UINT32_MAX;
    struct Node {
        std::size_t key;    // of its quote; npos: an element, or the whole
        std::size_t value;  // of the first character
        std::uint32_t parent = none;
        std::uint32_t first = none;  // children
        std::uint32_t next = none;   // sibling
    };

    std::uint32_t add(std::size_t key, std::size_t value, std::uint32_t parent, std::uint32_t& last_sibling);
    std::string key_of(const Node& node) const;
    std::uint32_t find(std::string_view pointer, bool nearest) const;  // none: no such value
    std::uint32_t child(std::uint32_t node, std::string_view step) const;
    Place place_of(std::uint32_t node) const;

    struct Children {
        std::vector<std::uint32_t> elements;                     // of a list
        std::unordered_map<std::string, std::uint32_t> members;  // of an object
    };
    const Children& children(std::uint32_t node) const;

    std::string_view text_;
    std::vector<Node> nodes_;
    mutable std::unordered_map<std::uint32_t, Children> children_;  // of those that were looked into
};

// The position `to`, given that of `from`, which is not behind it.
Position advance(std::string_view text, std::size_t from, std::size_t to, Position position);

}  // namespace pawl::asl
