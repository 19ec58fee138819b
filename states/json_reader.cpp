#include "states/json_reader.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>

namespace pawl::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Reader {
  public:
    explicit Reader(std::string_view text) : at_{text.data()}, end_{text.data() + text.size()} {}

    bool run(Json& into) {
        skip_space();
        if (!value(into, 0)) return false;
        skip_space();
        return at_ == end_;
    }

  private:
    bool has(char c) const { return at_ != end_ && *at_ == c; }
    bool take(char c) {
        if (!has(c)) return false;
        ++at_;
        return true;
    }
    bool take_word(std::string_view word) {
        if (!std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }

    bool value(Json& into, std::size_t depth) {
        if (at_ == end_) return false;
        switch (*at_) {
            case '{':
                return depth < max_json_depth && object(into, depth);
            case '[':
                return depth < max_json_depth && array(into, depth);
            case '"': {
                std::string read;
                if (!string(read)) return false;
                into = std::move(read);
                return true;
            }
            case 't':
                into = true;
                return take_word("true");
            case 'f':
                into = false;
                return take_word("false");
            case 'n':
                into = nullptr;
                return take_word("null");
            default:
                return number(into);
        }
    }

    bool object(Json& into, std::size_t depth) {
        ++at_;
        Json::object_t members;
        skip_space();
        if (!take('}')) {
            do {
                skip_space();
                std::string key;
                if (!string(key)) return false;
                skip_space();
                if (!take(':')) return false;
                skip_space();
                Json member;
                if (!value(member, depth + 1)) return false;
                if (!members.emplace(std::move(key), std::move(member)).second) return false;  // there already
                skip_space();
            } while (take(','));
            if (!take('}')) return false;
        }
        into = std::move(members);
        return true;
    }

    bool array(Json& into, std::size_t depth) {
        ++at_;
        Json::array_t items;
        skip_space();
        if (!take(']')) {
            do {
                skip_space();
                if (!value(items.emplace_back(), depth + 1)) return false;
                skip_space();
            } while (take(','));
            if (!take(']')) return false;
        }
        into = std::move(items);
        return true;
    }

    // All of UTF-8, with the short escapes.
    bool string(std::string& into) {
        if (!take('"')) return false;
        const char* from = at_;
        while (at_ != end_) {
            const auto c = static_cast<unsigned char>(*at_);
            if (c == '"') {
                into.append(from, at_++);
                return true;
            }
            if (c < 0x20) return false;
            if (c >= 0x80) {
                if (!multi_byte(c)) return false;
                continue;
            }
            if (c != '\\') {
                ++at_;
                continue;
            }
            into.append(from, at_);
            if (++at_ == end_) return false;
            const std::size_t which = std::string_view{"\"\\/bfnrt"}.find(*at_);
            if (which == std::string_view::npos) return false;
            into += "\"\\/\b\f\n\r\t"[which];
            from = ++at_;
        }
        return false;
    }

    // A character of several bytes, as RFC 3629 has them: none longer than needed, no surrogates, none beyond U+10FFFF.
    bool multi_byte(unsigned char lead) {
        const auto length = lead >= 0xC2 && lead <= 0xDF   ? 2
                            : lead >= 0xE0 && lead <= 0xEF ? 3
                            : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                           : 0;
        if (length == 0 || end_ - at_ < length) return false;
        const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        const auto second = static_cast<unsigned char>(at_[1]);
        if (second < least || second > most) return false;
        for (int i = 2; i < length; ++i) {
            if ((static_cast<unsigned char>(at_[i]) & 0xC0) != 0x80) return false;
        }
        at_ += length;
        return true;
    }

    bool number(Json& into) {
        const char* const from = at_;
        const bool negative = take('-');
        if (at_ == end_ || !is_digit(*at_)) return false;
        if (!take('0')) {
            while (at_ != end_ && is_digit(*at_)) ++at_;
        }
        const bool whole = !has('.') && !has('e') && !has('E');
        if (take('.')) {
            if (at_ == end_ || !is_digit(*at_)) return false;
            while (at_ != end_ && is_digit(*at_)) ++at_;
        }
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (at_ == end_ || !is_digit(*at_)) return false;
            while (at_ != end_ && is_digit(*at_)) ++at_;
        }
        if (!whole) return converted<double>(from, into);
        return negative ? converted<std::int64_t>(from, into) : converted<std::uint64_t>(from, into);
    }
    template <class Number>
    bool converted(const char* from, Json& into) {
        Number number{};
        const auto [end, error] = std::from_chars(from, at_, number);
        if (error != std::errc{} || end != at_) return false;
        if constexpr (std::is_same_v<Number, double>) {
            if (!std::isfinite(number)) return false;
        }
        into = number;
        return true;
    }

    const char* at_;
    const char* const end_;
};

}  // namespace

bool read_json(std::string_view text, Json& into) { return Reader{text}.run(into); }

}  // namespace pawl::detail
