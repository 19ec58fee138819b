// How requests to AWS are signed. Spec: AWS Signature Version 4 ("Create a signed AWS API request"); for S3 the
// single-chunk form, which names the body's hash in x-amz-content-sha256.
#pragma once
#include <string>
#include <string_view>

#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/url.hpp"
#include "states/time.hpp"

namespace pawl::aws {

struct Credentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;  // of temporary credentials
};

// What is signed. The path is as it is sent, so already encoded; the query's texts are not.
struct Signable {
    std::string method;
    std::string path;
    Query query;
    HttpHeaders headers;  // all that are to be signed, Host among them
    std::string body;
};

struct SigningScope {
    std::string region;
    std::string service;
    Instant at;
};

// The steps of the algorithm.
std::string canonical_request(const Signable& request, bool s3);
std::string string_to_sign(std::string_view canonical, const SigningScope& scope);
std::string signature(std::string_view string_to_sign, const Credentials& credentials, const SigningScope& scope);

// All of them: adds X-Amz-Date, for S3 x-amz-content-sha256, X-Amz-Security-Token if there is one, and Authorization.
void sign(Signable& request, const Credentials& credentials, const SigningScope& scope);

std::string amz_date(Instant at);  // "20150830T123600Z"
std::string sha256_hex(std::string_view bytes);

}  // namespace pawl::aws
