// The elements of a JSON text as items, cut out of the stream one by one: the text as a whole is never in memory.
// Each element is checked when it is its turn; what lies around the elements only as far as it must be to find them.
#include <charconv>

#include "orchestrator/map_runs/reading.hpp"

namespace pawl::reading {
namespace {

// Values of a JSON text as texts, found by their brackets and quotes alone.
class JsonCutter {
  public:
    explicit JsonCutter(std::unique_ptr<ByteSource> bytes) : bytes_{std::move(bytes)} {}

    // The next byte that is no white space, still to be read.
    int look() {
        while (true) {
            const int byte = bytes_.peek();
            if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') return byte;
            bytes_.next();
        }
    }
    // Reads `wanted`, if it comes next.
    bool take(int wanted) {
        if (look() != wanted) return false;
        bytes_.next();
        return true;
    }

    // The text of the next value, at most `max_item_bytes` of it; empty when there is none, or it does not end.
    std::string value() { return cut(true) ? std::move(text_) : std::string{}; }
    bool skip() { return cut(false); }

    const S3Error* error() const { return too_long_ ? &*too_long_ : bytes_.error(); }

  private:
    bool cut(bool keep) {
        text_.clear();
        const int first = look();
        if (first == '"') return cut_string(keep);
        if (first != '{' && first != '[') return cut_word(keep);
        std::size_t depth = 0;
        do {
            const int byte = bytes_.peek();
            if (byte == ByteReader::end) return false;
            if (byte == '"') {
                if (!cut_string(keep)) return false;
                continue;
            }
            if (byte == '{' || byte == '[') ++depth;
            if (byte == '}' || byte == ']') --depth;
            if (!read(keep)) return false;
        } while (depth > 0);
        return true;
    }
    bool cut_string(bool keep) {
        if (!read(keep)) return false;
        while (true) {
            const int byte = bytes_.peek();
            if (byte == ByteReader::end || !read(keep)) return false;
            if (byte == '"') return true;
            if (byte == '\\' && (bytes_.peek() == ByteReader::end || !read(keep))) return false;
        }
    }
    // A number, true, false, null: up to what can't be part of one.
    bool cut_word(bool keep) {
        bool any = false;
        while (true) {
            const int byte = bytes_.peek();
            const bool part = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                              (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '+' || byte == '.';
            if (!part) return any;
            any = true;
            if (!read(keep)) return false;
        }
    }
    bool read(bool keep) {
        const int byte = bytes_.next();
        if (!keep) return true;
        text_ += static_cast<char>(byte);
        if (text_.size() <= max_item_bytes) return true;
        too_long_ = S3Error{"ItemTooLong", "An item has more than " + std::to_string(max_item_bytes) + " bytes."};
        return false;
    }

    ByteReader bytes_;
    std::string text_;
    std::optional<S3Error> too_long_;
};

// The reference tokens of a JSON pointer. Spec: RFC 6901.
std::vector<std::string> tokens_of(std::string_view pointer) {
    std::vector<std::string> tokens;
    for (const char c : pointer) {
        if (c == '/') {
            tokens.emplace_back();
        } else if (!tokens.empty()) {
            tokens.back() += c;
        }
    }
    for (auto& token : tokens) {
        for (const auto& [written, meant] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
            for (auto at = token.find(written); at != std::string::npos; at = token.find(written, at + 1)) {
                token.replace(at, 2, meant);
            }
        }
    }
    return tokens;
}

class JsonItems final : public ItemSource {
  public:
    JsonItems(std::unique_ptr<ByteSource> bytes, std::string pointer, std::string source)
        : text_{std::move(bytes)}, pointer_{std::move(pointer)}, source_{std::move(source)} {}

    Result<std::optional<Item>> next() override {
        if (ended_) return std::optional<Item>{};
        const bool first = !begun_;
        if (first) {
            begun_ = true;
            if (auto wrong = begin()) return end(*std::move(wrong));
        }
        if (text_.take(in_object_ ? '}' : ']')) return end();
        if (!first && !text_.take(',')) return end(invalid());
        std::optional<std::string> key;
        if (in_object_) {
            key = member();
            if (!key) return end(invalid());
        }
        auto element = Payload::parse(text_.value());
        if (!element) return end(invalid());
        auto value = key ? member_item(*key, element->text()) : *std::move(element);
        return std::optional{Item{std::move(value), std::move(key), source_}};
    }

  private:
    Result<std::optional<Item>> end(AslError wrong) {
        ended_ = true;
        return wrong;
    }
    Result<std::optional<Item>> end() {
        ended_ = true;
        if (pointer_.empty() && (text_.look() != ByteReader::end || text_.error() != nullptr)) return invalid();
        return std::optional<Item>{};
    }
    AslError invalid() const {
        if (const auto* error = text_.error()) return failed(*error);
        return failed("The object " + source_ + " is not valid JSON.");
    }

    // Goes to where the elements begin.
    std::optional<AslError> begin() {
        for (const int part : {0xef, 0xbb, 0xbf}) {  // a byte order mark
            if (text_.look() == part) text_.take(part);
        }
        for (const auto& token : tokens_of(pointer_)) {
            if (auto wrong = step_into(token)) return wrong;
        }
        if (text_.take('[')) return std::nullopt;
        in_object_ = true;
        if (!pointer_.empty() && text_.take('{')) return std::nullopt;
        // What it is instead: a value, or no JSON at all.
        if (text_.look() == '{' ? !text_.skip() : !Payload::parse(text_.value())) return invalid();
        return failed("Attempting to map over non-iterable node.");
    }

    std::optional<AslError> step_into(const std::string& token) {
        const AslError missing =
            failed("The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.");
        if (text_.take('{')) {
            while (!text_.take('}')) {
                const auto key = member();
                if (!key) return invalid();
                if (*key == token) return std::nullopt;
                if (!text_.skip() || (!text_.take(',') && text_.look() != '}')) return invalid();
            }
            return missing;
        }
        if (!text_.take('[')) return text_.skip() ? missing : invalid();
        std::size_t index = 0;
        const auto [rest, problem] = std::from_chars(token.data(), token.data() + token.size(), index);
        const bool leading_zero = token.size() > 1 && token.front() == '0';
        if (problem != std::errc{} || rest != token.data() + token.size() || leading_zero) return missing;
        for (; index > 0; --index) {
            if (text_.look() == ']') return missing;
            if (!text_.skip()) return invalid();
            if (!text_.take(',')) return text_.look() == ']' ? missing : invalid();
        }
        return text_.look() == ']' ? std::optional{missing} : std::nullopt;
    }

    // The key of the next member, and the colon behind it.
    std::optional<std::string> member() {
        if (text_.look() != '"') return std::nullopt;
        const auto key = parse_json(text_.value());
        if (!key || !key->is_string() || !text_.take(':')) return std::nullopt;
        return key->get<std::string>();
    }

    JsonCutter text_;
    const std::string pointer_;
    const std::string source_;
    bool begun_ = false;
    bool ended_ = false;
    bool in_object_ = false;
};

class JsonLineItems final : public ItemSource {
  public:
    JsonLineItems(std::unique_ptr<ByteSource> bytes, std::string source)
        : bytes_{std::move(bytes)}, source_{std::move(source)} {}

    Result<std::optional<Item>> next() override {
        while (bytes_.peek() != ByteReader::end) {
            ++line_;
            std::string text;
            for (int byte = bytes_.next(); byte != ByteReader::end && byte != '\n'; byte = bytes_.next()) {
                text += static_cast<char>(byte);
                if (text.size() > max_item_bytes)
                    return wrong("has more than " + std::to_string(max_item_bytes) + " bytes");
            }
            if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
            auto value = Payload::parse(std::move(text));
            if (bytes_.error() != nullptr) break;
            if (!value) return wrong("is not valid JSON");
            return std::optional{Item{*std::move(value), {}, source_}};
        }
        if (const auto* error = bytes_.error()) return failed(*error);
        return std::optional<Item>{};
    }

  private:
    AslError wrong(const std::string& how) const {
        return failed("Line " + std::to_string(line_) + " of the object " + source_ + " " + how + ".");
    }

    ByteReader bytes_;
    const std::string source_;
    std::int64_t line_ = 0;
};

}  // namespace

std::unique_ptr<ItemSource> json_items(std::unique_ptr<ByteSource> bytes, std::string pointer, std::string source) {
    return std::make_unique<JsonItems>(std::move(bytes), std::move(pointer), std::move(source));
}

std::unique_ptr<ItemSource> json_line_items(std::unique_ptr<ByteSource> bytes, std::string source) {
    return std::make_unique<JsonLineItems>(std::move(bytes), std::move(source));
}

}  // namespace pawl::reading
