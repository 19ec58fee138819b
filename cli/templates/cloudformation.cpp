#include "cli/templates/cloudformation.hpp"

#include <utility>

#include "cli/templates/resource_names.hpp"
#include "orchestrator/functions/function_name.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::templates {
namespace {

constexpr int max_depth = 200;
constexpr std::string_view no_value = "AWS::NoValue";

bool is_no_value(const Json& value) {
    return value.is_object() && value.size() == 1 && value.begin().key() == "Ref" && *value.begin() == no_value;
}

std::string in_quotes(std::string_view text) { return "'" + std::string{text} + "'"; }

// CloudFormation writes numbers and booleans into texts as they are.
std::string plain_text(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

const Json& pair_of(const Json& argument, std::size_t count, std::string_view function) {
    if (argument.is_array() && argument.size() == count) return argument;
    throw TemplateError{std::string{function} + " takes a list of " + std::to_string(count) + " values"};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

const Json* property_of(const Json& resource, std::string_view name) {
    const auto properties = resource.find("Properties");
    if (properties == resource.end() || !properties->is_object()) return nullptr;
    const auto found = properties->find(std::string{name});
    return found == properties->end() || is_no_value(*found) ? nullptr : &*found;
}

// Resources that make a function callable by a qualifier.
constexpr std::string_view alias_type = "AWS::Lambda::Alias";
constexpr std::string_view version_type = "AWS::Lambda::Version";
constexpr std::string_view first_version = "1";  // a stack that was created just now has no other

// "Version" and a part of the code's hash, which SAM puts behind the function's name.
bool is_name_of_a_version(std::string_view text) {
    constexpr std::string_view word = "Version";
    return text.starts_with(word) && text.size() > word.size() &&
           text.find_first_not_of("0123456789abcdef", word.size()) == std::string_view::npos;
}

// "Type" and "Condition" of a resource: texts, if they are there.
void check_form(const std::string& name, const Json& resource) {
    if (!resource.is_object()) throw TemplateError{"the resource " + in_quotes(name) + " must be an object"};
    for (const auto* field : {"Type", "Condition"}) {
        const auto found = resource.find(field);
        if (found != resource.end() && !found->is_string()) {
            throw TemplateError{"the resource " + in_quotes(name) + ": " + field + " must be a text, not " +
                                to_text(*found).substr(0, 80)};
        }
    }
}

}  // namespace

// source_ with parentheses: braces would make a list of it.
CloudFormation::CloudFormation(Json source, ArnSpace arns, Parameters parameters)
    : source_(std::move(source)), arns_{std::move(arns)}, parameters_{std::move(parameters)} {
    const Json* all = section("Resources");
    if (!all) throw TemplateError{"the template has no Resources"};
    for (const auto& [name, resource] : all->items()) {
        check_form(name, resource);
        const auto when = resource.find("Condition");
        if (when == resource.end() || named_condition(when->get<std::string>(), 0)) resources_[name] = resource;
    }
}

const Json* CloudFormation::section(std::string_view name) const {
    if (!source_.is_object()) return nullptr;
    const auto found = source_.find(std::string{name});
    return found != source_.end() && found->is_object() ? &*found : nullptr;
}

void CloudFormation::collect_parameters(std::set<std::string, std::less<>>& names) const {
    const Json* declared = section("Parameters");
    if (!declared) return;
    for (const auto& [name, parameter] : declared->items()) names.insert(name);
}

std::string CloudFormation::resolve_text(const Json& value, std::string_view what) const {
    return text(value, what, 0);
}

std::string CloudFormation::text(const Json& value, std::string_view what, int depth) const {
    const auto resolved = resolve(value, depth + 1);
    if (resolved.is_structured() || resolved.is_null()) {
        throw TemplateError{std::string{what} + " must come to a text, not to " + to_text(resolved).substr(0, 80)};
    }
    return plain_text(resolved);
}

Json CloudFormation::resolve(const Json& value, int depth) const {
    if (depth > max_depth) throw TemplateError{"a value of the template refers to itself, or is nested too deeply"};
    if (value.is_array()) return resolve_list(value, depth);
    if (!value.is_object()) return value;
    if (value.size() == 1) {
        const std::string name = value.begin().key();
        if (name == "Ref" || name.starts_with("Fn::")) return function(name, *value.begin(), depth + 1);
    }
    Json resolved = Json::object();
    for (const auto& [name, member] : value.items()) {
        if (!is_no_value(member)) resolved[name] = resolve(member, depth + 1);
    }
    return resolved;
}

Json CloudFormation::resolve_list(const Json& list, int depth) const {
    Json resolved = Json::array();
    for (const auto& element : list) {
        if (!is_no_value(element)) resolved.push_back(resolve(element, depth + 1));
    }
    return resolved;
}

Json CloudFormation::function(const std::string& name, const Json& argument, int depth) const {
    if (name == "Ref") {
        if (!argument.is_string()) throw TemplateError{"Ref takes a name"};
        return ref(argument.get<std::string>(), depth);
    }
    if (name == "Fn::GetAtt") {
        if (argument.is_string()) {
            const auto path = argument.get<std::string>();
            const auto dot = path.find('.');
            if (dot == std::string::npos)
                throw TemplateError{"Fn::GetAtt takes Resource.Attribute, not " + in_quotes(path)};
            return attribute(path.substr(0, dot), path.substr(dot + 1), depth);
        }
        const auto& pair = pair_of(argument, 2, name);
        return attribute(text(pair[0], name, depth), text(pair[1], name, depth), depth);
    }
    if (name == "Fn::Join") return join(argument, depth);
    if (name == "Fn::Sub") return sub(argument, depth);
    if (name == "Fn::Select") return select(argument, depth);
    if (name == "Fn::Split") return split(argument, depth);
    if (name == "Fn::FindInMap") return find_in_map(argument, depth);
    if (name == "Fn::If") return choose(argument, depth);
    if (name == "Fn::GetAZs") return Json::array({arns_.region + "a", arns_.region + "b", arns_.region + "c"});
    if (name == "Fn::ToJsonString") return to_text(resolve(argument, depth));
    if (name == "Fn::ImportValue") return import(text(argument, name, depth));
    throw TemplateError{name + " can't be worked out here"};
}

Json CloudFormation::import(const std::string& name) const {
    if (imports_) {
        if (const auto found = imports_->find(name); found != imports_->end()) return found->second;
    }
    throw TemplateError{"Fn::ImportValue: no stack here exports " + in_quotes(name)};
}

Exports CloudFormation::exports() const {
    Exports exports;
    const Json* outputs = section("Outputs");
    if (!outputs) return exports;
    for (const auto& [id, output] : outputs->items()) {
        try {
            const auto exported = output.is_object() ? output.find("Export") : output.end();
            if (exported == output.end() || !exported->is_object() || !exported->contains("Name")) continue;
            exports[text(exported->at("Name"), id, 0)] = resolve(output.value("Value", Json{}));
        } catch (const TemplateError&) {
            continue;  // who imports it will say so
        }
    }
    return exports;
}

std::string CloudFormation::join(const Json& argument, int depth) const {
    const auto& pair = pair_of(argument, 2, "Fn::Join");
    const auto between = text(pair[0], "the delimiter of Fn::Join", depth);
    const auto parts = resolve(pair[1], depth);
    if (!parts.is_array()) throw TemplateError{"Fn::Join takes a list of texts"};
    std::string joined;
    bool first = true;
    for (const auto& part : parts) {
        if (part.is_structured()) throw TemplateError{"Fn::Join takes a list of texts"};
        joined += (std::exchange(first, false) ? "" : between) + plain_text(part);
    }
    return joined;
}

std::string CloudFormation::sub(const Json& argument, int depth) const {
    const bool mapped = argument.is_array();
    if (mapped) pair_of(argument, 2, "Fn::Sub");
    const auto& written = mapped ? argument[0] : argument;
    if (!written.is_string() || (mapped && !argument[1].is_object())) {
        throw TemplateError{"Fn::Sub takes a text, or a text and an object"};
    }
    const auto& own = mapped ? argument[1] : Json::object();
    const auto pattern = written.get<std::string>();
    std::string made;
    for (std::size_t at = 0; at < pattern.size();) {
        const auto open = std::min(pattern.find("${", at), pattern.size());
        made += pattern.substr(at, open - at);
        const auto close = pattern.find('}', open);
        if (open == pattern.size() || close == std::string::npos) return made + pattern.substr(open);
        const auto name = pattern.substr(open + 2, close - open - 2);
        made += name.starts_with('!') ? "${" + name.substr(1) + "}" : sub_name(name, own, depth);
        at = close + 1;
    }
    return made;
}

std::string CloudFormation::sub_name(const std::string& name, const Json& own, int depth) const {
    if (const auto found = own.find(name); found != own.end()) return text(*found, name, depth);
    const auto dot = name.find('.');
    if (dot == std::string::npos) return text(ref(name, depth), name, depth);
    return text(attribute(name.substr(0, dot), name.substr(dot + 1), depth), name, depth);
}

Json CloudFormation::select(const Json& argument, int depth) const {
    const auto& pair = pair_of(argument, 2, "Fn::Select");
    const auto index = text(pair[0], "the index of Fn::Select", depth);
    const auto list = resolve(pair[1], depth);
    const bool number =
        !index.empty() && index.size() < 6 && index.find_first_not_of("0123456789") == std::string::npos;
    if (!number || !list.is_array() || std::stoul(index) >= list.size()) {
        throw TemplateError{"Fn::Select: there is no element " + index};
    }
    return list[std::stoul(index)];
}

Json CloudFormation::split(const Json& argument, int depth) const {
    const auto& pair = pair_of(argument, 2, "Fn::Split");
    const auto by = text(pair[0], "the delimiter of Fn::Split", depth);
    std::string rest = text(pair[1], "Fn::Split", depth);
    if (by.empty()) throw TemplateError{"Fn::Split needs a delimiter"};
    Json parts = Json::array();
    for (auto at = rest.find(by); at != std::string::npos; at = rest.find(by)) {
        parts.push_back(rest.substr(0, at));
        rest.erase(0, at + by.size());
    }
    parts.push_back(rest);
    return parts;
}

Json CloudFormation::find_in_map(const Json& argument, int depth) const {
    if (!argument.is_array() || argument.size() < 3) throw TemplateError{"Fn::FindInMap takes a map and two keys"};
    const Json* at = section("Mappings");
    std::string path;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto key = text(argument[i], "a key of Fn::FindInMap", depth);
        path += (i == 0 ? "" : ".") + key;
        const bool there = at && at->is_object() && at->contains(key);
        if (!there) throw TemplateError{"Fn::FindInMap: there is no " + in_quotes(path) + " in Mappings"};
        at = &*at->find(key);
    }
    return *at;
}

Json CloudFormation::choose(const Json& argument, int depth) const {
    const auto& three = pair_of(argument, 3, "Fn::If");
    if (!three[0].is_string()) throw TemplateError{"Fn::If takes the name of a condition"};
    const auto& chosen = named_condition(three[0].get<std::string>(), depth) ? three[1] : three[2];
    return is_no_value(chosen) ? Json{} : resolve(chosen, depth);
}

bool CloudFormation::named_condition(const std::string& name, int depth) const {
    const Json* conditions = section("Conditions");
    const auto found = conditions ? conditions->find(name) : source_.end();
    if (!conditions || found == conditions->end()) throw TemplateError{"there is no condition " + in_quotes(name)};
    return condition(*found, depth + 1);
}

bool CloudFormation::condition(const Json& value, int depth) const {
    if (depth > max_depth) throw TemplateError{"a condition of the template refers to itself"};
    if (!value.is_object() || value.size() != 1) throw TemplateError{"a condition is one function"};
    const std::string name = value.begin().key();
    const Json& argument = *value.begin();
    if (name == "Condition" && argument.is_string()) return named_condition(argument.get<std::string>(), depth);
    if (name == "Fn::Equals") {
        const auto& pair = pair_of(argument, 2, name);
        return plain_text(resolve(pair[0], depth)) == plain_text(resolve(pair[1], depth));
    }
    if (name == "Fn::Not") return !condition(pair_of(argument, 1, name)[0], depth + 1);
    if ((name != "Fn::And" && name != "Fn::Or") || !argument.is_array()) {
        throw TemplateError{in_quotes(name) + " is no function of conditions"};
    }
    for (const auto& part : argument) {
        if (condition(part, depth + 1) == (name == "Fn::Or")) return name == "Fn::Or";
    }
    return name == "Fn::And";
}

Json CloudFormation::ref(const std::string& name, int depth) const {
    if (name == "AWS::Region") return arns_.region;
    if (name == "AWS::AccountId") return arns_.account;
    if (name == "AWS::Partition") return "aws";
    if (name == "AWS::URLSuffix") return "amazonaws.com";
    if (name == "AWS::StackName") return "pawl";
    if (name == "AWS::StackId") return "arn:aws:cloudformation:" + arns_.region + ":" + arns_.account + ":stack/pawl/1";
    if (name == no_value) return Json{};
    if (const auto given = parameters_.find(name); given != parameters_.end()) return given->second;
    if (const Json* declared = section("Parameters"); declared && declared->contains(name)) {
        const auto& parameter = *declared->find(name);
        if (parameter.is_object() && parameter.contains("Default")) return *parameter.find("Default");
        throw TemplateError{"the parameter " + in_quotes(name) + " has no default: give --parameter " + name +
                            "=VALUE"};
    }
    if (const auto found = published(name, depth)) return found->arn();
    return qualified(kind_of(resources_.contains(name) ? resources_[name].value("Type", "") : "").ref, name, depth);
}

Json CloudFormation::attribute(const std::string& logical_id, const std::string& name, int depth) const {
    if (const auto found = published(logical_id, depth)) {
        if (name == "AliasArn" || name == "FunctionArn") return found->arn();
        if (name == "Version") return found->qualifier;
    }
    // "Alias" and "Version" of SAM's functions are resources: they have attributes of their own.
    const auto dot = std::min(name.find('.'), name.size());
    const auto made = logical_id + "." + name.substr(0, dot);
    if (const auto found = published(made, depth)) {
        if (dot == name.size()) return found->arn();
        return attribute(made, name.substr(dot + 1), depth);
    }
    const auto own_name = physical_name(logical_id, depth);
    const auto& kind = kind_of(resources_[logical_id].value("Type", ""));
    if (name == "Arn" || name == "TopicArn" || name == "StateMachineArn") return qualified(kind.arn, logical_id, depth);
    if (name.ends_with("Name")) return own_name;
    if (name == "QueueUrl") return qualified(kind.ref, logical_id, depth);
    return own_name + "." + name;  // nothing here looks into it
}

std::optional<CloudFormation::Published> CloudFormation::published(const std::string& name, int depth) const {
    const auto found = resources_.find(name);
    if (found == resources_.end()) return published_by_sam(name, depth);
    const auto type = found->value("Type", "");
    if (type != alias_type && type != version_type) return std::nullopt;
    const auto required = [&](std::string_view property) -> const Json& {
        if (const Json* value = property_of(*found, property)) return *value;
        throw TemplateError{in_quotes(name) + " has no " + std::string{property}};
    };
    Published made{function_arn(name, required("FunctionName"), depth), std::string{first_version}};
    if (type == alias_type) made.qualifier = text(required("Name"), "Name of " + in_quotes(name), depth);
    return made;
}

// Spec: AWS SAM Developer Guide, "Generated CloudFormation resources": FUNCTION.Alias is FUNCTIONAliasNAME,
// FUNCTION.Version is FUNCTIONVersionHASH.
std::optional<CloudFormation::Published> CloudFormation::published_by_sam(const std::string& name, int depth) const {
    for (const auto& [id, resource] : resources_.items()) {
        if (!name.starts_with(id) || resource.value("Type", "") != "AWS::Serverless::Function") continue;
        const auto rest = std::string_view{name}.substr(id.size());
        const bool property = rest == ".Alias" || rest == ".Version";
        const bool version = rest == ".Version" || is_name_of_a_version(rest);
        if (!property && !version && !rest.starts_with("Alias")) continue;
        const Json* given = property_of(resource, "AutoPublishAlias");
        if (!given) given = global("Function", "AutoPublishAlias");
        if (!given && !property) continue;
        if (!given) throw TemplateError{in_quotes(name) + " needs AutoPublishAlias of the function " + in_quotes(id)};
        const auto arn = qualified(kind_of("AWS::Serverless::Function").arn, id, depth);
        if (version) return Published{arn, std::string{first_version}};
        const auto alias = text(*given, "AutoPublishAlias", depth);
        if (property || rest == "Alias" + alias) return Published{arn, alias};
    }
    return std::nullopt;
}

// FunctionName of an alias or a version: a name, an ARN or a part of one.
std::string CloudFormation::function_arn(const std::string& logical_id, const Json& named, int depth) const {
    const auto given = text(named, "FunctionName of " + in_quotes(logical_id), depth);
    const auto function = parse_function_name(given);
    if (!function) {
        throw TemplateError{"FunctionName of " + in_quotes(logical_id) + " must name a function, not be " +
                            in_quotes(given.substr(0, 80))};
    }
    if (!given.starts_with("arn:")) {
        return "arn:aws:lambda:" + arns_.region + ":" + arns_.account + ":function:" + function->name;
    }
    return function->qualifier.empty() ? given : given.substr(0, given.rfind(':'));
}

const Json* CloudFormation::global(std::string_view kind, std::string_view property) const {
    const Json* globals = section("Globals");
    const auto of_kind = globals ? globals->find(std::string{kind}) : source_.end();
    if (!globals || of_kind == globals->end() || !of_kind->is_object()) return nullptr;
    const auto found = of_kind->find(std::string{property});
    return found == of_kind->end() ? nullptr : &*found;
}

std::string CloudFormation::qualified(std::string_view pattern, const std::string& logical_id, int depth) const {
    auto text = replaced(std::string{pattern}, "{partition}", "aws");
    text = replaced(text, "{region}", arns_.region);
    text = replaced(text, "{account}", arns_.account);
    return replaced(text, "{name}", physical_name(logical_id, depth));
}

std::string CloudFormation::physical_name(const std::string& logical_id, int depth) const {
    const auto found = resources_.find(logical_id);
    if (found == resources_.end()) {
        std::vector<std::string_view> known;
        for (const auto& [name, resource] : resources_.items()) known.push_back(name);
        const auto hint = asl::did_you_mean(logical_id, known);
        throw TemplateError{"the template has no parameter or resource " + in_quotes(logical_id) +
                            (hint.empty() ? "" : ": " + hint)};
    }
    const auto& kind = kind_of(found->value("Type", ""));
    const auto properties = found->find("Properties");
    if (kind.name_property.empty() || properties == found->end() || !properties->is_object()) return logical_id;
    const auto named = properties->find(std::string{kind.name_property});
    return named == properties->end() ? logical_id : text(*named, kind.name_property, depth + 1);
}

}  // namespace pawl::templates
