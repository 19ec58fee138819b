#include "web/rest_client.hpp"

#include <httplib.h>

namespace pawl::web {
namespace {

std::string reason(httplib::Error error) {
    if (error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout) {
        return " can't be reached: is pawl serve running there?";
    }
    return " gave no answer (" + httplib::to_string(error) + ")";
}

}  // namespace

Result<Json, std::string> get_document(const std::string& server, const std::string& path_and_query) {
    auto address = server;  // httplib takes an address without a path
    while (address.ends_with('/')) address.pop_back();
    const auto no_address = server + " is no address of a server: expected http://HOST:PORT";
    if (!address.starts_with("http://")) return no_address;  // httplib throws
    httplib::Client client{address};
    if (!client.is_valid()) return no_address;
    client.set_connection_timeout(5);
    client.set_read_timeout(30);
    const auto answer = client.Get(path_and_query);
    if (!answer) return server + reason(answer.error());
    auto document = parse_json(answer->body);
    if (!document) return server + " did not answer with JSON";
    if (answer->status != 200) return document->value("detail", "status " + std::to_string(answer->status));
    return *std::move(document);
}

}  // namespace pawl::web
