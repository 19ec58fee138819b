// What the AWS API refuses before anything is done, and its words for it: members, names, ARNs, page tokens, origins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/arn.hpp"
#include "orchestrator/name_rules.hpp"
#include "web/aws/configuration.hpp"
#include "web/aws/members.hpp"
#include "web/aws/origin.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/protocol.hpp"
#include "web/aws/shapes.hpp"

namespace pawl::web::aws {
namespace {

constexpr std::array<std::string_view, 2> colours{"RED", "BLUE"};
constexpr std::array inner_members{text_member("key", required, 1, 3)};
constexpr std::array members{
    text_member("name", required, 1, 5),
    enum_member("colour", colours),
    page_size_member(1000),
    boolean_member("flag"),
    sensitive(text_member("secret", optional, 0, 4)),
    structure_member("structure", inner_members),
    list_member("list", inner_members),
    Member{.name = "texts", .kind = Kind::List, .max = 1, .list_of_texts = true},
};

std::string complaint(std::string_view request) {
    const auto error = check_members(members, *parse_json(request));
    return error ? error->type + ": " + error->message : "";
}

struct Refused {
    std::string name;
    std::string request;
    std::string complaint;
};
class RefusedMember : public testing::TestWithParam<Refused> {};
TEST_P(RefusedMember, IsNamedWithItsConstraint) { EXPECT_EQ(complaint(GetParam().request), GetParam().complaint); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(Constraints, RefusedMember, testing::Values(
    Refused{"Missing", R"({})",
            "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null"},
    Refused{"Null", R"({"name":null})",
            "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null"},
    Refused{"TooLong", R"({"name":"abcdef"})",
            "ValidationException: 1 validation error detected: Value 'abcdef' at 'name' failed to satisfy constraint: "
            "Member must have length less than or equal to 5"},
    Refused{"TooShort", R"({"name":""})",
            "ValidationException: 1 validation error detected: Value '' at 'name' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1"},
    Refused{"NotInTheSet", R"({"name":"a","colour":"red"})",
            "ValidationException: 1 validation error detected: Value 'red' at 'colour' failed to satisfy constraint: "
            "Member must satisfy enum value set: [RED, BLUE]"},
    Refused{"TooLarge", R"({"name":"a","maxResults":1001})",
            "ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 1000"},
    Refused{"Negative", R"({"name":"a","maxResults":-1})",
            "ValidationException: 1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: "
            "Member must have value greater than or equal to 0"},
    Refused{"BeyondAnyInteger", R"({"name":"a","maxResults":18446744073709551615})",
            "ValidationException: 1 validation error detected: Value '18446744073709551615' at 'maxResults' failed to "
            "satisfy constraint: Member must have value less than or equal to 1000"},
    Refused{"Secret", R"({"name":"a","secret":"hidden"})",
            "ValidationException: 1 validation error detected: Value at 'secret' failed to satisfy constraint: "
            "Member must have length less than or equal to 4"},
    Refused{"InAStructure", R"({"name":"a","structure":{}})",
            "ValidationException: 1 validation error detected: Value null at 'structure.key' failed to satisfy "
            "constraint: Member must not be null"},
    Refused{"InAList", R"({"name":"a","list":[{"key":"a"},{"key":"long"}]})",
            "ValidationException: 1 validation error detected: Value 'long' at 'list.2.member.key' failed to satisfy "
            "constraint: Member must have length less than or equal to 3"},
    Refused{"TooManyItems", R"({"name":"a","texts":["a","b"]})",
            "ValidationException: 1 validation error detected: Value '[\"a\",\"b\"]' at 'texts' failed to satisfy "
            "constraint: Member must have length less than or equal to 1"},
    Refused{"Two", R"({"colour":"red"})",
            "ValidationException: 2 validation errors detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null; Value 'red' at 'colour' failed to satisfy constraint: Member must satisfy enum "
            "value set: [RED, BLUE]"}
), [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Types, RefusedMember, testing::Values(
    Refused{"NumberForText", R"({"name":5})", "SerializationException: NUMBER_VALUE can not be converted to String at 'name'"},
    Refused{"TextForNumber", R"({"name":"a","maxResults":"5"})",
            "SerializationException: STRING_VALUE can not be converted to Integer at 'maxResults'"},
    Refused{"FractionForInteger", R"({"name":"a","maxResults":1.5})",
            "SerializationException: DECIMAL_VALUE can not be converted to Integer at 'maxResults'"},
    Refused{"TextForFlag", R"({"name":"a","flag":"true"})",
            "SerializationException: STRING_VALUE can not be converted to Boolean at 'flag'"},
    Refused{"ObjectForText", R"({"name":{}})",
            "SerializationException: Start of structure or map found where not expected at 'name'"},
    Refused{"ListForText", R"({"name":[]})", "SerializationException: Start of list found where not expected at 'name'"},
    Refused{"TextForStructure", R"({"name":"a","structure":"x"})",
            "SerializationException: Unexpected field type at 'structure'"},
    Refused{"NumberInATextList", R"({"name":"a","texts":[1]})",
            "SerializationException: NUMBER_VALUE can not be converted to String at 'texts.1.member'"},
    Refused{"TypesComeBeforeConstraints", R"({"flag":1})",
            "SerializationException: NUMBER_VALUE can not be converted to Boolean at 'flag'"}
), [](const auto& test) { return test.param.name; });
// clang-format on

TEST(Members, AcceptWhatIsDescribedAndReadOverTheRest) {
    EXPECT_EQ(complaint(R"({"name":"abcde","colour":"RED","maxResults":0,"flag":false,"secret":"","unknown":[{}],)"
                        R"("structure":{"key":"a"},"list":[],"texts":["x"]})"),
              "");
}

TEST(Members, CountCharactersAsJavaDoes) {
    EXPECT_EQ(complaint(R"({"name":"äöüßé"})"), "");
    EXPECT_EQ(complaint(R"({"name":"🫖🫖"})"), "");
    EXPECT_NE(complaint(R"({"name":"🫖🫖🫖"})"), "");
}

TEST(Names, RefuseSpecialCharacters) {
    for (const std::string name :
         {"a b", "a\tb", "a<b", "a>b", "a{b",  "a}b", "a[b",   "a]b",       "a?b",
          "a*b", "a\"b", "a#b", "a%b", "a\\b", "a^b", "a|b",   "a~b",       "a`b",
          "a$b", "a&b",  "a,b", "a;b", "a:b",  "a/b", "a\x7f", "a\xc2\x85", "a\xf0\x9f\xab\x96"}) {
        const auto error = check_name(name);
        ASSERT_TRUE(error) << name;
        EXPECT_EQ(error->type, "InvalidName");
        EXPECT_EQ(error->message, "Invalid Name: '" + name + "'");
    }
    for (const std::string name : {"a", "A-b_c.9", "a(b)!'+=@", "Überweisung", "注文"})
        EXPECT_FALSE(check_name(name)) << name;
}

TEST(Arns, AreCheckedForTheirForm) {
    const auto why = [](std::string_view arn, std::string_view type) {
        const auto error = check_arn(arn, type);
        return error ? error->message : "";
    };
    EXPECT_EQ(why("arn:aws:states:us-east-1:000000000000:stateMachine:m", "stateMachine"), "");
    EXPECT_EQ(why("arn:aws-cn:states:cn-north-1:000000000000:execution:m:e", "execution"), "");
    EXPECT_EQ(why("no_arn", "activity"), "Invalid Arn: 'Invalid ARN prefix: no_arn'");
    EXPECT_EQ(why("arn:aws:states:us-east-1:000000000000:express:m:e:u", "execution"),
              "Invalid Arn: 'Resource type not valid in this context: express'");
    for (const auto arn : {"arn:", "arn:aws:states", "arn:aws:states:us-east-1:000000000000:",
                           "arn:aws:sqs:us-east-1:000000000000:q", "arn:aws:states:us-east-1:000000000000:stateMachine",
                           "arn:aws:states:us-east-1:000000000000:stateMachine:", "arn:aws:states:::stateMachine:m"}) {
        EXPECT_NE(why(arn, "stateMachine"), "") << arn;
    }
}

TEST(Arns, OfRolesAreOfIam) {
    EXPECT_FALSE(check_role_arn("arn:aws:iam::000000000000:role/path/name"));
    EXPECT_EQ(check_role_arn("arn:aws:iam::000000000000:user/u")->message,
              "Invalid Role Arn: 'arn:aws:iam::000000000000:user/u'");
    EXPECT_EQ(check_role_arn("role")->type, "InvalidArn");
}

TEST(Arns, WithALabelAreRefused) {
    EXPECT_FALSE(refuse_labeled("arn:aws:states:us-east-1:000000000000:stateMachine:m"));
    const auto error = refuse_labeled("arn:aws:states:us-east-1:000000000000:stateMachine:m/label");
    EXPECT_EQ(error->members["reason"], "API_DOES_NOT_SUPPORT_LABELED_ARNS");
}

TEST(PageTokens, ComeBackAsTheyWent) {
    for (const auto& position : std::vector<std::string>{"", "17", "name with ünicode", std::string{"\0\xff", 2}}) {
        const auto token = make_page_token("List", position);
        EXPECT_EQ(read_page_token("List", token), position);
        EXPECT_EQ(read_page_token("List", token), position);  // again
    }
}

TEST(PageTokens, ThatWereNotMadeForThisListAreGarbage) {
    const auto token = make_page_token("List\nA", "17");
    EXPECT_FALSE(read_page_token("List\nB", token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == '0' ? '1' : '0';
        EXPECT_FALSE(read_page_token("List\nA", changed)) << i;
    }
    for (const std::string garbage : {"", "garbage", "0123456789abcdef", "0123456789abcdef31zz", "💥"}) {
        EXPECT_FALSE(read_page_token("List\nA", garbage));
    }
    EXPECT_FALSE(read_page_token("List\nA", token + "31"));
    EXPECT_FALSE(read_page_token("List\nA", token.substr(0, token.size() - 2)));
}

TEST(PageSizes, AreAHundredUnlessAskedOtherwise) {
    const Json none = Json::object();
    const Json zero = {{"maxResults", 0}};
    const Json some = {{"maxResults", 7}};
    EXPECT_EQ(page_size(Arguments{none}), 100U);
    EXPECT_EQ(page_size(Arguments{zero}), 100U);
    EXPECT_EQ(page_size(Arguments{some}), 7U);
}

std::string configured(std::string_view request) {
    const Json document = *parse_json(request);
    const auto configuration = full_configuration(Arguments{document});
    return configuration ? to_text(*configuration) : configuration.error().type + ": " + configuration.error().message;
}

TEST(Configuration, IsTheSameWhetherDefaultsAreSaidOrNot) {
    const auto defaults =
        R"({"loggingConfiguration":{"level":"OFF","includeExecutionData":false},"tracingConfiguration":{"enabled":false}})";
    EXPECT_EQ(configured("{}"), defaults);
    EXPECT_EQ(configured(R"({"loggingConfiguration":{},"tracingConfiguration":{}})"), defaults);
    EXPECT_EQ(
        configured(
            R"({"tracingConfiguration":{"enabled":false},"loggingConfiguration":{"includeExecutionData":false,"level":"OFF"}})"),
        defaults);
    EXPECT_EQ(to_text(stored_configuration("{}")), defaults);
}

TEST(Configuration, NeedsOneLogDestination) {
    const auto complaint =
        "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.";
    EXPECT_EQ(configured(R"({"loggingConfiguration":{"level":"ALL"}})"), complaint);
    EXPECT_EQ(configured(R"({"loggingConfiguration":{"destinations":[{},{}]}})"), complaint);
    EXPECT_EQ(
        configured(
            R"({"loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":null}}]}})"),
        complaint);
    EXPECT_EQ(
        configured(
            R"({"loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:l:*"}}]}})"),
        R"({"loggingConfiguration":{"level":"ALL","includeExecutionData":false,"destinations":[{"cloudWatchLogsLogGroup":)"
        R"({"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:l:*"}}]},"tracingConfiguration":{"enabled":false}})");
}

TEST(Configuration, NeedsTheWholeArnOfALogGroup) {
    for (const std::string arn : {"l", "arn:aws:logs:us-east-1:000000000000:log-group:l", "arn:aws:s3:::l:*"}) {
        EXPECT_THAT(
            configured(R"({"loggingConfiguration":{"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":")" + arn +
                       R"("}}]}})"),
            testing::HasSubstr("The ARN of the log group must be like"));
    }
}

TEST(Configuration, OfAnUpdateHoldsOnlyWhatWasSent) {
    const Json document = {{"tracingConfiguration", {{"enabled", true}}}};
    EXPECT_EQ(to_text(*partial_configuration(Arguments{document})), R"({"tracingConfiguration":{"enabled":true}})");
}

Request post(std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
    Request request;
    request.method = "POST";
    request.path = "/";
    request.headers = std::move(headers);
    request.body = std::move(body);
    return request;
}

TEST(Protocol, ReadsTheOperationFromTheTarget) {
    EXPECT_EQ(operation_name(post("", {{"x-amz-target", "AWSStepFunctions.ListExecutions"}})), "ListExecutions");
    EXPECT_FALSE(operation_name(post("", {{"X-Amz-Target", "DynamoDB_20120810.PutItem"}})));
    EXPECT_FALSE(operation_name(post("")));
}

TEST(Protocol, WantsAJsonObject) {
    EXPECT_EQ(to_text(*request_document(post(R"({"a":1})"))), R"({"a":1})");
    EXPECT_EQ(to_text(*request_document(post(""))), "{}");
    for (const std::string body : {"{", "[]", "null", "\"text\"", "{\"a\":\"\xff\"}"}) {
        EXPECT_EQ(request_document(post(body)).error().type, "SerializationException") << body;
    }
}

TEST(Protocol, AnswersErrorsAsClientsExpectThem) {
    const auto response = answer_error({"ResourceNotFound", "Resource not found: 'x'", {{"resourceName", "x"}}});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "application/x-amz-json-1.0");
    EXPECT_EQ(response.body, R"({"__type":"ResourceNotFound","message":"Resource not found: 'x'","resourceName":"x"})");
    ASSERT_FALSE(response.headers.empty());
    EXPECT_EQ(response.headers[0].first, "x-amzn-RequestId");
    EXPECT_EQ(response.headers[0].second.size(), 36U);
    EXPECT_NE(answer_document({}).headers[0].second, response.headers[0].second);
    EXPECT_EQ(answer_error({"ServiceUnavailable", ""}).status, 500);
}

TEST(Origins, OfThisMachineMayCall) {
    const auto foreign = [](std::string origin, std::string host = "127.0.0.1:8083") {
        return is_foreign_page(post("", {{"Origin", std::move(origin)}, {"Host", std::move(host)}}), {"pawl.example"});
    };
    EXPECT_FALSE(is_foreign_page(post("", {{"Host", "sync-anything"}}), {}));  // no browser
    EXPECT_FALSE(foreign("http://localhost:3000"));
    EXPECT_FALSE(foreign("http://app.localhost:3000"));
    EXPECT_FALSE(foreign("http://127.0.0.1:8083"));
    EXPECT_FALSE(foreign("http://[::1]:8083"));
    EXPECT_FALSE(foreign("https://pawl.example"));
    EXPECT_FALSE(foreign("http://192.168.0.5:8083", "192.168.0.5:8083"));  // our own page, by address
    EXPECT_TRUE(foreign("http://192.168.0.5:8083"));
    EXPECT_TRUE(foreign("https://evil.example"));
    EXPECT_TRUE(foreign("http://evil.example:8083", "evil.example:8083"));  // DNS rebinding
    EXPECT_TRUE(foreign("http://127.evil.example"));
    EXPECT_TRUE(foreign("http://localhost.evil.example"));
    EXPECT_TRUE(foreign("null"));
}

TEST(Origins, GetTheirPreflightAnswered) {
    const auto response = preflight(post("", {{"Origin", "http://localhost:3000"}}), {});
    EXPECT_EQ(response.status, 204);
    std::string allowed;
    for (const auto& [name, value] : response.headers) {
        if (name == "Access-Control-Allow-Headers") allowed = value;
    }
    for (const auto header : {"authorization", "content-type", "x-amz-target", "x-amz-date", "x-amz-user-agent",
                              "x-amz-content-sha256", "amz-sdk-invocation-id", "amz-sdk-request"}) {
        EXPECT_NE(allowed.find(header), std::string::npos) << header;
    }
    EXPECT_TRUE(preflight(post("", {{"Origin", "https://evil.example"}}), {}).headers.empty());
}

}  // namespace
}  // namespace pawl::web::aws
