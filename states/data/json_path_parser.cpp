#include "states/data/json_path_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "states/data/json_path_filter.hpp"

namespace pawl::data::path {
namespace {

constexpr std::size_t max_variable_name = 80;  // characters

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Of a variable's name, which is a Unicode identifier: any character outside ASCII counts as a letter.
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_name(char c, Place place) {
    if (is_blank(c) || std::string_view{".[]()'\",?*\\"}.find(c) != std::string_view::npos) return true;
    return place == Place::filter && std::string_view{"=!<>~&|"}.find(c) != std::string_view::npos;
}

struct NamedFunction {
    std::string_view name;
    Function function;
};
constexpr std::array functions{
    NamedFunction{"length", Function::length}, NamedFunction{"size", Function::length},
    NamedFunction{"min", Function::min},       NamedFunction{"max", Function::max},
    NamedFunction{"avg", Function::avg},       NamedFunction{"sum", Function::sum},
    NamedFunction{"stddev", Function::stddev}, NamedFunction{"keys", Function::keys},
    NamedFunction{"first", Function::first},   NamedFunction{"last", Function::last},
    NamedFunction{"index", Function::index},   NamedFunction{"concat", Function::concat},
    NamedFunction{"append", Function::append},
};

std::int64_t parse_integer(Cursor& cursor) {
    std::int64_t value = 0;
    const auto rest = cursor.text.substr(cursor.at);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{}) cursor.fail("expected an array index");
    cursor.at += static_cast<std::size_t>(end - rest.data());
    return value;
}

// 'name', from its quote on. A backslash keeps the quote behind it from ending the name; it stands for itself before
// anything else (AWS looks up `$['a\"b']` as a\"b).
std::string parse_quoted_name(Cursor& cursor) {
    const char quote = cursor.peek();
    ++cursor.at;
    std::string name;
    while (cursor.peek() != quote || cursor.done()) {
        if (cursor.done()) cursor.fail("the property name is not closed");
        if (cursor.peek() == '\\' && cursor.at + 1 < cursor.text.size()) {
            if (cursor.peek(1) != quote) name += '\\';
            ++cursor.at;
        }
        name += cursor.peek();
        ++cursor.at;
    }
    ++cursor.at;
    return name;
}

Step parse_names(Cursor& cursor) {
    std::vector<std::string> names;
    do {
        cursor.skip_blanks();
        if (cursor.peek() != '\'' && cursor.peek() != '"') cursor.fail("expected a quoted property name");
        names.push_back(parse_quoted_name(cursor));
        cursor.skip_blanks();
    } while (cursor.take(","));
    cursor.expect("]");
    if (names.size() == 1) return Name{std::move(names.front())};
    return Names{std::move(names)};
}

Step parse_slice(Cursor& cursor, std::optional<std::int64_t> from) {
    cursor.expect(":");
    cursor.skip_blanks();
    Slice slice{from, std::nullopt};
    if (cursor.peek() == '-' || is_digit(cursor.peek())) slice.to = parse_integer(cursor);
    cursor.skip_blanks();
    if (cursor.take(":")) {  // Jayway reads a third number and ignores it
        cursor.skip_blanks();
        if (cursor.peek() == '-' || is_digit(cursor.peek())) parse_integer(cursor);
        cursor.skip_blanks();
    }
    cursor.expect("]");
    if (!slice.from && !slice.to) cursor.fail("a slice needs a start or an end");
    return slice;
}

Step parse_indexes(Cursor& cursor) {
    if (cursor.peek() == ':') return parse_slice(cursor, std::nullopt);
    std::vector<std::int64_t> indexes;
    do {
        cursor.skip_blanks();
        indexes.push_back(parse_integer(cursor));
        cursor.skip_blanks();
    } while (cursor.take(","));
    if (indexes.size() == 1 && cursor.peek() == ':') return parse_slice(cursor, indexes.front());
    cursor.expect("]");
    if (indexes.size() == 1) return Index{indexes.front()};
    return Indexes{std::move(indexes)};
}

// [(@.length-1)], an older way to say [-1].
Step parse_size_index(Cursor& cursor) {
    cursor.expect("(");
    cursor.skip_blanks();
    cursor.expect("@.");
    if (!cursor.take("length") && !cursor.take("size")) cursor.fail("expected (@.length - n)");
    cursor.take("()");
    cursor.skip_blanks();
    if (cursor.peek() != '-') cursor.fail("expected (@.length - n)");
    ++cursor.at;
    cursor.skip_blanks();
    const auto back = parse_integer(cursor);
    cursor.skip_blanks();
    cursor.expect(")");
    cursor.skip_blanks();
    cursor.expect("]");
    if (back < 1) cursor.fail("an index must be inside the array");
    return Index{-back};
}

Step parse_bracket(Cursor& cursor) {
    cursor.expect("[");
    cursor.skip_blanks();
    const char c = cursor.peek();
    if (c == '\'' || c == '"') return parse_names(cursor);
    if (c == '-' || c == ':' || is_digit(c)) return parse_indexes(cursor);
    if (c == '(') return parse_size_index(cursor);
    if (cursor.take("*")) {
        cursor.skip_blanks();
        cursor.expect("]");
        return Wildcard{};
    }
    if (cursor.take("?")) {
        auto condition = std::make_shared<const Condition>(parse_filter(cursor));
        cursor.skip_blanks();
        cursor.expect("]");
        return Filter{std::move(condition)};
    }
    cursor.fail("'[' must be followed by a quoted name, a number, '*' or '?('");
}

// A JSON value among a function's arguments: up to the comma or parenthesis behind it.
Json parse_json_argument(Cursor& cursor) {
    const auto begin = cursor.at;
    int open = 0;
    bool in_string = false;
    for (; !cursor.done(); ++cursor.at) {
        const char c = cursor.peek();
        if (in_string) {
            if (c == '\\') ++cursor.at;
            in_string = c != '"';
            continue;
        }
        if (open == 0 && (c == ',' || c == ')')) break;
        if (c == '"') in_string = true;
        if (c == '{' || c == '[') ++open;
        if (c == '}' || c == ']') --open;
    }
    cursor.at = std::min(cursor.at, cursor.text.size());
    auto value = parse_json(cursor.text.substr(begin, cursor.at - begin));
    if (!value) cursor.fail("an argument must be a path or JSON");
    return *std::move(value);
}

Step parse_call(Cursor& cursor, std::string name) {
    const auto found =
        std::find_if(functions.begin(), functions.end(), [&](const auto& known) { return known.name == name; });
    if (found == functions.end()) cursor.fail("there is no function '" + name + "'");
    Call call{found->function, std::move(name), {}};
    cursor.expect("(");
    cursor.skip_blanks();
    if (cursor.take(")")) return call;
    if (++cursor.depth > max_filter_depth) cursor.fail("nested too deep");
    do {
        cursor.skip_blanks();
        const bool is_path = cursor.peek() == '$';
        call.arguments.push_back(is_path ? Argument{parse_query(cursor, Place::argument)}
                                         : Argument{parse_json_argument(cursor)});
        cursor.skip_blanks();
    } while (cursor.take(","));
    cursor.expect(")");
    --cursor.depth;
    return call;
}

Step parse_name_or_call(Cursor& cursor, Place place) {
    const auto begin = cursor.at;
    while (!cursor.done() && !ends_name(cursor.peek(), place)) ++cursor.at;
    std::string name{cursor.text.substr(begin, cursor.at - begin)};
    if (name.empty()) cursor.fail("expected a property name (use bracket notation for special characters)");
    if (cursor.peek() == '(') return parse_call(cursor, std::move(name));
    return Name{std::move(name)};
}

void parse_steps(Cursor& cursor, Place place, std::vector<Step>& steps) {
    while (cursor.peek() == '.' || cursor.peek() == '[') {
        if (steps.size() >= max_steps) cursor.fail("the path has too many steps");
        if (cursor.take("..")) {
            steps.emplace_back(Scan{});
        } else {
            cursor.take(".");
        }
        if (cursor.done()) cursor.fail("a path must not end with a '.'");
        if (cursor.peek() == '[') {
            steps.push_back(parse_bracket(cursor));
        } else if (cursor.take("*")) {
            steps.emplace_back(Wildcard{});
        } else {
            steps.push_back(parse_name_or_call(cursor, place));
        }
    }
}

void parse_root(Cursor& cursor, Place place, Query& query) {
    if (place == Place::filter && cursor.take("@")) {
        query.root = Root::current;
        return;
    }
    if (!cursor.take("$")) cursor.fail("a path must start with '$'");
    if (place != Place::whole) return;
    if (cursor.take("$")) {
        query.root = Root::context;
        return;
    }
    if (!is_letter(cursor.peek())) return;
    query.root = Root::variable;
    const auto begin = cursor.at;
    while (is_letter(cursor.peek()) || is_digit(cursor.peek())) ++cursor.at;
    query.variable = cursor.text.substr(begin, cursor.at - begin);
    const auto characters = std::count_if(query.variable.begin(), query.variable.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (static_cast<std::size_t>(characters) > max_variable_name) cursor.fail("a variable's name is at most 80 long");
}

}  // namespace

void Cursor::skip_blanks() {
    while (is_blank(peek())) ++at;
}

bool Cursor::take(std::string_view token) {
    if (!starts_with(token)) return false;
    at += token.size();
    return true;
}

void Cursor::expect(std::string_view token) {
    if (!take(token)) fail("expected '" + std::string{token} + "'");
}

void Cursor::fail(std::string_view what) const {
    throw BadPath{std::string{what} + " at position " + std::to_string(std::min(at, text.size()))};
}

Query parse_query(Cursor& cursor, Place place) {
    Query query;
    parse_root(cursor, place, query);
    parse_steps(cursor, place, query.steps);
    if (place == Place::whole && !cursor.done()) cursor.fail("expected '.' or '['");
    return query;
}

}  // namespace pawl::data::path
