#include "states/asl/yaml_document.hpp"

#include <yaml.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "states/asl/source.hpp"
#include "states/json.hpp"

namespace pawl::asl {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// libyaml counts characters, we count bytes. Marks mostly come in the order of the text.
class ByteOffsets {
  public:
    explicit ByteOffsets(std::string_view text) : text_{text} {}
    std::size_t of(std::size_t character) {
        if (character < character_) character_ = byte_ = 0;
        while (character_ < character && byte_ < text_.size()) {
            ++byte_;
            while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0) == 0x80) ++byte_;
            ++character_;
        }
        return byte_;
    }

  private:
    std::string_view text_;
    std::size_t character_ = 0;
    std::size_t byte_ = 0;
};

std::string text_of(const yaml_char_t* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

class Builder {
  public:
    explicit Builder(std::string_view text)
        : text_{text},
          skipped_{text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0},
          offsets_{text.substr(skipped_)} {}

    Result<YamlDocument, YamlProblem> run() {
        try {
            read();
            return std::move(document_);
        } catch (YamlProblem& problem) {
            return std::move(problem);
        }
    }

  private:
    struct Open {
        std::uint32_t node;
        std::unordered_map<std::string, std::size_t> keys = {};  // of a mapping, and where they stand
    };

    void read() {
        yaml_parser_t parser;
        if (yaml_parser_initialize(&parser) == 0) throw std::bad_alloc{};
        const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> owner{&parser, yaml_parser_delete};
        const auto rest = text_.substr(skipped_);
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(rest.data()), rest.size());
        for (bool more = true; more;) {
            yaml_event_t event;
            if (yaml_parser_parse(&parser, &event) == 0) throw broken(parser);
            const std::unique_ptr<yaml_event_t, void (*)(yaml_event_t*)> event_owner{&event, yaml_event_delete};
            more = event.type != YAML_STREAM_END_EVENT;
            take(event);
        }
    }

    YamlProblem broken(const yaml_parser_t& parser) {
        std::string message = parser.problem ? parser.problem : "not YAML";
        if (parser.context) message = std::string{parser.context} + ": " + message;
        if (parser.error == YAML_READER_ERROR) return {skipped_ + parser.problem_offset, std::move(message)};
        const auto offset = at(parser.problem_mark);
        const bool tab = offset < text_.size() && text_[offset] == '\t';
        return {offset, std::move(message), tab ? "YAML is indented by spaces, not by tabs" : ""};
    }

    std::size_t at(const yaml_mark_t& mark) { return skipped_ + offsets_.of(mark.index); }

    void take(const yaml_event_t& event) {
        const auto offset = at(event.start_mark);
        switch (event.type) {
            case YAML_DOCUMENT_START_EVENT:
                if (std::exchange(begun_, true)) {
                    throw YamlProblem{offset, "There is more than one document in this text",
                                      "a definition is one document: remove what follows '---'"};
                }
                break;
            case YAML_SCALAR_EVENT:
                scalar(event, offset);
                break;
            case YAML_SEQUENCE_START_EVENT:
                open(
                    {.kind = YamlNode::Kind::Sequence, .offset = offset, .tag = text_of(event.data.sequence_start.tag)},
                    text_of(event.data.sequence_start.anchor));
                break;
            case YAML_MAPPING_START_EVENT:
                open({.kind = YamlNode::Kind::Mapping, .offset = offset, .tag = text_of(event.data.mapping_start.tag)},
                     text_of(event.data.mapping_start.anchor));
                break;
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                open_.pop_back();
                break;
            case YAML_ALIAS_EVENT:
                alias(text_of(event.data.alias.anchor), offset);
                break;
            default:
                break;
        }
    }

    bool at_key() const {
        if (open_.empty()) return false;
        const auto& parent = document_.nodes[open_.back().node];
        return parent.kind == YamlNode::Kind::Mapping && parent.children.size() % 2 == 0;
    }

    void scalar(const yaml_event_t& event, std::size_t offset) {
        const auto& data = event.data.scalar;
        YamlNode node{.kind = YamlNode::Kind::Scalar, .offset = offset, .tag = text_of(data.tag)};
        node.plain = data.style == YAML_PLAIN_SCALAR_STYLE;
        node.text.assign(reinterpret_cast<const char*>(data.value), data.length);
        if (at_key()) check_key(node);
        add(std::move(node), text_of(data.anchor));
    }

    void check_key(const YamlNode& key) {
        const auto [found, added] = open_.back().keys.try_emplace(key.text, key.offset);
        if (added || key.text == "<<") return;
        throw YamlProblem{key.offset, "The key '" + key.text + "' is in this mapping twice",
                          "the first is in line " + std::to_string(position_at(text_, found->second).line), true};
    }

    std::uint32_t add(YamlNode node, const std::string& anchor) {
        const auto index = static_cast<std::uint32_t>(document_.nodes.size());
        document_.nodes.push_back(std::move(node));
        attach(index);
        if (!anchor.empty()) anchors_[anchor] = index;
        return index;
    }

    void attach(std::uint32_t index) {
        if (open_.empty()) {
            document_.root = index;
        } else {
            document_.nodes[open_.back().node].children.push_back(index);
        }
    }

    void open(YamlNode node, const std::string& anchor) {
        if (at_key()) throw YamlProblem{node.offset, "A key must be a text, not a mapping or a sequence"};
        if (open_.size() >= max_json_depth) {
            throw YamlProblem{node.offset, "Nested more than " + std::to_string(max_json_depth) + " levels deep"};
        }
        const auto index = add(std::move(node), anchor);
        open_.push_back({index});
    }

    void alias(const std::string& name, std::size_t offset) {
        const auto found = anchors_.find(name);
        if (found == anchors_.end()) {
            throw YamlProblem{offset, "There is no anchor '&" + name + "' for the alias '*" + name + "'",
                              "an anchor stands before its aliases"};
        }
        const auto target = found->second;
        if (std::any_of(open_.begin(), open_.end(), [&](const Open& outer) { return outer.node == target; })) {
            throw YamlProblem{offset, "The alias '*" + name + "' stands within what it stands for"};
        }
        if (at_key()) {
            const auto& key = document_.nodes[target];
            if (key.kind != YamlNode::Kind::Scalar) {
                throw YamlProblem{offset, "A key must be a text, not a mapping or a sequence"};
            }
            check_key({.offset = offset, .text = key.text});
        }
        attach(target);
    }

    std::string_view text_;
    std::size_t skipped_;
    ByteOffsets offsets_;
    YamlDocument document_;
    std::vector<Open> open_;
    std::unordered_map<std::string, std::uint32_t> anchors_;
    bool begun_ = false;
};

}  // namespace

Result<YamlDocument, YamlProblem> parse_yaml(std::string_view text) {
    if (text.size() > max_yaml_bytes) {
        return YamlProblem{0, "The text is longer than " + std::to_string(max_yaml_bytes) + " bytes"};
    }
    return Builder{text}.run();
}

}  // namespace pawl::asl
