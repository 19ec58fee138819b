#include "states/jsonata/json_text.hpp"

#include <array>
#include <cmath>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr unsigned char surrogate_lead = 0xED;

// Bytes that may not go out as they are.
constexpr std::array<bool, 256> special = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
    table['"'] = table['\\'] = table[surrogate_lead] = true;
    return table;
}();

void append_escape(TextBuilder& text, unsigned code) {
    constexpr std::string_view digits = "0123456789abcdef";
    text.put("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) text.put(digits[(code >> shift) & 15]);
}

void append_special(TextBuilder& text, unsigned char byte) {
    constexpr std::string_view named = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    if (const std::size_t at = named.find(static_cast<char>(byte)); at != std::string_view::npos) {
        text.put('\\');
        text.put(letters[at]);
    } else {
        append_escape(text, byte);
    }
}

class ResultWriter {
  public:
    ResultWriter(std::string memory, Budget& budget, NonFinite non_finite)
        : budget_{budget}, non_finite_{non_finite}, text_{std::move(memory)} {}
    std::string take() {
        charge();
        return text_.take();
    }

    // False for what JSON has no word for: nothing is written.
    bool write(const Value& value) {
        budget_.burn();
        if (text_.size() - charged_ > interval) charge();
        switch (value.kind()) {
            case Kind::undefined:
            case Kind::function:
                return false;
            case Kind::null:
                text_.put("null");
                break;
            case Kind::boolean:
                text_.put(value.as_boolean() ? std::string_view{"true"} : "false");
                break;
            case Kind::number:
                write_number(value);
                break;
            case Kind::string:
                write_string(value.as_string());
                break;
            case Kind::array:
                write_array(value);
                break;
            case Kind::object:
                write_object(value);
                break;
        }
        return true;
    }

  private:
    static constexpr std::size_t interval = 1024;

    void charge() {
        budget_.allocate(text_.size() - charged_);  // until the evaluation ends: the result is its last act
        charged_ = text_.size();
        budget_.check_room(2 * charged_);  // while it grows it is there twice, the new one with room to spare
    }
    void enter() {
        if (++depth_ > max_json_depth) throw limit_exceeded("The result is nested too deeply");
    }
    void write_number(const Value& value) {
        if (const Json* big = value.as_json()) {
            text_.put(big->dump());
            return;
        }
        if (!std::isfinite(value.as_number())) {
            if (non_finite_ == NonFinite::refused) throw Fault{"D1001"}.with("value", Json());
            write_string(number_text(value.as_number()));
            return;
        }
        char* const to = text_.room(longest_number);
        text_.added(static_cast<std::size_t>(print_number(to, value.as_number()) - to));
    }
    void write_string(std::string_view raw) {
        if (raw.size() > interval) budget_.check_room(3 * (text_.size() + raw.size()));
        append_quoted(text_, raw, LoneSurrogates::replaced);
    }
    void write_array(const Value& value) {
        enter();
        const std::size_t size = value.size();
        text_.put('[');
        for (std::size_t i = 0; i < size; ++i) {
            if (i > 0) text_.put(',');
            if (!write(value.at(i))) text_.put("null");
        }
        text_.put(']');
        --depth_;
    }
    void write_object(const Value& value) {
        enter();
        text_.put('{');
        bool first = true;
        for_each_member(value, [&](std::string_view key, const Value& member) {
            if (member.is_undefined() || member.is_function()) return;
            if (!first) text_.put(',');
            first = false;
            write_string(key);
            text_.put(':');
            write(member);
        });
        text_.put('}');
        --depth_;
    }

    Budget& budget_;
    const NonFinite non_finite_;
    TextBuilder text_;
    std::size_t charged_ = 0;
    std::size_t depth_ = 0;
};

}  // namespace

void append_quoted(TextBuilder& text, std::string_view raw, LoneSurrogates lone) {
    text.put('"');
    std::size_t from = 0;
    for (std::size_t at = 0; at < raw.size();) {
        const auto byte = static_cast<unsigned char>(raw[at]);
        if (!special[byte]) {
            ++at;
            continue;
        }
        const bool is_surrogate =
            byte == surrogate_lead && at + 2 < raw.size() && static_cast<unsigned char>(raw[at + 1]) >= 0xA0;
        if (byte == surrogate_lead && !is_surrogate) {
            ++at;
            continue;
        }
        text.put(raw.substr(from, at - from));
        if (!is_surrogate) {
            append_special(text, byte);
            ++at;
        } else if (const char32_t code = next_code_point(raw, at); lone == LoneSurrogates::escaped) {
            append_escape(text, code);
        } else {
            text.put("\uFFFD");
        }
        from = at;
    }
    text.put(raw.substr(from));
    text.put('"');
}

bool export_text(const Value& value, std::string& text, Budget& budget, NonFinite non_finite) {
    if (value.is_number() && !value.as_json() && std::isfinite(value.as_number())) {
        std::array<char, longest_number> printed;
        text.assign(printed.data(), print_number(printed.data(), value.as_number()));
        return true;
    }
    ResultWriter writer{std::move(text), budget, non_finite};
    const bool written = writer.write(value.is_outer_wrapper() && value.size() == 1 ? value.at(0) : value);
    text = writer.take();
    return written;
}

}  // namespace pawl::jsonata
