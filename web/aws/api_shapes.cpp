#include "web/aws/api_shapes.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace pawl::web::aws {

namespace {

struct Call {
    std::string service;                               // as the models are called: "sfn"
    std::string operation;                             // "StartExecution"
    std::vector<std::string_view> other_members = {};  // that are in a result not what the model says
};

std::string capitalized(std::string_view text) {
    std::string name{text};
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

// The API call whose answer the task's result is; nothing when it is none: a function's result, a worker's answer.
std::optional<Call> call_of(std::string_view resource) {
    constexpr std::string_view prefix = "arn:aws:states:::";
    if (!resource.starts_with(prefix) || resource.ends_with(".waitForTaskToken")) return std::nullopt;
    resource.remove_prefix(prefix.size());
    constexpr std::string_view sdk = "aws-sdk:";
    if (resource.starts_with(sdk)) resource.remove_prefix(sdk.size());
    const auto colon = resource.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string service{resource.substr(0, colon)};
    auto action = resource.substr(colon + 1);
    const auto dot = action.find('.');
    const bool sync = dot != std::string_view::npos;
    if (sync && action.substr(dot).starts_with(".sync")) {
        // The result is that of the call that looked whether the job is done.
        if (service != "states") return std::nullopt;
        if (action.ends_with(":2")) return Call{"sfn", "DescribeExecution", {"Input", "Output"}};  // which it parses
        return Call{"sfn", "DescribeExecution"};
    }
    if (service == "lambda" && capitalized(action.substr(0, dot)) == "Invoke") {
        return Call{std::move(service), "Invoke", {"Payload"}};  // a function's result is its own
    }
    if (service == "states") service = "sfn";
    return Call{std::move(service), capitalized(action.substr(0, dot))};
}

// A service's model, read at the first look; null: we have none.
const Json* model_of(const std::string& service) {
    static std::mutex mutex;  // requests read models at the same time
    static std::map<std::string, Json> models;
    const std::lock_guard lock{mutex};
    if (const auto known = models.find(service); known != models.end()) return &known->second;
    const auto name = service + ".json";
    const auto file = std::ranges::find(model_files(), name, &EmbeddedFile::path);
    if (file == model_files().end()) return nullptr;
    auto model = parse_json(file->bytes);
    return model ? &models.emplace(service, *std::move(model)).first->second : nullptr;
}

class Check {
  public:
    Check(const Json& model, const Call& call, FieldValidation mode)
        : shapes_{model.at("shapes")}, call_{call}, mode_{mode} {}

    std::optional<std::string> value(const Json& value, const std::string& shape_name, const std::string& field) const {
        const auto& shape = shapes_.at(shape_name);
        const auto type = shape.at("type").get<std::string>();
        if (type == "structure") return structure(value, shape, field);
        if (type == "list") {
            if (!value.is_array()) return wrong(field, "must be an array");
            return each(value, shape, field);
        }
        if (type == "map") {
            if (!value.is_object()) return wrong(field, "must be an object");
            return each(value, shape, field);
        }
        if (type == "string" || type == "blob" || type == "timestamp") return text(value, shape, field);
        if (type == "boolean") {
            return value.is_boolean() ? std::nullopt : wrong(field, "must be a boolean");
        }
        return number(value, shape, field);
    }

  private:
    using Problem = std::optional<std::string>;

    static Problem wrong(const std::string& field, const char* what) { return "Field '" + field + "' " + what; }

    Problem structure(const Json& value, const Json& shape, const std::string& field) const {
        if (!value.is_object()) return wrong(field, "must be an object");
        if (mode_ == FieldValidation::Strict) {
            for (const auto& required : shape.at("required")) {
                const auto name = required.get<std::string>();
                if (!value.contains(name)) return "Required field '" + name + "' is missing";
            }
        }
        const auto& members = shape.at("members");
        for (const auto& [name, member] : value.items()) {
            const auto known = members.find(name);
            if (known == members.end()) continue;  // what the API may come to answer is not for us to refuse
            if (std::ranges::find(call_.other_members, name) != call_.other_members.end()) continue;
            if (auto problem = this->value(member, known->get<std::string>(), name)) return problem;
        }
        return std::nullopt;
    }

    Problem each(const Json& values, const Json& shape, const std::string& field) const {
        const auto of = shape.at("of").get<std::string>();
        for (const auto& item : values) {
            if (auto problem = value(item, of, field)) return problem;
        }
        return std::nullopt;
    }

    static Problem text(const Json& value, const Json& shape, const std::string& field) {
        if (!value.is_string()) return wrong(field, "must be a string");
        const auto& text = value.get_ref<const std::string&>();
        const auto length = static_cast<std::int64_t>(text.size());
        if (shape.contains("enum") && std::ranges::find(shape.at("enum"), value) == shape.at("enum").end()) {
            return wrong(field, "is not an expected value");
        }
        if (shape.contains("min") && length < shape.at("min").get<std::int64_t>()) {
            return wrong(field, "is smaller than the minimum length");
        }
        if (shape.contains("max") && length > shape.at("max").get<std::int64_t>()) {
            return wrong(field, "exceeds the maximum length");
        }
        return std::nullopt;
    }

    static Problem number(const Json& value, const Json& shape, const std::string& field) {
        if (!value.is_number()) return wrong(field, "must be a number");
        if (shape.contains("min") && value.get<double>() < shape.at("min").get<double>()) {
            return wrong(field, "is less than the minimum value");
        }
        if (shape.contains("max") && value.get<double>() > shape.at("max").get<double>()) {
            return wrong(field, "exceeds the maximum value");
        }
        return std::nullopt;
    }

    const Json& shapes_;
    const Call& call_;
    const FieldValidation mode_;
};

}  // namespace

std::optional<std::string> shape_problem(std::string_view resource, const Json& result, FieldValidation mode) {
    if (mode == FieldValidation::None) return std::nullopt;
    const auto call = call_of(resource);
    const auto* model = call ? model_of(call->service) : nullptr;
    if (!model) return std::nullopt;
    const auto operation = model->at("operations").find(call->operation);
    if (operation == model->at("operations").end()) return std::nullopt;
    return Check{*model, *call, mode}.value(result, operation->get<std::string>(), "result");
}

}  // namespace pawl::web::aws
