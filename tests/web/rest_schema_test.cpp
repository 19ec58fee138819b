// The checker that holds requests and answers against the API's description.
#include <gtest/gtest.h>

#include "web/rest/schema.hpp"
#include "web/rest/schemas.hpp"

namespace pawl::web::rest {
namespace {

Json json(std::string_view text) {
    const auto value = parse_json(text);
    EXPECT_TRUE(value) << text;
    return value ? *value : Json{};
}

struct SchemaCase {
    std::string name;
    std::string schema;
    std::string right;
    std::string wrong;
    std::string where;  // pointer of the violation
};
class SchemaRule : public testing::TestWithParam<SchemaCase> {};

TEST_P(SchemaRule, AcceptsTheRightAndNamesTheWrong) {
    const auto schema = json(GetParam().schema);
    const auto components = json(R"({"Name": {"type": "string"}})");
    EXPECT_TRUE(schema_violations(json(GetParam().right), schema, components).empty());
    const auto violations = schema_violations(json(GetParam().wrong), schema, components);
    ASSERT_EQ(violations.size(), 1U);
    EXPECT_EQ(violations[0].pointer, GetParam().where);
    EXPECT_FALSE(violations[0].message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rest, SchemaRule,
    testing::Values(
        SchemaCase{"type", R"({"type": "integer"})", "3", "3.5", ""},
        SchemaCase{"types", R"({"type": ["string", "null"]})", "null", "1", ""},
        SchemaCase{"enumeration", R"({"enum": ["a", "b"]})", R"("b")", R"("c")", ""},
        SchemaCase{"constant", R"({"const": 1})", "1", "2", ""},
        SchemaCase{"minimum", R"({"minimum": 1})", "1", "0", ""},
        SchemaCase{"maximum", R"({"maximum": 9})", "9", "10", ""},
        SchemaCase{"minLength", R"({"minLength": 1})", R"("é")", R"("")", ""},
        SchemaCase{"maxLengthInCharacters", R"({"maxLength": 2})", R"("éé")", R"("abc")", ""},
        SchemaCase{"dateTime", R"({"format": "date-time"})", R"("2026-11-22T13:46:46.123Z")", R"("yesterday")", ""},
        SchemaCase{"required", R"({"required": ["a"]})", R"({"a": 1})", R"({"b": 1})", "/a"},
        SchemaCase{"properties", R"({"properties": {"a": {"type": "string"}}})", R"({"a": "x"})", R"({"a": 1})", "/a"},
        SchemaCase{"noOthers", R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"a": 1})",
                   R"({"a": 1, "x/y": 2})", "/x~1y"},
        SchemaCase{"others", R"({"additionalProperties": {"type": "string"}})", R"({"a": "1"})", R"({"a": 1})", "/a"},
        SchemaCase{"minProperties", R"({"minProperties": 1})", R"({"a": 1})", "{}", ""},
        SchemaCase{"items", R"({"items": {"type": "string"}})", R"(["a", "b"])", R"(["a", 1])", "/1"},
        SchemaCase{"oneOf", R"({"oneOf": [{"type": "string"}, {"type": "integer"}]})", "1", "null", ""},
        SchemaCase{"reference", R"({"$ref": "#/components/schemas/Name"})", R"("x")", "1", ""}),
    [](const auto& test) { return test.param.name; });

TEST(Schema, ARuleThatNobodyChecksIsAViolation) {
    EXPECT_FALSE(schema_violations(1, json(R"({"multipleOf": 7})"), Json::object()).empty());
    EXPECT_FALSE(schema_violations(1, json(R"({"$ref": "#/components/schemas/Nobody"})"), Json::object()).empty());
}

TEST(Schema, EveryComponentsExampleFitsIt) {
    int examples = 0;
    for (const auto& [name, schema] : component_schemas().items()) {
        if (!schema.contains("example")) continue;
        ++examples;
        for (const auto& violation : schema_violations(schema["example"], schema, component_schemas())) {
            ADD_FAILURE() << name << violation.pointer << " " << violation.message;
        }
    }
    EXPECT_GT(examples, 10);
}

}  // namespace
}  // namespace pawl::web::rest
