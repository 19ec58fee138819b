// String functions that need no matching. Spec: docs.jsonata.org, "String functions".
#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/letter_case.hpp"
#include "states/jsonata/stringify.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

Value text(Call& call, std::string made) { return make_text(call.heap, std::move(made)); }
Value text(Call& call, std::string_view made) { return make_text(call.heap, std::string{made}); }

Value string(Call& call) {
    if (!call.has(0) || call[0].is_string()) return call[0];
    return text(call, to_string(call[0], call.heap, call[1].is_boolean() && call[1].as_boolean()));
}

// Array.prototype.slice's reading of an index.
std::size_t slice_index(double index, std::size_t length) {
    const double whole = std::isnan(index) ? 0 : std::trunc(index);
    const auto size = static_cast<double>(length);
    return static_cast<std::size_t>(whole < 0 ? std::max(size + whole, 0.0) : std::min(whole, size));
}

Value substring(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view subject = call[0].as_string();
    call.budget().burn_text(subject.size());
    const std::size_t length = code_point_count(subject);
    const auto size = static_cast<double>(length);
    double start = call.has(1) ? call[1].as_number() : 0;
    if (size + start < 0) start = 0;
    double end = size;
    if (call.has(2)) {
        if (call[2].as_number() <= 0 || !call.has(1)) return text(call, std::string_view{});
        end = start >= 0 ? start + call[2].as_number() : size + start + call[2].as_number();
    }
    const std::size_t from = slice_index(start, length);
    const std::size_t to = slice_index(end, length);
    if (to <= from) return text(call, std::string_view{});
    const std::size_t first = byte_offset(subject, from);
    return text(call, subject.substr(first, byte_offset(subject.substr(first), to - from)));
}

Value substring_before(Call& call) {
    if (!call.has(0) || !call.has(1)) return call[0];
    const std::string_view subject = call[0].as_string();
    const std::size_t at = subject.find(call[1].as_string());
    return at == std::string_view::npos ? call[0] : text(call, subject.substr(0, at));
}

Value substring_after(Call& call) {
    if (!call.has(0) || !call.has(1)) return call[0];
    const std::string_view subject = call[0].as_string();
    const std::size_t at = subject.find(call[1].as_string());
    return at == std::string_view::npos ? call[0] : text(call, subject.substr(at + call[1].as_string().size()));
}

Value lowercase(Call& call) { return call.has(0) ? text(call, to_lower(call[0].as_string())) : Value{}; }
Value uppercase(Call& call) { return call.has(0) ? text(call, to_upper(call[0].as_string())) : Value{}; }

Value length(Call& call) {
    if (!call.has(0)) return {};
    call.budget().burn_text(call[0].as_string().size());
    return Value::number(static_cast<double>(code_point_count(call[0].as_string())));
}

Value trim(Call& call) {
    if (!call.has(0)) return {};
    std::string trimmed;
    bool pending = false;  // white space not yet written, as one blank
    for (const char c : call[0].as_string()) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            pending = !trimmed.empty();
            continue;
        }
        if (pending) trimmed += ' ';
        pending = false;
        trimmed += c;
    }
    return text(call, std::move(trimmed));
}

// So many code points of `fill`, over and over.
std::string repeated(std::string_view fill, std::size_t count) {
    if (fill.size() == 1) return std::string(count, fill.front());
    const std::size_t length = code_point_count(fill);
    std::string repetition;
    repetition.reserve((count / length + 1) * fill.size());
    for (std::size_t i = 0; i < count / length; ++i) append_joined(repetition, fill);
    append_joined(repetition, fill.substr(0, byte_offset(fill, count % length)));
    return repetition;
}

Value pad(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view subject = call[0].as_string();
    const double width = std::trunc(call.has(1) ? call[1].as_number() : 0);
    const double missing = std::abs(width) - static_cast<double>(code_point_count(subject));
    if (!(missing > 0)) return call[0];
    const std::string_view fill = call.has(2) && !call[2].as_string().empty() ? call[2].as_string() : " ";
    // The padding and, with it, the result are there at once.
    const std::size_t bytes_each = (fill.size() - 1) / code_point_count(fill) + 1;
    call.budget().check_room(missing < 1e12 ? static_cast<std::size_t>(missing) * 2 * bytes_each
                                            : std::size_t{1} << 50);
    const std::string padding = repeated(fill, static_cast<std::size_t>(missing));
    return text(call, width > 0 ? std::string{subject} + padding : padding + std::string{subject});
}

Value join(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view separator = call.has(1) ? call[1].as_string() : std::string_view{};
    const std::size_t size = call[0].size();
    std::size_t total = 0;
    for (std::size_t i = 0; i < size; ++i) total += call[0].at(i).as_string().size() + separator.size();
    call.budget().burn(size);
    call.budget().check_room(total);
    std::string joined;
    joined.reserve(total);
    for (std::size_t i = 0; i < size; ++i) {
        if (i > 0) append_joined(joined, separator);
        append_joined(joined, call[0].at(i).as_string());
    }
    return text(call, std::move(joined));
}

Value eval(Call& call) {
    if (!call.has(0)) return {};
    Value input = call.context;
    if (call.has(1)) input = call.evaluator.wrapped_input(call[1]);
    return call.evaluator.evaluate_text(call[0].as_string(), input, call.frame);
}

constexpr std::array functions{
    Builtin{"string", "<x-b?:s>", 1, string},
    Builtin{"substring", "<s-nn?:s>", 3, substring},
    Builtin{"substringBefore", "<s-s:s>", 2, substring_before},
    Builtin{"substringAfter", "<s-s:s>", 2, substring_after},
    Builtin{"lowercase", "<s-:s>", 1, lowercase},
    Builtin{"uppercase", "<s-:s>", 1, uppercase},
    Builtin{"length", "<s-:n>", 1, length},
    Builtin{"trim", "<s-:s>", 1, trim},
    Builtin{"pad", "<s-ns?:s>", 3, pad},
    Builtin{"join", "<a<s>s?:s>", 2, join},
    Builtin{"eval", "<sx?:x>", 2, eval, Part::eval},
};

}  // namespace

std::span<const Builtin> string_functions() { return functions; }

}  // namespace pawl::jsonata
