// Resource policies: kept and shown as tools that set functions up expect it, and without effect. Nobody is kept from
// anything here: whoever reaches this server may call its functions.
// Spec: AWS Lambda API Reference; AWS Lambda Developer Guide, "Resource-based policies".
#include <algorithm>

#include "orchestrator/names.hpp"
#include "web/lambda/operation.hpp"
#include "web/lambda/shapes.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::size_t policy_bytes = 20'480;  // AWS's limit
constexpr auto policy = FunctionRegistry::Extra::Policy;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_statement_id(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}
bool is_action(std::string_view text) {
    constexpr std::string_view service = "lambda:";
    if (text == "*") return true;
    if (!text.starts_with(service)) return false;
    text.remove_prefix(service.size());
    return text == "*" || (!text.empty() && std::ranges::all_of(text, is_letter));
}
bool is_principal(std::string_view text) {
    return !text.empty() && text.find_first_of(" \t\n\r\f\v") == std::string_view::npos;
}
bool is_account(std::string_view text) { return text.size() == 12 && std::ranges::all_of(text, is_digit); }

constexpr std::array permission_members{
    needed(matching(text("statementId", 1, 100), "([a-zA-Z0-9-_]+)", is_statement_id)),
    needed(matching(any_text("action"), "(lambda:[*]|lambda:[a-zA-Z]+|[*])", is_action)),
    needed(matching(any_text("principal"), "[^\\s]+", is_principal)),
    matching(any_text("sourceArn"),
             "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
             is_destination_arn),
    matching(any_text("sourceAccount"), "\\d{12}", is_account),
    text("eventSourceToken", 0, 256),
    text("principalOrgID", 12, 34),
    Member{.name = "functionUrlAuthType", .one_of = url_auth_types},
    any_text("revisionId"),
};
constexpr std::array removal_query{any_text("revisionId")};

// Null: it is none.
Json principal_of(const std::string& given) {
    if (given == "*") return given;
    if (is_account(given)) return Json{{"AWS", "arn:aws:iam::" + given + ":root"}};
    if (given.starts_with("arn:")) return Json{{"AWS", given}};
    if (given.find('.') != std::string::npos) return Json{{"Service", given}};
    return {};
}

Json condition_of(const aws::Arguments& given) {
    struct Part {
        const char *test, *key, *member;
    };
    constexpr std::array parts{Part{"StringEquals", "AWS:SourceAccount", "sourceAccount"},
                               Part{"StringEquals", "lambda:EventSourceToken", "eventSourceToken"},
                               Part{"StringEquals", "aws:PrincipalOrgID", "principalOrgID"},
                               Part{"StringEquals", "lambda:FunctionUrlAuthType", "functionUrlAuthType"},
                               Part{"ArnLike", "AWS:SourceArn", "sourceArn"}};
    Json condition = Json::object();
    for (const auto& part : parts) {
        if (const auto value = given.text(part.member); !value.empty()) condition[part.test][part.key] = value;
    }
    return condition;
}

std::string text_of(const Json& kept) {
    return to_text(Json{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", kept.at("Statement")}});
}

std::optional<ApiError> check_revision(const Json& kept, const std::string& wanted) {
    if (wanted.empty() || kept.value("RevisionId", "") == wanted) return std::nullopt;
    return ApiError{"PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to "
                    "retrieve the latest Revision Id"};
}

auto statement_with(const Json& statements, std::string_view id) {
    return std::ranges::find_if(statements, [&](const Json& one) { return one.at("Sid") == id; });
}

ApiResult<Json> add_permission(const Call& call) {
    const auto& given = call.arguments;
    const auto id = given.text("statementId");
    Json statement{{"Sid", id}, {"Effect", "Allow"}, {"Principal", principal_of(given.text("principal"))}};
    if (statement["Principal"].is_null()) {
        return ApiError{"InvalidParameterValueException",
                        "The provided principal was invalid. Please check the principal and try again."};
    }
    if (call.function.qualifier == "$LATEST") {
        return ApiError{"InvalidParameterValueException", "We currently do not support adding policies for $LATEST."};
    }
    statement["Action"] = given.text("action");
    statement["Resource"] = call.functions.registry.arn_of(call.function.name, call.function.qualifier);
    if (auto condition = condition_of(given); !condition.empty()) statement["Condition"] = std::move(condition);
    const auto kept =
        call.functions.registry.change_extra(policy, call.function, [&](const Json& present) -> ApiResult<Json> {
            Json changed = present.is_null() ? Json{{"Statement", Json::array()}} : present;
            if (statement_with(changed["Statement"], id) != changed["Statement"].end()) {
                return ApiError{"ResourceConflictException", "The statement id (" + id +
                                                                 ") provided already exists. Please provide a new "
                                                                 "statement id, or remove the existing statement."};
            }
            if (auto error = check_revision(present, given.text("revisionId"))) return *std::move(error);
            changed["Statement"].push_back(statement);
            changed["RevisionId"] = new_uuid();
            if (const auto size = text_of(changed).size(); size > policy_bytes) {
                return ApiError{"PolicyLengthExceededException", "The final policy size (" + std::to_string(size) +
                                                                     ") is bigger than the limit (" +
                                                                     std::to_string(policy_bytes) + ")."};
            }
            return changed;
        });
    if (!kept) return kept.error();
    return Json{{"Statement", to_text(statement)}};
}

ApiResult<Json> remove_permission(const Call& call) {
    const auto& id = call.request.parameters.find("StatementId")->second;
    const auto kept =
        call.functions.registry.change_extra(policy, call.function, [&](const Json& present) -> ApiResult<Json> {
            if (present.is_null()) {
                return ApiError{"ResourceNotFoundException", "No policy is associated with the given resource."};
            }
            Json changed = present;
            const auto found = statement_with(changed["Statement"], id);
            if (found == changed["Statement"].end()) {
                return ApiError{"ResourceNotFoundException", "Statement " + id + " is not found in resource policy."};
            }
            if (auto error = check_revision(present, call.arguments.text("revisionId"))) return *std::move(error);
            changed["Statement"].erase(found);
            if (changed["Statement"].empty()) return Json{};
            changed["RevisionId"] = new_uuid();
            return changed;
        });
    if (!kept) return kept.error();
    return Json::object();
}

ApiResult<Json> get_policy(const Call& call) {
    const auto kept = call.functions.registry.extra(policy, call.function);
    if (!kept) return kept.error();
    return Json{{"Policy", text_of(*kept)}, {"RevisionId", kept->at("RevisionId")}};
}

#define PAWL_POLICY "/2015-03-31/functions/{FunctionName}/policy"
constexpr std::array operations{
    Operation{"AddPermission", "POST", PAWL_POLICY, 201, permission_members, {}, add_permission},
    Operation{"RemovePermission", "DELETE", PAWL_POLICY "/{StatementId}", 204, {}, removal_query, remove_permission},
    Operation{"GetPolicy", "GET", PAWL_POLICY, 200, {}, {}, get_policy},
};
#undef PAWL_POLICY

}  // namespace

std::span<const Operation> permission_operations() { return operations; }

}  // namespace pawl::web::lambda
