// The grammar of `[?(…)]`: comparisons and existence tests joined by `!`, `&&`, `||` and parentheses.
#include <algorithm>
#include <array>
#include <cctype>

#include "states/data/json_path_filter.hpp"
#include "states/data/json_path_parser.hpp"

namespace pawl::data::path {
namespace {

struct NamedRelation {
    std::string_view name;
    Relation relation;
};
// A longer sign stands before its beginning.
constexpr std::array signs{
    NamedRelation{"===", Relation::same},         NamedRelation{"!==", Relation::not_same},
    NamedRelation{"==", Relation::equal},         NamedRelation{"!=", Relation::not_equal},
    NamedRelation{"=~", Relation::matches},       NamedRelation{"<=", Relation::less_equal},
    NamedRelation{">=", Relation::greater_equal}, NamedRelation{"<", Relation::less},
    NamedRelation{">", Relation::greater},
};
constexpr std::array words{
    NamedRelation{"in", Relation::in},
    NamedRelation{"nin", Relation::not_in},
    NamedRelation{"contains", Relation::contains},
    NamedRelation{"all", Relation::all},
    NamedRelation{"size", Relation::size},
    NamedRelation{"empty", Relation::empty},
    NamedRelation{"subsetof", Relation::subset_of},
    NamedRelation{"anyof", Relation::any_of},
    NamedRelation{"noneof", Relation::none_of},
};

Condition parse_or(Cursor& cursor);

Relation parse_relation(Cursor& cursor) {
    for (const auto& sign : signs) {
        if (cursor.take(sign.name)) return sign.relation;
    }
    std::string word;
    for (; std::isalpha(static_cast<unsigned char>(cursor.peek())) != 0; ++cursor.at) {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(cursor.peek())));
    }
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& known) { return known.name == word; });
    if (found == words.end()) cursor.fail("expected a comparison operator");
    return found->relation;
}

// 'text' or "text": a backslash takes the meaning from what is behind it, but for \n, \t, \r, \b and \f.
Json parse_string(Cursor& cursor) {
    const char quote = cursor.peek();
    std::string value;
    for (++cursor.at; cursor.peek() != quote || cursor.done(); ++cursor.at) {
        if (cursor.done()) cursor.fail("the text is not closed");
        char c = cursor.peek();
        if (c == '\\' && cursor.at + 1 < cursor.text.size()) {
            ++cursor.at;
            constexpr std::string_view letters = "ntrbf";
            constexpr std::string_view meanings = "\n\t\r\b\f";
            c = cursor.peek();
            if (const auto known = letters.find(c); known != std::string_view::npos) c = meanings[known];
        }
        value += c;
    }
    ++cursor.at;
    return value;
}

// /pattern/flags
Regex parse_regex(Cursor& cursor) {
    std::string pattern;
    for (++cursor.at; cursor.peek() != '/' || cursor.done(); ++cursor.at) {
        if (cursor.done()) cursor.fail("the regular expression is not closed");
        if (cursor.starts_with("\\/"))
            ++cursor.at;
        else if (cursor.peek() == '\\' && cursor.peek(1) != '\0') {
            pattern += '\\';
            ++cursor.at;
        }
        pattern += cursor.peek();
    }
    const auto flags = ++cursor.at;
    while (std::isalpha(static_cast<unsigned char>(cursor.peek())) != 0) ++cursor.at;
    auto regex = Regex::compile(pattern, cursor.text.substr(flags, cursor.at - flags));
    if (!regex) cursor.fail(regex.error());
    return *std::move(regex);
}

// [1, 'a'] or {"a": 1}: JSON, in which texts may also stand in single quotes.
Json parse_array(Cursor& cursor);
Json parse_literal(Cursor& cursor) {
    cursor.skip_blanks();
    const char c = cursor.peek();
    if (c == '\'' || c == '"') return parse_string(cursor);
    if (c == '[') return parse_array(cursor);
    const auto begin = cursor.at;
    if (c == '{') {
        int open = 0;
        do {
            if (cursor.done()) cursor.fail("the object is not closed");
            if (cursor.peek() == '"') parse_string(cursor), --cursor.at;
            if (cursor.peek() == '{') ++open;
            if (cursor.peek() == '}') --open;
            ++cursor.at;
        } while (open > 0);
    } else {
        while (!cursor.done() && (std::isalnum(static_cast<unsigned char>(cursor.peek())) != 0 ||
                                  std::string_view{"+-."}.find(cursor.peek()) != std::string_view::npos)) {
            ++cursor.at;
        }
    }
    auto value = parse_json(cursor.text.substr(begin, cursor.at - begin));
    if (!value) cursor.fail("expected a value");
    return *std::move(value);
}

Json parse_array(Cursor& cursor) {
    if (++cursor.depth > max_filter_depth) cursor.fail("nested too deep");
    cursor.expect("[");
    Json array = Json::array();
    cursor.skip_blanks();
    if (!cursor.take("]")) {
        do {
            array.push_back(parse_literal(cursor));
            cursor.skip_blanks();
        } while (cursor.take(","));
        cursor.expect("]");
    }
    --cursor.depth;
    return array;
}

Operand parse_operand(Cursor& cursor) {
    cursor.skip_blanks();
    const char c = cursor.peek();
    if (c == '@' || c == '$') return parse_query(cursor, Place::filter);
    if (c == '/') return parse_regex(cursor);
    return parse_literal(cursor);
}

Condition parse_test(Cursor& cursor) {
    auto left = parse_operand(cursor);
    cursor.skip_blanks();
    if (cursor.done() || cursor.peek() == ')' || cursor.starts_with("&&") || cursor.starts_with("||")) {
        auto* query = std::get_if<Query>(&left);
        if (query == nullptr) cursor.fail("expected a comparison operator");
        return {Exists{std::move(*query)}};
    }
    const auto relation = parse_relation(cursor);
    return {Comparison{std::move(left), relation, parse_operand(cursor)}};
}

Condition parse_unary(Cursor& cursor) {
    if (++cursor.depth > max_filter_depth) cursor.fail("nested too deep");
    cursor.skip_blanks();
    std::optional<Condition> condition;
    if (cursor.take("!")) {
        condition = Condition{Not{{parse_unary(cursor)}}};
    } else if (cursor.take("(")) {
        condition = parse_or(cursor);
        cursor.skip_blanks();
        cursor.expect(")");
    } else {
        condition = parse_test(cursor);
    }
    --cursor.depth;
    return *std::move(condition);
}

// One or more `part`s with `sign` between them.
template <class Join>
Condition parse_joined(Cursor& cursor, std::string_view sign, Condition (*part)(Cursor&)) {
    Join join;
    do {
        join.parts.push_back(part(cursor));
        cursor.skip_blanks();
    } while (cursor.take(sign));
    if (join.parts.size() == 1) return std::move(join.parts.front());
    return {std::move(join)};
}

Condition parse_and(Cursor& cursor) { return parse_joined<And>(cursor, "&&", parse_unary); }
Condition parse_or(Cursor& cursor) { return parse_joined<Or>(cursor, "||", parse_and); }

}  // namespace

Condition parse_filter(Cursor& cursor) {
    if (++cursor.depth > max_filter_depth) cursor.fail("nested too deep");
    cursor.skip_blanks();
    cursor.expect("(");
    auto condition = parse_or(cursor);
    cursor.skip_blanks();
    cursor.expect(")");
    --cursor.depth;
    return condition;
}

}  // namespace pawl::data::path
