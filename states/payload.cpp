#include "states/payload.hpp"

#include <mutex>

namespace pawl {

struct Payload::Rep {
    explicit Rep(std::string t) : text{std::move(t)} {}
    Rep(std::string t, Json v) : text(std::move(t)), value(std::move(v)) {  // braces would make an array of it
        std::call_once(parsed, [] {});
    }
    std::string text;
    mutable std::once_flag parsed;  // readers may be on several threads: a shard, and an answer being rendered
    mutable Json value;
};

Payload::Payload() {
    static const auto empty_object = std::make_shared<const Rep>("{}", Json::object());
    rep_ = empty_object;
}

Payload Payload::from_text(std::string text) { return Payload{std::make_shared<const Rep>(std::move(text))}; }

Payload Payload::from_json(Json value) {
    auto text = to_text(value);
    return Payload{std::make_shared<const Rep>(std::move(text), std::move(value))};
}

Result<Payload, JsonSyntaxError> Payload::parse(std::string text) {
    auto value = parse_json(text);
    if (!value) return std::move(value).error();
    return Payload{std::make_shared<const Rep>(std::move(text), *std::move(value))};
}

const std::string& Payload::text() const { return rep_->text; }

const Json& Payload::json() const {
    std::call_once(rep_->parsed, [this] {
        if (auto value = parse_json(rep_->text)) rep_->value = *std::move(value);
    });
    return rep_->value;
}

}  // namespace pawl
