#include "orchestrator/integrations/oauth_tokens.hpp"

#include <algorithm>

#include "orchestrator/clock.hpp"
#include "states/json.hpp"

namespace pawl {
namespace {

constexpr Millis token_patience{20'000};
constexpr Millis before_the_end{60'000};     // a token that ends sooner is not used any more
constexpr std::int64_t usual_seconds = 300;  // of a token that does not say how long it lives
constexpr std::int64_t longest_seconds = 24 * 3600;

HttpRequest token_request(const OauthClient& oauth) {
    HttpRequest request;
    request.method = oauth.method;
    request.timeout = token_patience;
    request.answer_limit_bytes = 64 * 1024;
    Query form{
        {"grant_type", "client_credentials"}, {"client_id", oauth.client_id}, {"client_secret", oauth.client_secret}};
    form.insert(form.end(), oauth.body.begin(), oauth.body.end());
    auto query = oauth.query;
    if (oauth.method == "GET") {
        query.insert(query.end(), form.begin(), form.end());
    } else {
        request.body = query_text(form);
    }
    request.url = oauth.endpoint;
    if (!query.empty()) {
        request.url += (oauth.endpoint.find('?') == std::string::npos ? "?" : "&") + query_text(query);
    }
    request.headers = oauth.headers;
    if (header_of(request.headers, "Content-Type").empty()) {
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    }
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

struct Given {
    std::string authorization;
    std::int64_t seconds = usual_seconds;
};

// Whatever the answer says is not repeated: it may hold secrets.
Result<Given, std::string> read_token(const Result<HttpAnswer, HttpFailure>& answer) {
    if (!answer) return "no token was given: " + answer.error().message;
    if (answer->status < 200 || answer->status > 299) {
        return "no token was given: the authorization server answered with status " + std::to_string(answer->status);
    }
    const auto body = parse_json(answer->body);
    const auto token = body && body->is_object() ? body->value("access_token", Json()) : Json();
    const bool good =
        token.is_string() && token.get_ref<const std::string&>().find_first_of("\r\n") == std::string::npos;
    if (!good) return std::string{"no token was given: the answer has no access_token"};
    Given given{"Bearer " + token.get<std::string>()};
    if (const auto seconds = body->value("expires_in", Json()); seconds.is_number_integer()) {
        given.seconds = std::clamp<std::int64_t>(seconds.get<std::int64_t>(), 0, longest_seconds);
    }
    return given;
}

}  // namespace

void OauthTokens::get(HttpClient& client, const OauthClient& oauth, Got got) {
    std::string known;
    {
        const std::lock_guard lock{mutex_};
        auto& token = tokens_[&oauth];
        if (!token.authorization.empty() && token.until - before_the_end > clock_.now()) {
            known = token.authorization;
        } else {
            token.authorization.clear();
            token.waiting.push_back(std::move(got));
            if (token.waiting.size() > 1) return;  // it is asked for already
            client.send(token_request(oauth), [this, &oauth](const auto& answer) { take(oauth, answer); });
            return;
        }
    }
    got(known);
}

void OauthTokens::take(const OauthClient& oauth, const Result<HttpAnswer, HttpFailure>& answer) {
    const auto given = read_token(answer);
    std::vector<Got> waiting;
    {
        const std::lock_guard lock{mutex_};
        auto& token = tokens_[&oauth];
        waiting.swap(token.waiting);
        if (given) {
            token.authorization = given->authorization;
            token.until = clock_.now() + std::chrono::seconds{given->seconds};
        }
    }
    for (const auto& got : waiting) {
        given ? got(given->authorization) : got(Refusal{given.error()});
    }
}

void OauthTokens::forget(const OauthClient& oauth, const std::string& authorization) {
    const std::lock_guard lock{mutex_};
    if (auto& token = tokens_[&oauth]; token.authorization == authorization) token.authorization.clear();
}

}  // namespace pawl
