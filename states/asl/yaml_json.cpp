#include "states/asl/yaml_json.hpp"

#include <unordered_set>

#include "states/asl/placeholders.hpp"
#include "states/json.hpp"

namespace pawl::asl {
namespace {

constexpr std::string_view core_tags = "tag:yaml.org,2002:";
constexpr std::size_t max_steps = 500'000;  // nodes looked at: merges of merges cost time without leaving text

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
        if (text == word) return true;
    }
    return false;
}

// A number of the core schema as JSON writes it; empty: it is none.
class Number {
  public:
    explicit Number(std::string_view text) : text_{text} {}
    std::string read() {
        if (text_.starts_with("0o")) return in_base(8);
        if (text_.starts_with("0x")) return in_base(16);
        const std::string sign = take_sign() ? "-" : "";
        auto whole = digits();
        std::string fraction, exponent;
        if (take('.')) {
            fraction = digits();
            if (whole.empty() && fraction.empty()) return {};
            if (fraction.empty()) fraction = "0";
        }
        if (whole.empty() && fraction.empty()) return {};
        if (take('e') || take('E')) {
            exponent = take_sign() ? "e-" : "e";
            const auto power = digits();
            if (power.empty()) return {};
            exponent += power;
        }
        if (at_ != text_.size()) return {};
        whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
        if (whole.empty()) whole = "0";
        return sign + whole + (fraction.empty() ? "" : "." + fraction) + exponent;
    }

  private:
    bool take(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool take_sign() {  // true: minus
        const bool minus = take('-');
        if (!minus) take('+');
        return minus;
    }
    std::string digits() {
        const auto begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        return std::string{text_.substr(begin, at_ - begin)};
    }
    std::string in_base(unsigned base) const {
        std::uint64_t value = 0;
        if (text_.size() == 2 || text_.size() > 17) return {};
        for (const char c : text_.substr(2)) {
            const unsigned digit = is_digit(c)              ? static_cast<unsigned>(c - '0')
                                   : (c >= 'a' && c <= 'f') ? static_cast<unsigned>(c - 'a' + 10)
                                   : (c >= 'A' && c <= 'F') ? static_cast<unsigned>(c - 'A' + 10)
                                                            : base;
            if (digit >= base) return {};
            value = value * base + digit;
        }
        return std::to_string(value);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

class Writer {
  public:
    Writer(const YamlDocument& document, const YamlReading& reading) : document_{document}, reading_{reading} {}

    DerivedText run() {
        write(document_.root, 0);
        return std::move(out_);
    }

  private:
    const YamlNode& node(std::uint32_t index) const { return document_.nodes[index]; }

    void step(std::size_t offset, std::size_t depth) {
        if (depth > max_json_depth) {
            throw YamlProblem{offset, "Nested more than " + std::to_string(max_json_depth) + " levels deep"};
        }
        if (++steps_ > max_steps || out_.text().size() > max_yaml_expansion) {
            throw YamlProblem{offset, "The aliases of this document make it too large",
                              "written out, it may have " + std::to_string(max_yaml_expansion) + " bytes"};
        }
    }

    void write(std::uint32_t index, std::size_t depth) {
        const YamlNode& value = node(index);
        step(value.offset, depth);
        if (!value.tag.empty() && value.tag != "!") return write_tagged(value, depth);
        write_untagged(value, depth);
    }

    void write_untagged(const YamlNode& value, std::size_t depth) {
        switch (value.kind) {
            case YamlNode::Kind::Scalar:
                return write_scalar(value);
            case YamlNode::Kind::Sequence:
                return write_sequence(value, depth);
            case YamlNode::Kind::Mapping:
                return write_mapping(value, depth);
        }
    }

    // "!Ref x" is {"Ref": "x"}, "!GetAtt a.b" is {"Fn::GetAtt": ["a", "b"]}, "!Sub x" is {"Fn::Sub": "x"}.
    void write_tagged(const YamlNode& value, std::size_t depth) {
        const bool core = value.tag.starts_with(core_tags);
        const std::string shown = core ? "!!" + value.tag.substr(core_tags.size()) : value.tag;
        if (core || !reading_.cloudformation_tags || !value.tag.starts_with('!')) {
            const bool function = is_one_of(value.tag, {"!Sub", "!Ref", "!GetAtt", "!Join", "!If", "!Select"});
            throw YamlProblem{value.offset, "Tags such as '" + shown + "' are not supported",
                              function
                                  ? "functions of CloudFormation belong into the template: write ${Name} here, and "
                                    "give its value by DefinitionSubstitutions"
                              : core ? "leave it out; quotes make a text of anything"
                                     : ""};
        }
        const std::string name = value.tag.substr(1);
        const std::string key = is_one_of(name, {"Ref", "Condition"}) ? name : "Fn::" + name;
        out_.stand_for("{" + quoted(key) + ":", value.offset);
        const auto dot = value.text.find('.');
        if (name == "GetAtt" && value.kind == YamlNode::Kind::Scalar && dot != std::string::npos) {
            out_.stand_for("[" + quoted(value.text.substr(0, dot)) + "," + quoted(value.text.substr(dot + 1)) + "]",
                           value.offset);
        } else {
            write_untagged(value, depth + 1);
        }
        out_.stand_for("}", value.offset);
    }

    std::string quoted(const std::string& text) const { return to_text(Json(text)); }

    void write_scalar(const YamlNode& value) { out_.stand_for(scalar(value), value.offset); }

    std::string scalar(const YamlNode& value) const {
        const auto& text = value.text;
        if (!value.plain) return quoted(text);
        if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return "null";
        if (is_one_of(text, {"true", "True", "TRUE"})) return "true";
        if (is_one_of(text, {"false", "False", "FALSE"})) return "false";
        if (reading_.bare_placeholders && is_placeholder(text)) return text;
        std::string_view unsigned_text = text;
        if (!text.empty() && (text[0] == '-' || text[0] == '+')) unsigned_text.remove_prefix(1);
        if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"})) {
            throw YamlProblem{value.offset, "JSON has no number like '" + text + "'"};
        }
        auto number = Number{text}.read();
        return number.empty() ? quoted(text) : number;
    }

    void write_sequence(const YamlNode& value, std::size_t depth) {
        out_.stand_for("[", value.offset);
        bool first = true;
        for (const auto child : value.children) {
            if (!std::exchange(first, false)) out_.stand_for(",", node(child).offset);
            write(child, depth + 1);
        }
        out_.stand_for("]", value.offset);
    }

    using Keys = std::unordered_set<std::string_view>;

    bool is_merge(const YamlNode& key) const { return key.plain && key.text == "<<"; }

    void write_mapping(const YamlNode& value, std::size_t depth) {
        out_.stand_for("{", value.offset);
        Keys keys;  // a key of the mapping itself goes before one that is merged in, wherever `<<` stands
        for (std::size_t i = 0; i < value.children.size(); i += 2) {
            if (!is_merge(node(value.children[i]))) keys.insert(node(value.children[i]).text);
        }
        bool first = true;
        for (std::size_t i = 0; i < value.children.size(); i += 2) {
            const YamlNode& key = node(value.children[i]);
            if (is_merge(key)) {
                merge(value.children[i + 1], depth, keys, first);
            } else {
                member(key, value.children[i + 1], depth, first);
            }
        }
        out_.stand_for("}", value.offset);
    }

    void member(const YamlNode& key, std::uint32_t value, std::size_t depth, bool& first) {
        if (!key.tag.empty() && key.tag != "!") {
            throw YamlProblem{key.offset, "A key has no tag"};
        }
        if (!std::exchange(first, false)) out_.stand_for(",", key.offset);
        out_.stand_for(quoted(key.text) + ":", key.offset);
        write(value, depth + 1);
    }

    // The members of a mapping, or of each mapping in a sequence, that `keys` does not hold yet.
    void merge(std::uint32_t from, std::size_t depth, Keys& keys, bool& first) {
        const YamlNode& source = node(from);
        step(source.offset, depth);
        if (source.kind == YamlNode::Kind::Sequence) {
            for (const auto child : source.children) {
                if (node(child).kind != YamlNode::Kind::Mapping) wrong_merge(node(child));
                merge(child, depth + 1, keys, first);
            }
            return;
        }
        if (source.kind != YamlNode::Kind::Mapping) wrong_merge(source);
        for (std::size_t i = 0; i < source.children.size(); i += 2) {
            const YamlNode& key = node(source.children[i]);
            step(key.offset, depth);
            if (!is_merge(key) && keys.insert(key.text).second) member(key, source.children[i + 1], depth, first);
        }
        for (std::size_t i = 0; i < source.children.size(); i += 2) {
            if (is_merge(node(source.children[i]))) merge(source.children[i + 1], depth + 1, keys, first);
        }
    }

    [[noreturn]] static void wrong_merge(const YamlNode& value) {
        throw YamlProblem{value.offset, "'<<' merges mappings, and this is none"};
    }

    const YamlDocument& document_;
    const YamlReading& reading_;
    DerivedText out_;
    std::size_t steps_ = 0;
};

}  // namespace

Result<DerivedText, YamlProblem> yaml_to_json(const YamlDocument& document, const YamlReading& reading) {
    try {
        return Writer{document, reading}.run();
    } catch (YamlProblem& problem) {
        return std::move(problem);
    }
}

}  // namespace pawl::asl
