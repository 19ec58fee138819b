#include "web/rest_client.hpp"

#include <httplib.h>

namespace pawl::web {

Result<Json, std::string> get_document(const std::string& server, const std::string& path_and_query) {
    httplib::Client client{server};
    if (!client.is_valid()) return server + " is no address of a server: expected http://HOST:PORT";
    client.set_connection_timeout(5);
    client.set_read_timeout(30);
    const auto answer = client.Get(path_and_query);
    if (!answer)
        return "no answer from " + server + ": " + httplib::to_string(answer.error()) + "; is pawl serve running?";
    auto document = parse_json(answer->body);
    if (!document) return server + " did not answer with JSON";
    if (answer->status != 200) return document->value("detail", "status " + std::to_string(answer->status));
    return *std::move(document);
}

}  // namespace pawl::web
