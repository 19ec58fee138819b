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

// The number that begins here if it is plain: no exponent, and few enough digits to be exact.
bool read_plain_number(const char* at, double& number) {
    const bool negative = *at == '-';
    const char* const from = at += negative ? 1 : 0;
    std::uint64_t digits = 0;
    const auto more_digits = [&] {
        for (; static_cast<unsigned char>(*at - '0') < 10; ++at)
            digits = digits * 10 + static_cast<unsigned>(*at - '0');
    };
    more_digits();
    std::size_t fraction = 0;
    if (*at == '.') {
        const char* const point = at++;
        more_digits();
        fraction = static_cast<std::size_t>(at - point - 1);
    }
    if (at - from > 15 || *at == 'e' || *at == 'E') return false;
    number = static_cast<double>(digits);
    if (fraction != 0) number /= powers_of_ten[fraction];
    if (negative && (digits != 0 || fraction != 0)) number = -number;  // an integer has no -0
    return true;
}

}  // namespace

Value Document::root() const {
    if (whole_) return Value::borrowed(*whole_);
    return Value::borrowed(*this, 0, text_[positions_[0]] == '{' ? Kind::object : Kind::array);
}

Value Document::number(Token token) const {
    double number;
    if (read_plain_number(text_ + positions_[token], number)) return Value::number(number);
    return Value::borrowed(kept_[links_[token]]);
}

Document::Token Document::after(Token token) const {
    const char c = text_[positions_[token]];
    return (c == '{' || c == '[' ? links_[token] : token) + 1;
}

inline Document::Token Document::opening(Token close) const {
    const std::uint32_t link = links_[close];
    return (link & looked_into) == 0 ? link : opened_[link & ~looked_into].bracket;
}

const Document::Opened& Document::open(Token container) const {
    Opened found{container, 0};
    if (text_[positions_[container]] == '[') {
        open_array(found);
    } else {
        open_object(found);
    }
    links_[links_[container]] = looked_into | static_cast<std::uint32_t>(opened_.size());
    return opened_.emplace_back(found);
}

void Document::open_array(Opened& array) const {
    array.first = static_cast<std::uint32_t>(items_.size());
    const Token close = links_[array.bracket];
    for (Token token = array.bracket + 1; token < close; token = after(token) + 1) items_.push_back(token);
    array.count = static_cast<std::uint32_t>(items_.size()) - array.first;
}

void Document::open_object(Opened& object) const {
    object.first = static_cast<std::uint32_t>(members_.size());
    const Token close = links_[object.bracket];
    for (Token token = object.bracket + 1; token < close; token = after(token + 2) + 1) {
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
            if (member->name() == name) return member;
        }
        return nullptr;
    }
    const std::uint32_t number = slot_of(object, name);
    return number == 0 ? nullptr : &members[number - 1];
}

inline bool Document::is_named(Token key, std::string_view name) const {
    if (has_escapes_) return string(key) == name;
    // A key with its quotes reaches up to its colon, unless there is whitespace between them.
    const std::size_t room = positions_[key + 1] - positions_[key];
    const char* const quoted = text_ + positions_[key];
    if (room == name.size() + 2)
        return quoted[room - 1] == '"' && std::memcmp(quoted + 1, name.data(), name.size()) == 0;
    return room > name.size() + 2 && quoted[room - 1] != '"' && string(key) == name;
}

// From the last member to the first: of those with one name the last counts. Most objects are small and asked once or
// twice, so that is quicker than making a list; after a few steps, there is a list to be looked up in.
std::optional<Document::Token> Document::member(Token object, std::string_view name) const {
    Token last = links_[object] - 1;
    if (last == object) return std::nullopt;
    if (!is_opened(object)) {
        for (std::uint32_t looked_at = 0; looked_at < indexed_from; ++looked_at) {
            const char end = text_[positions_[last]];
            const Token value = end == '}' || end == ']' ? opening(last) : last;
            const Token key = value - 2;
            if (is_named(key, name)) return value;
            if (key == object + 1) return std::nullopt;
            last = key - 2;
        }
    }
    const Member* const found = find(opened(object), name);
    return found ? std::optional{found->value} : std::nullopt;
}

Value Document::get(Token object, std::string_view name) const {
    const auto found = member(object, name);
    return found ? value(*found) : Value{};
}

std::size_t Document::size(Token container) const { return opened(container).count; }

Value Document::item(Token array, std::size_t index) const { return value(items_[opened(array).first + index]); }

}  // namespace pawl::jsonata
