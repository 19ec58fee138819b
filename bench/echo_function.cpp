// A function that answers its input, over the Lambda Runtime API, as cheaply as one can: what is left is Pawl's cost.
#include <cstdlib>
#include <iostream>
#include <string>

#include "bench/http_client.hpp"

int main() {
    const char* api = std::getenv("AWS_LAMBDA_RUNTIME_API");
    const std::string address = api ? api : "";
    const auto colon = address.find(':');
    if (colon == std::string::npos) {
        std::cerr << "echo_function: AWS_LAMBDA_RUNTIME_API must be host:port\n";
        return 2;
    }
    try {
        pawl::bench::HttpClient client{address.substr(0, colon), std::stoi(address.substr(colon + 1))};
        const std::string invocation = "/2018-06-01/runtime/invocation/";
        for (;;) {
            const auto next = client.request("GET", invocation + "next");
            if (next.status != 200) return 0;  // told to end
            const std::string id{next.header("Lambda-Runtime-Aws-Request-Id")};
            client.request("POST", invocation + id + "/response", "Content-Type: application/json\r\n", next.body);
        }
    } catch (const pawl::bench::HttpError&) {
        return 0;  // the server has gone
    }
}
