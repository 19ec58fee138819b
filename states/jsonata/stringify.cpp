#include "states/jsonata/stringify.hpp"

#include <cmath>

#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/json_text.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

class Writer {
  public:
    Writer(Heap& heap, bool pretty) : budget_{heap.budget}, pretty_{pretty} {}
    std::string take() { return text_.take(); }

    void write(const Value& value) {
        budget_.burn();
        charge();
        switch (value.kind()) {
            case Kind::undefined:
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
                budget_.check_room(text_.size() + 6 * value.as_string().size());  // all of it may be \u0000
                append_quoted(text_, value.as_string(), LoneSurrogates::escaped);
                break;
            case Kind::function:
                text_.put("\"\"");
                break;
            case Kind::array:
                write_array(value);
                break;
            case Kind::object:
                write_object(value);
                break;
        }
    }

  private:
    // The text counts while it grows: nested arrays that share their parts print exponentially long.
    void charge() {
        constexpr std::size_t interval = 4096;
        if (text_.size() - charged_ < interval) return;
        budget_.burn_text(text_.size() - charged_);
        charged_ = text_.size();
        budget_.check_room(3 * charged_);  // while it grows it is there twice, the new one with room to spare
    }
    void write_number(const Value& value) {
        if (const Json* big = value.as_json()) {
            text_.put(big->dump());
        } else {
            const double number = value.as_number();
            text_.put(is_numeric(value) ? number_text(to_15_digits(number)) : "null");
        }
    }
    void line(std::size_t depth) {
        if (!pretty_) return;
        text_.put('\n');
        text_.put(depth * 2, ' ');
    }
    void write_array(const Value& value) {
        budget_.check_stack();
        const std::size_t size = value.size();
        text_.put('[');
        ++depth_;
        for (std::size_t i = 0; i < size; ++i) {
            if (i > 0) text_.put(',');
            line(depth_);
            write(value.at(i));
        }
        --depth_;
        if (size > 0) line(depth_);
        text_.put(']');
    }
    void write_object(const Value& value) {
        budget_.check_stack();
        bool any = false;
        text_.put('{');
        ++depth_;
        for_each_member(value, [&](std::string_view key, const Value& member) {
            if (member.is_undefined()) return;
            if (any) text_.put(',');
            any = true;
            line(depth_);
            append_quoted(text_, key, LoneSurrogates::escaped);
            text_.put(pretty_ ? ": " : ":");
            write(member);
        });
        --depth_;
        if (any) line(depth_);
        text_.put('}');
    }

    Budget& budget_;
    bool pretty_;
    TextBuilder text_;
    std::size_t charged_ = 0;
    std::size_t depth_ = 0;
};

// The budget bears the text while it grows, as above.
void append_javascript_text(std::string& text, const Value& value, Budget& budget) {
    budget.burn();
    switch (value.kind()) {
        case Kind::undefined:
            text += "undefined";
            break;
        case Kind::null:
            text += "null";
            break;
        case Kind::boolean:
            text += value.as_boolean() ? "true" : "false";
            break;
        case Kind::number:
            text += number_text(value.as_number());
            break;
        case Kind::string:
            budget.burn_text(value.as_string().size());
            budget.check_room(3 * (text.size() + value.as_string().size()));
            append_joined(text, value.as_string());
            break;
        case Kind::array: {
            budget.check_stack();
            const std::size_t size = value.size();
            for (std::size_t i = 0; i < size; ++i) {
                if (i > 0) text += ',';
                const Value item = value.at(i);
                if (!item.is_undefined() && !item.is_null()) append_javascript_text(text, item, budget);
                budget.check_room(3 * text.size());
            }
            break;
        }
        case Kind::object:
        case Kind::function:
            text += "[object Object]";
            break;
    }
}

}  // namespace

std::string to_string(const Value& value, Heap& heap, bool pretty) {
    if (value.is_string()) return std::string{value.as_string()};
    if (value.is_function()) return {};
    if (value.is_number() && !std::isfinite(value.as_number())) {
        throw Fault{"D3001"}.showing("value", value);
    }
    Writer writer{heap, pretty};
    writer.write(value.is_outer_wrapper() && value.size() > 0 ? value.at(0) : value);
    return writer.take();
}

Value as_javascript_text(const Value& value, Heap& heap) {
    std::string text;
    append_javascript_text(text, value, heap.budget);
    return make_text(heap, std::move(text));
}

}  // namespace pawl::jsonata
