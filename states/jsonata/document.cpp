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

// What may follow a number or a word. Strings need no such look: behind their quote a new token begins.
bool ends_scalar(const char* at, const char* end) {
    switch (*at) {
        case ',':
        case ']':
        case '}':
        case ' ':
        case '\n':
        case '\t':
        case '\r':
            return true;
        default:
            return at == end;
    }
}

bool is_word(std::string_view word, const char* at, const char* end) {
    return std::memcmp(at, word.data(), word.size()) == 0 && ends_scalar(at + word.size(), end);
}

// For each of eight bytes, the first of them lowest, a high bit where it is no digit.
std::uint64_t other_than_digits(const char* at) {
    constexpr std::uint64_t each = 0x0101010101010101;
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
    const std::uint64_t values = bytes ^ (each * '0');  // of digits 0 to 9
    return (((values & (each * 0x7F)) + each * (0x80 - 10)) | values) & (each * 0x80);
}

// The end of a number that most are like, "12" or "39.95", found in a few steps; null for others. There is room behind
// the text to look at eight bytes.
const char* end_of_short_number(const char* at) {
    std::uint64_t others = other_than_digits(at);
    const char* const whole = at + std::countr_zero(others) / 8;
    if (others == 0 || whole == at || (*at == '0' && whole != at + 1)) return nullptr;
    if (*whole != '.') return whole;
    others &= others - 1;
    const char* const end = at + std::countr_zero(others) / 8;
    return others == 0 || end == whole + 1 ? nullptr : end;
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
    if (text.empty() || text.size() > most_bytes) return false;
    if (text_.size() < text.size() + simdjson::SIMDJSON_PADDING) text_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(text_.data(), text.data(), text.size());
    text_[text.size()] = '\0';
    if (!indexer_->run(text_.data(), text.size())) return false;
    positions_ = indexer_->parser->structural_indexes.get();
    token_count_ = indexer_->parser->n_structural_indexes;
    has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
    if (links_.size() < token_count_ + 2) links_.resize(token_count_ + 2);

    // Past the last token the positions give the end of the text, where a zero stands: it fits nowhere.
    const char* const begin = text_.data();
    const char* const end = begin + text.size();
    const std::uint32_t* const positions = positions_;
    std::uint32_t* const links = links_.data();
    const auto at = [&](Token token) { return begin[positions[token]]; };
    std::array<Token, max_json_depth> open;
    std::size_t depth = 0;
    bool in_object = false;
    for (Token token = 0;;) {
        // A value begins here.
        switch (at(token)) {
            case '"':
                if (has_escapes_ && !check_escapes(token)) return false;
                break;
            case '{':
            case '[': {
                if (depth == max_json_depth) return false;
                in_object = at(token) == '{';
                open[depth++] = token++;
                if (at(token) == (in_object ? '}' : ']')) goto close;
                if (in_object) goto key;
                continue;
            }
            case 't':
                if (!is_word("true", begin + positions[token], end)) return false;
                break;
            case 'f':
                if (!is_word("false", begin + positions[token], end)) return false;
                break;
            case 'n':
                if (!is_word("null", begin + positions[token], end)) return false;
                break;
            default:
                if (const char* const to = end_of_short_number(begin + positions[token]); to && ends_scalar(to, end)) {
                    break;
                }
                if (const Number number = scan_number(begin + positions[token]);
                    !number.to || !ends_scalar(number.to, end) || (!number.plain && !keep_number(token, number.to))) {
                    return false;
                }
        }
    after_value:
        ++token;
        if (depth == 0) return token == token_count_;
        if (at(token) == ',') {
            ++token;
            if (!in_object) continue;
        } else if (at(token) == (in_object ? '}' : ']')) {
        close:
            const Token opening = open[--depth];
            links[opening] = token;
            links[token] = 0;
            in_object = depth > 0 && at(open[depth - 1]) == '{';
            goto after_value;
        } else {
            return false;
        }
    key:
        if (at(token) != '"' || at(token + 1) != ':') return false;
        if (has_escapes_ && !check_escapes(token)) return false;
        token += 2;
    }
}

bool Document::keep_number(Token token, const char* to) {
    const char* const from = text_.data() + positions_[token];
    links_[token] = static_cast<std::uint32_t>(kept_.size());
    return keep({from, static_cast<std::size_t>(to - from)});
}

bool Document::check_escapes(Token token) {
    links_[token] = 0;
    const char* const from = text_.data() + positions_[token];
    const char* to = text_.data() + positions_[token + 1];
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
