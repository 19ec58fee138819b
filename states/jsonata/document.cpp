// Reading: simdjson finds the tokens, tells whether strings end and the text is UTF-8; here is the grammar between the
// tokens. Spec: RFC 8259. In any doubt the text is declined, and parse_json has the last word.
#include "states/jsonata/document.hpp"

#include <simdjson.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace pawl::jsonata {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;  // positions have 32 bits
constexpr std::size_t plain_digits = 15;                  // more may not fit a double exactly

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

bool is_opening(char c) { return c == '{' || c == '['; }
char closing_of(char opening) { return static_cast<char>(opening + 2); }  // in ASCII, of '{' and of '['

// What may follow a number or a word. Strings need no such look: behind their quote a new token begins.
bool ends_scalar(const char* at) {
    constexpr std::uint64_t between = 1ull << ' ' | 1ull << '\n' | 1ull << '\t' | 1ull << '\r' | 1ull << ',';
    const auto c = static_cast<unsigned char>(*at);
    return (c < 64 && (between >> c & 1) != 0) || c == ']' || c == '}';
}

bool is_word(std::string_view word, const char* at, const char* end) {
    return static_cast<std::size_t>(end - at) > word.size() && std::memcmp(at, word.data(), word.size()) == 0 &&
           ends_scalar(at + word.size());
}

// For each of eight bytes, the first of them lowest, a high bit where it is no digit; exact up to the first such byte.
inline std::uint64_t other_than_digits(const char* at) {
    constexpr std::uint64_t each = 0x0101010101010101;
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
    const std::uint64_t values = bytes ^ (each * '0');  // of digits 0 to 9
    return ((values + each * (0x80 - 10)) | values) & (each * 0x80);
}

// A number that most are like, "12" or "39.95", up to the next token, told in a few steps; false for others. There are
// eight bytes to look at.
inline bool is_short_number(const char* at, const char* next) {
    const auto first_of = [](std::uint64_t bits) { return static_cast<unsigned>(std::countr_zero(bits)) / 8; };
    std::uint64_t others = other_than_digits(at);
    if (others == 0) return false;
    const unsigned whole = first_of(others);
    unsigned size = whole;
    if (at[whole] == '.') {
        others &= others - 1;
        if (others == 0) return false;
        size = first_of(others);
        if (size == whole + 1) return false;
    }
    return at + size == next && (*at > '0' || whole == 1);
}

struct Number {
    const char* to;  // null: it is none
    bool plain;      // read as it is when it is looked at
};

Number scan_number(const char* to) {
    constexpr Number none{nullptr, false};
    if (*to == '-') ++to;
    const char* const digits = to;
    if (!is_digit(*to)) return none;
    if (*to == '0') {
        ++to;
    } else {
        while (is_digit(*to)) ++to;
    }
    if (*to == '.') {
        ++to;
        if (!is_digit(*to)) return none;
        while (is_digit(*to)) ++to;
    }
    if (*to != 'e' && *to != 'E') return {to, static_cast<std::size_t>(to - digits) <= plain_digits};
    ++to;
    if (*to == '+' || *to == '-') ++to;
    if (!is_digit(*to)) return none;
    while (is_digit(*to)) ++to;
    return {to, false};
}

}  // namespace

// The first stage of simdjson's parser, by itself: its second one would decode all strings and numbers.
struct Document::Indexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    std::size_t capacity = 0;

    bool run(const char* text, std::size_t size) {
        if (size > capacity) {
            const std::size_t wanted = std::max<std::size_t>(size * 2, 4096);
            const auto error =
                simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, parser);
            capacity = error ? 0 : wanted;
            if (error) return false;
        }
        return parser->stage1(reinterpret_cast<const std::uint8_t*>(text), size, simdjson::stage1_mode::regular) ==
               simdjson::SUCCESS;
    }
};

Document::Document() : indexer_{std::make_unique<Indexer>()} {}
Document::~Document() = default;

bool Document::is_utf8(std::string_view text) noexcept { return simdjson::validate_utf8(text.data(), text.size()); }

std::optional<JsonSyntaxError> Document::read(std::string_view text) {
    whole_.reset();
    kept_.clear();
    opened_.clear();
    items_.clear();
    members_.clear();
    index_.clear();
    if (check(text)) return std::nullopt;
    auto parsed = parse_json(text);
    if (!parsed) return parsed.error();
    whole_ = *std::move(parsed);
    return std::nullopt;
}

bool Document::check(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \n\t\r");
    if (last == text.npos || (text[last] != '}' && text[last] != ']') || text.size() > most_bytes) return false;
    if (!indexer_->run(text.data(), text.size())) return false;
    text_ = text.data();
    text_end_ = text.data() + text.size();
    last_eight_ = text.size() < 8 ? text.data() : text_end_ - 8;
    std::uint32_t* const positions = indexer_->parser->structural_indexes.get();
    token_count_ = indexer_->parser->n_structural_indexes;
    positions[token_count_] = positions[token_count_ + 1] = positions[0];
    positions_ = positions;
    has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
    if (links_.size() < token_count_ + 2) links_.resize(token_count_ + 2);

    return check_tokens() && (!has_escapes_ || check_escapes());
}

bool Document::check_tokens() {
    const char* const begin = text_;
    const std::uint32_t* const positions = positions_;
    std::uint32_t* const links = links_.data();
    if (!is_opening(begin[*positions])) return false;
    struct Open {
        Token bracket;
        char closing;
    };
    std::array<Open, max_json_depth + 1> open;  // the first is not used
    Open* innermost = open.data();
    Open* const deepest = innermost + max_json_depth;
    for (const Token* token = positions;;) {
        // A container opens here.
        if (innermost == deepest) return false;
        char closing = closing_of(begin[*token]);
        *++innermost = {static_cast<Token>(token++ - positions), closing};
        for (bool closes = begin[*token] == closing;;) {
            if (!closes) {
                token = closing == '}' ? over_members(token, begin) : over_items(token, begin);
                if (!token) return false;
                if (is_opening(begin[*token])) break;
            }
            const Token opened = innermost->bracket;
            const auto closed = static_cast<Token>(token++ - positions);
            links[opened] = closed;
            links[closed] = opened;
            if (opened == 0) return closed + 1 == token_count_;
            closing = (--innermost)->closing;
            closes = begin[*token] == closing;
            if (!closes && begin[*token++] != ',') return false;
        }
    }
}

// Over members of an object whose values are scalars: to a value that is a container, or behind the last of them. Null:
// that is no JSON.
inline const Document::Token* Document::over_members(const Token* token, const char* begin) {
    for (;; token += 4) {
        if (begin[token[0]] != '"' || begin[token[1]] != ':') return nullptr;
        const char first = begin[token[2]];
        if (first != '"') {
            if (is_opening(first)) return token + 2;
            if (!begins_short_number(token + 2) && !check_scalar(token + 2)) return nullptr;
        }
        if (begin[token[3]] != ',') return begin[token[3]] == '}' ? token + 3 : nullptr;
    }
}

// The same over the items of an array.
inline const Document::Token* Document::over_items(const Token* token, const char* begin) {
    for (;; token += 2) {
        const char first = begin[token[0]];
        if (first != '"') {
            if (is_opening(first)) return token;
            if (!begins_short_number(token) && !check_scalar(token)) return nullptr;
        }
        if (begin[token[1]] != ',') return begin[token[1]] == ']' ? token + 1 : nullptr;
    }
}

inline bool Document::begins_short_number(const Token* token) const {
    const char* const at = text_ + token[0];
    return at < last_eight_ && is_short_number(at, text_ + token[1]);
}

// A number, true, false or null.
bool Document::check_scalar(const Token* token) {
    const char* const at = text_ + *token;
    switch (*at) {
        case 't':
            return is_word("true", at, text_end_);
        case 'f':
            return is_word("false", at, text_end_);
        case 'n':
            return is_word("null", at, text_end_);
        default:
            break;
    }
    const Number number = scan_number(at);
    return number.to && ends_scalar(number.to) &&
           (number.plain || keep_number(static_cast<Token>(token - positions_), number.to));
}

bool Document::keep_number(Token token, const char* to) {
    const char* const from = text_ + positions_[token];
    links_[token] = static_cast<std::uint32_t>(kept_.size());
    return keep({from, static_cast<std::size_t>(to - from)});
}

bool Document::check_escapes() {
    for (Token token = 0; token < token_count_; ++token) {
        if (text_[positions_[token]] == '"' && !check_string(token)) return false;
    }
    return true;
}

bool Document::check_string(Token token) {
    links_[token] = 0;
    const char* const from = text_ + positions_[token];
    const char* to = text_ + positions_[token + 1];
    while (to[-1] != '"') --to;
    const std::string_view quoted{from, static_cast<std::size_t>(to - from)};
    if (std::memchr(quoted.data(), '\\', quoted.size()) == nullptr) return true;
    links_[token] = static_cast<std::uint32_t>(kept_.size()) + 1;
    return keep(quoted);
}

bool Document::keep(std::string_view text) {
    auto parsed = parse_json(text);
    if (parsed) kept_.push_back(*std::move(parsed));
    return static_cast<bool>(parsed);
}

}  // namespace pawl::jsonata
