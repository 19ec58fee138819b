#include "orchestrator/integrations/aws/endpoints.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "states/asl/source.hpp"
#include "states/asl/source_index.hpp"
#include "states/asl/spelling.hpp"
#include "states/json.hpp"

namespace pawl::aws {
namespace {

constexpr std::string_view real = "aws";  // in place of a URL: the service itself

// What is wrong, and where: thrown inside, caught by read.
struct Wrong {
    std::string pointer;
    std::string message;
};

template <std::size_t N>
void expect_known(const Json& object, const std::string& pointer, const std::array<std::string_view, N>& known) {
    if (!object.is_object()) throw Wrong{pointer, "this must be an object"};
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(known, key) != known.end()) continue;
        auto message = "unknown field '" + key + "'; known are:";
        for (const auto name : known) message += " " + std::string{name};
        throw Wrong{asl::child_pointer(pointer, key), message};
    }
}

std::string text_of(const Json& object, const std::string& pointer, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    if (!found->is_string()) throw Wrong{asl::child_pointer(pointer, key), std::string{"'"} + key + "' must be a text"};
    return found->get<std::string>();
}

std::optional<Credentials> credentials_of(const Json& object, const std::string& pointer) {
    const auto found = object.find("credentials");
    if (found == object.end()) return std::nullopt;
    const auto place = asl::child_pointer(pointer, "credentials");
    expect_known(*found, place, std::array<std::string_view, 3>{"access_key_id", "secret_access_key", "session_token"});
    Credentials credentials{text_of(*found, place, "access_key_id"), text_of(*found, place, "secret_access_key"),
                            text_of(*found, place, "session_token")};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        throw Wrong{place, "credentials need 'access_key_id' and 'secret_access_key'"};
    }
    return credentials;
}

class Reader {
  public:
    Reader(const std::string& region, const Endpoints::Environment& environment) : environment_{environment} {
        defaults_.region = region;
        const auto key = environment_("AWS_ACCESS_KEY_ID");
        const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
        if (!key.empty() && !secret.empty()) credentials_ = {key, secret, environment_("AWS_SESSION_TOKEN")};
    }

    std::map<std::string, Endpoint, std::less<>> read(const Json& file) {
        expect_known(file, "", std::array<std::string_view, 3>{"region", "credentials", "services"});
        if (auto region = text_of(file, "", "region"); !region.empty()) defaults_.region = region;
        if (auto credentials = credentials_of(file, "")) credentials_ = credentials;
        std::map<std::string, Endpoint, std::less<>> endpoints;
        if (const auto given = file.find("services"); given != file.end()) {
            if (!given->is_object()) throw Wrong{"/services", "'services' must be an object: service -> URL"};
            for (const auto& [name, value] : given->items()) {
                endpoints.insert_or_assign(name, read_one(name, value, "/services/" + name));
            }
        }
        const auto everything = environment_("AWS_ENDPOINT_URL");
        for (const auto& service : services()) {
            const auto variable = "AWS_ENDPOINT_URL_" + std::string{service.environment};
            const auto own = environment_(variable);
            const auto& url = own.empty() ? everything : own;
            if (endpoints.contains(service.name) || url.empty()) continue;
            auto endpoint = defaults_;
            endpoint.url = url_of(url, "", own.empty() ? "AWS_ENDPOINT_URL" : variable);
            endpoint.credentials = credentials_.value_or(nobody());
            endpoints.emplace(service.name, std::move(endpoint));
        }
        return endpoints;
    }

  private:
    // Stand-ins want a signature, but do not check it.
    static Credentials nobody() { return {"test", "test", {}}; }

    static Url url_of(const std::string& text, const std::string& pointer, const std::string& what) {
        auto url = parse_url(text);
        if (!url) throw Wrong{pointer, what + ": '" + text + "' is no http or https URL"};
        while (url->path.ends_with('/')) url->path.pop_back();
        return *std::move(url);
    }

    Endpoint read_one(const std::string& name, const Json& value, const std::string& pointer) const {
        const auto* service = find_service(name);
        if (!service) {
            std::vector<std::string_view> names;
            for (const auto& known : services()) names.push_back(known.name);
            const auto hint = asl::did_you_mean(name, names);
            throw Wrong{pointer, "'" + name + "' is no service that can be called here" +
                                     (hint.empty() ? "; docs/integrations.md lists them" : ": " + hint)};
        }
        auto endpoint = defaults_;
        auto credentials = credentials_;
        std::string url;
        if (value.is_string()) {
            url = value.get<std::string>();
        } else {
            expect_known(value, pointer,
                         std::array<std::string_view, 5>{"url", "region", "credentials", "path_style", "protocol"});
            url = text_of(value, pointer, "url");
            if (auto region = text_of(value, pointer, "region"); !region.empty()) endpoint.region = region;
            if (auto own = credentials_of(value, pointer)) credentials = own;
            if (const auto style = value.find("path_style"); style != value.end()) {
                if (!style->is_boolean()) throw Wrong{pointer + "/path_style", "'path_style' must be true or false"};
                endpoint.path_style = style->get<bool>();
            }
            if (const auto protocol = text_of(value, pointer, "protocol"); !protocol.empty()) {
                if (protocol != "query" || name != "sqs") {
                    throw Wrong{pointer + "/protocol", "'protocol' can only be \"query\", and only for sqs"};
                }
                endpoint.speaks_query = true;
            }
        }
        if (url == real) {
            if (!credentials) {
                throw Wrong{pointer,
                            "calls to AWS need credentials: give them in this file, or set "
                            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"};
            }
            url = "https://" + std::string{service->host} + "." + endpoint.region + ".amazonaws.com";
            endpoint.path_style = false;
            endpoint.real = true;
        }
        endpoint.url = url_of(url, pointer, name);
        endpoint.credentials = credentials.value_or(nobody());
        return endpoint;
    }

    const Endpoints::Environment& environment_;
    Endpoint defaults_;
    std::optional<Credentials> credentials_;
};

}  // namespace

Result<Endpoints, std::string> Endpoints::read(std::string_view text, const std::string& region,
                                               const Environment& environment) {
    const std::string document{text.empty() ? "{}" : text};
    const auto json = parse_json(document);
    const auto line_of = [&](std::size_t offset) {
        const auto end = document.begin() + static_cast<std::ptrdiff_t>(std::min(offset, document.size()));
        return "line " + std::to_string(1 + std::count(document.begin(), end, '\n')) + ": ";
    };
    if (!json) return line_of(json.error().offset) + json.error().message;
    try {
        Endpoints endpoints;
        endpoints.endpoints_ = Reader{region, environment}.read(*json);
        return endpoints;
    } catch (const Wrong& wrong) {
        return (wrong.pointer.empty() ? "" : wrong.pointer + ": ") + wrong.message;
    }
}

const Endpoint* Endpoints::find(const Service& service) const {
    const auto found = endpoints_.find(service.name);
    return found == endpoints_.end() ? nullptr : &found->second;
}

std::string how_to_give_endpoint(const Service& service) {
    const std::string name{service.name};
    return "needs an endpoint for '" + name +
           "', and none is known: start Pawl with --endpoints FILE, where FILE says " + R"({"services": {")" + name +
           R"(": "http://HOST:PORT"}}, or with AWS_ENDPOINT_URL_)" + std::string{service.environment} +
           "=http://HOST:PORT in its environment";
}

}  // namespace pawl::aws
