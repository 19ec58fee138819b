#include "orchestrator/integrations/http_connections.hpp"

#include <algorithm>
#include <array>

#include "states/asl/source.hpp"

namespace pawl {
namespace {

// What is wrong, and where: thrown inside, caught by parse.
struct Wrong {
    std::string pointer;
    std::string message;
};

class Part {  // an object of the document, and its place
  public:
    Part(const Json& object, std::string pointer) : object_{object}, pointer_{std::move(pointer)} {
        if (!object_.is_object()) throw Wrong{pointer_, "this must be an object"};
    }

    void expect_known(std::initializer_list<std::string_view> known) const {
        for (const auto& [key, value] : object_.items()) {
            if (std::ranges::find(known, key) != known.end()) continue;
            auto message = "unknown field '" + key + "'; known are:";
            for (const auto name : known) message += " " + std::string{name};
            throw Wrong{asl::child_pointer(pointer_, key), message};
        }
    }
    bool has(const char* key) const { return object_.contains(key); }
    Part part(const char* key) const {
        if (!has(key)) throw Wrong{pointer_, std::string{"'"} + key + "' is missing"};
        return {object_.at(key), asl::child_pointer(pointer_, key)};
    }
    std::string text(const char* key) const {
        const auto found = object_.find(key);
        if (found == object_.end()) throw Wrong{pointer_, std::string{"'"} + key + "' is missing"};
        if (!found->is_string() || found->get_ref<const std::string&>().find_first_of("\r\n") != std::string::npos) {
            throw Wrong{asl::child_pointer(pointer_, key), std::string{"'"} + key + "' must be a text of one line"};
        }
        return found->get<std::string>();
    }
    // {"name": "value"}; nothing when it is not there.
    Query pairs(const char* key) const {
        Query all;
        if (!has(key)) return all;
        const auto object = part(key);
        for (const auto& [name, value] : object.object_.items()) all.emplace_back(name, object.text(name.c_str()));
        return all;
    }
    const std::string& pointer() const { return pointer_; }

  private:
    const Json& object_;
    const std::string pointer_;
};

OauthClient read_oauth(const Part& part) {
    part.expect_known({"endpoint", "method", "client_id", "client_secret", "headers", "query", "body"});
    OauthClient client;
    client.endpoint = part.text("endpoint");
    if (!parse_url(client.endpoint)) throw Wrong{part.pointer() + "/endpoint", "'endpoint' is no http or https URL"};
    client.client_id = part.text("client_id");
    client.client_secret = part.text("client_secret");
    if (part.has("method")) client.method = part.text("method");
    if (client.method != "POST" && client.method != "PUT" && client.method != "GET") {
        throw Wrong{part.pointer() + "/method", "'method' must be GET, POST or PUT"};
    }
    client.headers = part.pairs("headers");
    client.query = part.pairs("query");
    client.body = part.pairs("body");
    return client;
}

HttpConnection read_connection(const Part& part) {
    part.expect_known({"api_key", "basic", "oauth", "headers", "query", "body"});
    const std::array<const char*, 3> ways{"api_key", "basic", "oauth"};
    if (std::ranges::count_if(ways, [&](const auto* way) { return part.has(way); }) > 1) {
        throw Wrong{part.pointer(), "a connection has one of 'api_key', 'basic' and 'oauth'"};
    }
    HttpConnection connection;
    if (part.has("api_key")) {
        const auto key = part.part("api_key");
        key.expect_known({"name", "value"});
        connection.authorization = ApiKey{key.text("name"), key.text("value")};
    } else if (part.has("basic")) {
        const auto basic = part.part("basic");
        basic.expect_known({"username", "password"});
        connection.authorization = BasicAuthorization{basic.text("username"), basic.text("password")};
    } else if (part.has("oauth")) {
        connection.authorization = read_oauth(part.part("oauth"));
    }
    connection.headers = part.pairs("headers");
    connection.query = part.pairs("query");
    connection.body = part.pairs("body");
    return connection;
}

}  // namespace

Result<HttpConnections, std::string> HttpConnections::parse(std::string_view text) {
    const auto json = parse_json(text);
    if (!json) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(json.error().offset, text.size()));
        return "line " + std::to_string(1 + std::count(text.begin(), end, '\n')) + ": " + json.error().message;
    }
    try {
        const Part all{*json, ""};
        all.expect_known({"connections"});
        const auto list = all.part("connections");
        HttpConnections connections;
        for (const auto& [name, value] : json->at("connections").items()) {
            connections.connections_.emplace(name,
                                             read_connection(Part{value, asl::child_pointer(list.pointer(), name)}));
        }
        return connections;
    } catch (const Wrong& wrong) {
        return (wrong.pointer.empty() ? "" : wrong.pointer + ": ") + wrong.message;
    }
}

const HttpConnection* HttpConnections::find(std::string_view arn) const {
    constexpr std::string_view kind = ":connection/";
    auto name = arn;
    if (const auto at = arn.find(kind); at != std::string_view::npos) {
        name = arn.substr(at + kind.size());
        name = name.substr(0, name.find('/'));
    }
    const auto found = connections_.find(name);
    return found == connections_.end() ? nullptr : &found->second;
}

}  // namespace pawl
