// Looking into a document: a token becomes a value, a container learns where its items are.
#include <array>
#include <cstring>

#include "states/jsonata/document.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::uint32_t indexed_from = 17;  // members; below, comparing a few short keys is quicker than hashing

// Powers of ten that a double holds exactly: a number of 15 digits divided by one of them is rounded once, so
// correctly.
constexpr std::array<double, 16> powers_of_ten{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// A number that the check found to be plain: at most 15 characters, no exponent.
double plain_number(const char* at) {
    const bool negative = *at == '-';
    if (negative) ++at;
    std::uint64_t digits = 0;
    for (; static_cast<unsigned char>(*at - '0') < 10; ++at) digits = digits * 10 + static_cast<unsigned>(*at - '0');
    auto number = static_cast<double>(digits);
    if (*at != '.') return negative && digits != 0 ? -number : number;  // an integer has no -0
    const char* const point = at++;
    for (; static_cast<unsigned char>(*at - '0') < 10; ++at) digits = digits * 10 + static_cast<unsigned>(*at - '0');
    number = static_cast<double>(digits) / powers_of_ten[static_cast<std::size_t>(at - point - 1)];
    return negative ? -number : number;
}

bool is_plain_number(const char* at) {
    if (*at == '-') ++at;
    const char* const from = at;
    while (static_cast<unsigned char>(*at - '0') < 10 || *at == '.') ++at;
    return at - from <= 15 && *at != 'e' && *at != 'E';
}

}  // namespace

Value Document::root() const { return whole_ ? Value::borrowed(*whole_) : value(0); }

Value Document::value(Token token) const {
    const char* const at = text_.data() + positions_[token];
    switch (*at) {
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
            return is_plain_number(at) ? Value::number(plain_number(at)) : Value::borrowed(kept_[links_[token]]);
    }
}

std::string_view Document::string(Token token) const {
    if (has_escapes_ && links_[token] != 0) return kept_[links_[token] - 1].get_ref<const std::string&>();
    const char* const from = text_.data() + positions_[token] + 1;
    const char* to = text_.data() + positions_[token + 1] - 1;
    while (*to != '"') --to;  // over whitespace
    return {from, static_cast<std::size_t>(to - from)};
}

Document::Token Document::after(Token token) const {
    const char c = text_[positions_[token]];
    return (c == '{' || c == '[' ? links_[token] : token) + 1;
}

const Document::Opened& Document::opened(Token container) const {
    std::uint32_t& place = links_[links_[container]];
    if (place == 0) {
        opened_.push_back(text_[positions_[container]] == '[' ? open_array(container) : open_object(container));
        place = static_cast<std::uint32_t>(opened_.size());
    }
    return opened_[place - 1];
}

Document::Opened Document::open_array(Token container) const {
    Opened array{static_cast<std::uint32_t>(items_.size()), 0};
    const Token close = links_[container];
    for (Token token = container + 1; token < close; token = after(token) + 1) items_.push_back(token);
    array.count = static_cast<std::uint32_t>(items_.size()) - array.first;
    return array;
}

Document::Opened Document::open_object(Token container) const {
    Opened object{static_cast<std::uint32_t>(members_.size()), 0};
    const Token close = links_[container];
    for (Token token = container + 1; token < close; token = after(token + 2) + 1) {
        const std::string_view name = string(token);
        if (Member* known = find(object, name)) {
            known->value = token + 2;
            continue;
        }
        members_.push_back({name.data(), static_cast<std::uint32_t>(name.size()), token + 2});
        ++object.count;
        if (object.index_mask != 0) slot_of(object, name) = object.count;
        if (object.count >= indexed_from && object.count * 2 > object.index_mask) index_members(object);
    }
    return object;
}

// Makes a hash table over the members that are there, with room for as many again.
void Document::index_members(Opened& object) const {
    const std::uint32_t slots = object.index_mask == 0 ? 64 : (object.index_mask + 1) * 2;
    object.index = static_cast<std::uint32_t>(index_.size());
    object.index_mask = slots - 1;
    index_.resize(index_.size() + slots, 0);
    for (std::uint32_t i = 0; i < object.count; ++i) slot_of(object, members_[object.first + i].name()) = i + 1;
}

// Where the name is in the table, or belongs.
std::uint32_t& Document::slot_of(const Opened& object, std::string_view name) const {
    std::uint32_t* const table = index_.data() + object.index;
    std::size_t slot = std::hash<std::string_view>{}(name)&object.index_mask;
    while (table[slot] != 0 && members_[object.first + table[slot] - 1].name() != name) {
        slot = (slot + 1) & object.index_mask;
    }
    return table[slot];
}

Document::Member* Document::find(const Opened& object, std::string_view name) const {
    Member* const members = members_.data() + object.first;
    if (object.index_mask == 0) {
        for (Member* member = members; member != members + object.count; ++member) {
            if (is_same(*member, name)) return member;
        }
        return nullptr;
    }
    const std::uint32_t number = slot_of(object, name);
    return number == 0 ? nullptr : &members[number - 1];
}

}  // namespace pawl::jsonata
