// String functions that search: $contains, $split, $replace, $match. What they search for is a string, a regular
// expression or a matcher function. Spec: docs.jsonata.org, "String functions", "Regular expressions".
#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/stringify.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {

namespace {

constexpr std::size_t growing = 3;  // a text that grows is for a moment there twice, the new one with room to spare

Value text_value(Heap& heap, std::string_view text) { return make_text(heap, std::string{text}); }

Value group_values(Heap& heap, const std::vector<std::optional<std::string_view>>& groups) {
    auto values = make_array(heap);
    for (const auto& group : groups) values->push(group ? text_value(heap, *group) : Value{});
    return as_value(std::move(values));
}

Fault zero_length(const Function& regex) {
    return Fault{"D1004"}.at(regex.code->position).with("value", Json(regex.code->regex->source()));
}

Value utf16_offset(std::string_view text, std::size_t bytes) {
    return Value::number(static_cast<double>(utf16_length(text.substr(0, bytes))));
}

// Past the end for an index that is too large; the beginning for one that is no number.
std::size_t byte_of_utf16(std::string_view text, double index) {
    std::size_t at = 0;
    double units = 0;
    while (at < text.size() && units < index) units += next_code_point(text, at) >= 0x10000 ? 2 : 1;
    return units < index ? text.size() + 1 : at;
}

// Where the search goes on after its last match.
Value next_match(Function& regex, const Value& subject) {
    Heap& heap = regex.heap();
    auto next =
        Ref<Function>::adopt(new (heap) Function{heap, Function::Form::next_match, regex.code, nullptr, subject});
    regex.retain();
    next->target = Value::adopt(&regex);
    return Value::adopt(next.leak());
}

Value search_from(Function& regex, const Value& subject, std::size_t from, bool is_next) {
    Heap& heap = regex.heap();
    const std::string_view text = subject.as_string();
    heap.budget.burn_text(text.size());  // it is looked at as a whole, and for the offsets again
    const auto match = regex.code->regex->search(RegexSubject{text}, from, heap.budget);
    regex.last_index = match ? match->end : 0;
    if (!match) return {};
    if (is_next && match->end == match->start) throw zero_length(regex);
    auto made = make_object(heap);
    made->set("match", text_value(heap, text.substr(match->start, match->end - match->start)));
    made->set("start", utf16_offset(text, match->start));
    made->set("end", utf16_offset(text, match->end));
    made->set("groups", group_values(heap, match->groups));
    made->set("next", next_match(regex, subject));
    return as_value(std::move(made));
}

}  // namespace

Value make_match(Function& regex, const Value& subject, double from) {
    const std::size_t start = byte_of_utf16(subject.as_string(), std::trunc(from));
    if (start <= subject.as_string().size()) return search_from(regex, subject, start, false);
    regex.last_index = 0;
    return {};
}

Value make_next_match(Function& regex, const Value& subject) {
    if (regex.last_index >= subject.as_string().size()) return {};
    return search_from(regex, subject, regex.last_index, true);
}

namespace {

// JavaScript's substring, of bytes: the ends may come in any order.
std::string_view between(std::string_view text, std::size_t from, std::size_t to) {
    const auto [begin, end] = std::minmax({std::min(from, text.size()), std::min(to, text.size())});
    return text.substr(begin, end - begin);
}

// The matches of a subject, one after the other.
class Matches {
  public:
    Matches(Call& call, const Value& matcher, const Value& subject)
        : call_{call}, matcher_{matcher}, subject_{subject}, text_{subject.as_string()} {
        Function* const function = matcher.as_function();
        if (!function || function->form != Function::Form::regex) return;
        regex_ = function;
        searched_.emplace(text_);
    }

    bool next() { return regex_ ? next_of_regex() : next_of_function(); }

    std::string_view text() const { return text_.substr(start, end - start); }
    // The function that finds the one after this.
    Value next_function() const {
        if (!regex_) return {};
        regex_->last_index = end;
        return next_match(*regex_, subject_);
    }
    // Whether anything comes back at all: of a matcher function's first answer nobody asks if it is a match.
    bool any() { return regex_ ? next_of_regex() : !ask(matcher_, {subject_}).is_undefined(); }

    // What a matcher function answered is given on as it is.
    Value match_value() const { return regex_ ? text_value(call_.heap, text()) : object.get("match"); }
    Value index_value() { return regex_ ? utf16_offset_of(start) : object.get("start"); }
    Value groups_value() const { return regex_ ? group_values(call_.heap, groups) : object.get("groups"); }
    // Where $replace goes on: after as much text as the match has, whatever `end` a matcher function tells.
    std::size_t after() const {
        if (regex_) return end;
        const Value found = object.get("match");
        if (found.is_undefined() || found.is_null()) throw Fault{"T1010"};
        const double units = found.is_string() ? static_cast<double>(utf16_length(found.as_string())) : std::nan("");
        return byte_of(units_of("start") + units);
    }
    // Where this byte is in UTF-16 units: counted on from the byte that was asked for last, when that is before it.
    Value utf16_offset_of(std::size_t byte) {
        if (byte < counted_bytes_) {
            call_.budget().burn_text(byte);
            counted_bytes_ = 0;
            units_ = 0;
        }
        units_ += utf16_length(text_.substr(counted_bytes_, byte - counted_bytes_));
        counted_bytes_ = byte;
        return Value::number(static_cast<double>(units_));
    }

    std::size_t start = 0;  // in bytes
    std::size_t end = 0;
    std::vector<std::optional<std::string_view>> groups;
    Value object;  // of a matcher function: what it returned

  private:
    bool next_of_regex() {
        if (begun_ && end >= text_.size()) return false;
        auto match = regex_->code->regex->search(*searched_, end, call_.budget());
        if (!match) return false;
        start = match->start;
        end = match->end;
        groups = std::move(match->groups);
        if (begun_ && start == end) throw zero_length(*regex_);
        begun_ = true;
        return true;
    }

    bool next_of_function() {
        const Value found = begun_ ? ask(object.get("next"), {}) : ask(matcher_, {subject_});
        begun_ = true;
        if (found.is_undefined()) return false;
        if (!found.is_object()) throw Fault{"T1010"};
        object = found;
        call_.budget().burn_text(text_.size());  // looked at for each place
        start = object.has("start") ? byte_of(units_of("start")) : text_.size();
        end = byte_of(units_of("end"));
        held_groups_.clear();
        groups.clear();
        const Value found_groups = object.get("groups");
        const std::size_t size = found_groups.is_array() ? found_groups.size() : 0;
        for (std::size_t i = 0; i < size; ++i) held_groups_.push_back(found_groups.at(i));
        for (Value& group : held_groups_) {
            if (!group.is_string() && !group.is_undefined()) group = as_javascript_text(group, call_.heap);
            groups.push_back(group.is_string() ? std::optional{group.as_string()} : std::nullopt);
        }
        return true;
    }

    // What a matcher function answers. One member that a match has is proof enough for the reference, and what is false
    // for JavaScript needs none.
    Value ask(const Value& function, Arguments&& arguments) {
        Value found = call_.evaluator.apply(function, std::move(arguments), Value::null(), call_.frame);
        const bool is_match =
            found.get("start").is_number() || found.get("groups").is_array() || found.get("next").is_function();
        if (!is_match && is_javascript_true(found)) throw Fault{"T1010"};
        return found;
    }

    // Units of the text as JavaScript's substring reads them.
    double units_of(std::string_view member) const {
        const Value units = object.get(member);
        return units.is_number() ? std::trunc(units.as_number()) : std::nan("");
    }
    std::size_t byte_of(double units) const { return std::min(byte_of_utf16(text_, units), text_.size()); }

    Call& call_;
    const Value& matcher_;
    const Value& subject_;
    std::string_view text_;
    Function* regex_ = nullptr;
    std::optional<RegexSubject> searched_;  // by the regex
    bool begun_ = false;
    std::vector<Value> held_groups_;
    std::size_t counted_bytes_ = 0;
    std::size_t units_ = 0;  // before counted_bytes_
};

// The limit argument; none is infinite.
double limit(const Call& call, std::size_t index, std::string_view code) {
    if (!call.has(index)) return INFINITY;
    if (call[index].as_number() < 0) throw Fault{code}.showing("value", call[index]).with("index", Json(index + 1));
    return call[index].as_number();
}

Value contains(Call& call) {
    if (!call.has(0) || !call.has(1)) return {};
    if (call[1].is_string()) {
        call.budget().burn_text(call[0].as_string().size());
        return Value::boolean(call[0].as_string().find(call[1].as_string()) != std::string_view::npos);
    }
    return Value::boolean(Matches{call, call[1], call[0]}.any());
}

Value match(Call& call) {
    if (!call.has(0)) return {};
    const double most = limit(call, 2, "D3040");
    auto result = make_sequence(call.heap);
    Matches matches{call, call[1], call[0]};
    if (!(most > 0)) return as_value(std::move(result));
    bool found = matches.next();
    for (double count = 0; found && count < most; ++count) {
        auto made = make_object(call.heap);
        made->set("match", matches.match_value());
        made->set("index", matches.index_value());
        made->set("groups", matches.groups_value());
        result->push(as_value(std::move(made)));
        found = matches.next();  // also of the last one that is wanted: what is wrong with the next is an error
    }
    return as_value(std::move(result));
}

// The replacement text of a match: $0 is the match, $1 … its groups, $$ a dollar.
std::string substituted(std::string_view replacement, const Matches& matches, Heap& heap) {
    const std::size_t groups = matches.groups.size();
    std::string text;
    std::size_t at = 0;
    for (std::size_t dollar = replacement.find('$'); dollar != std::string_view::npos;
         dollar = replacement.find('$', at)) {
        text += replacement.substr(at, dollar - at);
        at = dollar + 1;
        const char c = at < replacement.size() ? replacement[at] : '\0';
        if (c == '$') {
            text += '$';
            ++at;
        } else if (c == '0') {
            const Value match = matches.match_value();
            text += (match.is_string() ? match : as_javascript_text(match, heap)).as_string();
            ++at;
        } else {
            const std::size_t digits = groups == 0 ? 1 : std::to_string(groups).size();
            auto index = parse_leading_int(replacement.substr(at, digits));
            if (digits > 1 && index && *index > static_cast<double>(groups)) {
                index = parse_leading_int(replacement.substr(at, digits - 1));
            }
            if (!index) {
                text += '$';
                continue;
            }
            if (*index >= 1 && *index <= static_cast<double>(groups)) {
                text += matches.groups[static_cast<std::size_t>(*index) - 1].value_or("");
            }
            at += number_text(*index).size();
        }
    }
    text += replacement.substr(std::min(at, replacement.size()));
    return text;
}

Value match_object(Call& call, Matches& matches) {
    if (matches.object.is_object()) return matches.object;
    call.budget().burn(10);
    auto made = make_object(call.heap);
    made->set("match", text_value(call.heap, matches.text()));
    made->set("start", matches.utf16_offset_of(matches.start));
    made->set("end", matches.utf16_offset_of(matches.end));
    made->set("groups", group_values(call.heap, matches.groups));
    made->set("next", matches.next_function());
    return as_value(std::move(made));
}

std::string replace_text(Call& call, double most) {
    const std::string_view text = call[0].as_string();
    const std::string_view wanted = call[1].as_string();
    const std::string replacement = call.has(2) ? to_string(call[2], call.heap) : "undefined";  // as the reference
    std::string result;
    std::size_t from = 0;
    double count = 0;
    for (std::size_t at = text.find(wanted); at != std::string_view::npos && count < most;
         at = text.find(wanted, from)) {
        result += text.substr(from, at - from);
        result += replacement;
        from = at + wanted.size();
        ++count;
        call.budget().burn(1 + replacement.size() / 16);
        call.budget().check_room(growing * result.size());
    }
    result += text.substr(from);
    return result;
}

Value replace(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    if (call[1].is_string() && call[1].as_string().empty()) {
        throw Fault{"D3010"}.showing("value", call[1]).with("index", Json(2));
    }
    const double most = limit(call, 3, "D3011");
    if (!(most > 0) || !call.has(1)) return call[0];
    call.budget().burn_text(text.size());
    if (call[1].is_string()) return make_text(call.heap, replace_text(call, most));
    std::string result;
    std::size_t from = 0;
    Matches matches{call, call[1], call[0]};
    bool found = matches.next();
    for (double count = 0; found && count < most; ++count) {
        result += between(text, from, matches.start);
        if (call[2].is_string()) {
            const std::string substitute = substituted(call[2].as_string(), matches, call.heap);
            call.budget().burn(1 + substitute.size() / 16);
            result += substitute;
        } else {
            const Value made = call.evaluator.apply(call[2], {match_object(call, matches)}, Value::null(), call.frame);
            if (!made.is_string()) throw Fault{"D3012"}.showing("value", made);
            call.budget().burn_text(made.as_string().size());
            result += made.as_string();
        }
        from = matches.after();
        call.budget().check_room(growing * result.size());
        found = matches.next();
    }
    result += text.substr(from);
    return make_text(call.heap, std::move(result));
}

Value split(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    const double most = limit(call, 2, "D3020");
    auto result = make_array(call.heap);
    if (!(most > 0)) return as_value(std::move(result));
    call.budget().burn_text(text.size());
    const auto put = [&](std::string_view part) { result->push(text_value(call.heap, part)); };
    const auto is_full = [&](double size) { return static_cast<double>(result->size()) >= size; };
    if (!call[1].is_string()) {
        Matches matches{call, call[1], call[0]};
        std::size_t from = 0;
        for (bool found = matches.next(); found && !is_full(most); found = matches.next()) {
            put(between(text, from, matches.start));
            from = matches.end;
        }
        if (!is_full(most)) put(text.substr(from));
        return as_value(std::move(result));
    }
    const double whole = std::floor(most);
    const std::string_view separator = call[1].as_string();
    if (separator.empty()) {
        for (std::size_t at = 0; at < text.size() && !is_full(whole);) {
            const std::size_t begin = at;
            next_code_point(text, at);
            put(text.substr(begin, at - begin));
        }
        return as_value(std::move(result));
    }
    std::size_t from = 0;
    for (std::size_t at = text.find(separator); at != std::string_view::npos && !is_full(whole);
         at = text.find(separator, from)) {
        put(text.substr(from, at - from));
        from = at + separator.size();
    }
    if (!is_full(whole)) put(text.substr(from));
    return as_value(std::move(result));
}

constexpr std::array functions{
    Builtin{"match", "<s-f<s:o>n?:a<o>>", 3, match},
    Builtin{"contains", "<s-(sf):b>", 2, contains},
    Builtin{"replace", "<s-(sf)(sf)n?:s>", 4, replace},
    Builtin{"split", "<s-(sf)n?:a<s>>", 3, split},
};

}  // namespace

std::span<const Builtin> matching_functions() { return functions; }

}  // namespace pawl::jsonata
