// Against the examples that AWS published with Signature Version 4, and those of the Amazon S3 API reference.
#include <gtest/gtest.h>

#include "orchestrator/integrations/aws/signature.hpp"

namespace pawl::aws {
namespace {

const Credentials example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};

SigningScope example_scope() { return {"us-east-1", "service", *parse_iso8601("2015-08-30T12:36:00Z")}; }

struct Vector {
    const char* name;
    Signable request;  // Host and X-Amz-Date are added
    const char* signature;
};

class SignatureVectors : public testing::TestWithParam<Vector> {};

TEST_P(SignatureVectors, AreSignedAsPublished) {
    auto request = GetParam().request;
    request.headers.insert(request.headers.begin(), {"Host", "example.amazonaws.com"});
    sign(request, example, example_scope());
    const auto authorization = header_of(request.headers, "Authorization");
    EXPECT_NE(authorization.find(std::string{"Signature="} + GetParam().signature), std::string::npos)
        << authorization << "\n"
        << canonical_request(request, false);
}

INSTANTIATE_TEST_SUITE_P(
    Published, SignatureVectors,
    testing::Values(
        Vector{
            "GetVanilla", {"GET", "/", {}, {}, ""}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        Vector{"GetVanillaQueryOrder",
               {"GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}, {}, ""},
               "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        Vector{"GetUtf8Path",
               {"GET", "/\u1234", {}, {}, ""},
               "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        Vector{"GetHeaderValueTrim",
               {"GET", "/", {}, {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}, ""},
               "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        Vector{
            "GetHeaderValueOrder",
            {"GET",
             "/",
             {},
             {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
             ""},
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
        Vector{"GetUnreserved",
               {"GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", {}, {}, ""},
               "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
        Vector{"GetRelativePath",
               {"GET", "/example/..", {}, {}, ""},
               "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        Vector{"PostVanilla",
               {"POST", "/", {}, {}, ""},
               "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        Vector{"PostVanillaQuery",
               {"POST", "/", {{"Param1", "value1"}}, {}, ""},
               "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
        Vector{"PostHeaderKeySort",
               {"POST", "/", {}, {{"My-Header1", "value1"}}, ""},
               "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
        Vector{"PostForm",
               {"POST", "/", {}, {{"Content-Type", "application/x-www-form-urlencoded"}}, "Param1=value1"},
               "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"}),
    [](const auto& test) { return std::string{test.param.name}; });

// "Signature Calculations for the Authorization Header", GET Object and GET Bucket (List Objects).
TEST(S3Signature, IsThatOfTheReference) {
    const Credentials credentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}};
    const SigningScope scope{"us-east-1", "s3", *parse_iso8601("2013-05-24T00:00:00Z")};
    Signable get{"GET", "/test.txt", {}, {{"Host", "examplebucket.s3.amazonaws.com"}, {"Range", "bytes=0-9"}}, ""};
    sign(get, credentials, scope);
    EXPECT_EQ(header_of(get.headers, "Authorization"),
              "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
              "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
              "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    Signable list{"GET", "/", {{"max-keys", "2"}, {"prefix", "J"}}, {{"Host", "examplebucket.s3.amazonaws.com"}}, ""};
    sign(list, credentials, scope);
    EXPECT_NE(header_of(list.headers, "Authorization")
                  .find("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
              std::string::npos);
}

TEST(Signature, NamesTheTokenOfTemporaryCredentials) {
    auto credentials = example;
    credentials.session_token = "token";
    Signable request{"GET", "/", {}, {{"Host", "h"}}, ""};
    sign(request, credentials, example_scope());
    EXPECT_EQ(header_of(request.headers, "X-Amz-Security-Token"), "token");
    EXPECT_NE(header_of(request.headers, "Authorization").find("host;x-amz-date;x-amz-security-token"),
              std::string::npos);
}

TEST(Signature, EncodesS3PathsOnceAndOthersTwice) {
    const Signable request{"GET", "/a%20b//c", {}, {{"Host", "h"}}, ""};
    EXPECT_TRUE(canonical_request(request, true).starts_with("GET\n/a%20b//c\n"));
    EXPECT_TRUE(canonical_request(request, false).starts_with("GET\n/a%2520b/c\n"));
}

}  // namespace
}  // namespace pawl::aws
