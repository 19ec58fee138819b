#include <vector>

#include "states/data/intrinsic_functions.hpp"
#include "states/data/java_text.hpp"

namespace pawl::data::intrinsic {
namespace {

// The characters of a UTF-8 text.
std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xc0) == 0x80) ++length;
        out.push_back(text.substr(at, length));
        at += length;
    }
    return out;
}

// A template is read with its escapes still in it: `\{\}` is no placeholder. A literal may also escape ' and \; in a
// template that comes by a path those stay as they are.
bool is_escape(std::string_view rest, bool literal) {
    if (rest.size() < 2 || rest[0] != '\\') return false;
    return rest[1] == '{' || rest[1] == '}' || (literal && (rest[1] == '\'' || rest[1] == '\\'));
}

}  // namespace

Json format(Arguments& arguments) {
    const bool literal = arguments.literal_template != nullptr;
    const std::string_view text = literal ? *arguments.literal_template : arguments.text(0);
    std::string out;
    std::size_t next = 1;
    for (std::size_t at = 0; at < text.size();) {
        if (is_escape(text.substr(at), literal)) {
            out += text[at + 1];
            at += 2;
        } else if (text.substr(at, 2) == "{}") {
            if (next == arguments.size()) throw Failure{"There are more occurrences of {} than arguments"};
            const auto value = java_text(arguments[next++]);
            arguments.make_bytes(value.size());
            out += value;
            at += 2;
        } else {
            out += text[at++];
        }
    }
    if (next != arguments.size()) throw Failure{"There are more arguments than occurrences of {}"};
    return out;
}

// Every character of the second text separates; what is empty between two of them is left out.
Json string_split(Arguments& arguments) {
    const auto& text = arguments.text(0);
    const auto separators = characters(arguments.text(1));
    Json out = Json::array();
    std::string part;
    const auto close = [&] {
        if (!part.empty()) out.push_back(std::move(part));
        part.clear();
    };
    for (const auto character : characters(text)) {
        arguments.visit(separators.size());
        bool separates = false;
        for (const auto separator : separators) separates = separates || separator == character;
        if (separates) {
            close();
        } else {
            part += character;
        }
    }
    close();
    return out;
}

Json uuid(Arguments& arguments) { return arguments.random().uuid(); }

}  // namespace pawl::data::intrinsic
