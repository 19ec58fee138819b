#include "states/asl/json_syntax.hpp"
#include "states/data/intrinsic_functions.hpp"
#include "states/data/java_text.hpp"

namespace pawl::data::intrinsic {

Json string_to_json(Arguments& arguments) {
    const auto& text = arguments.text(0);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return nullptr;
    arguments.make_bytes(text.size() * 4);  // what is parsed is larger than its text
    auto value = parse_json(text);
    if (!value) {
        const auto problem = asl::find_syntax_problem(text);  // none: it is nested too deeply
        throw Failure{"The text is not valid JSON: " + (problem ? problem->message : value.error().message)};
    }
    return *std::move(value);
}

Json json_to_string(Arguments& arguments) {
    auto text = jackson_text(arguments[0]);
    arguments.make_bytes(text.size());
    return text;
}

Json json_merge(Arguments& arguments) {
    arguments.object(0);
    const auto& second = arguments.object(1);
    if (!arguments[2].is_boolean()) throw Failure{"Argument 3 must be a boolean"};
    if (arguments[2].get<bool>()) throw Failure{"Only shallow merging is supported: argument 3 must be false"};
    auto merged = arguments.copy(arguments[0]);
    for (const auto& [key, value] : second.get_ref<const Json::object_t&>()) merged[key] = arguments.copy(value);
    return merged;
}

}  // namespace pawl::data::intrinsic
