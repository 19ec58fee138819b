// pawl logs: what a function printed, from a running server.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "orchestrator/text_encodings.hpp"
#include "web/rest_client.hpp"

namespace pawl::cli {
namespace {

constexpr std::chrono::milliseconds follow_pause{500};

struct LogsOptions {
    std::string function;
    std::string server = "http://127.0.0.1:8083";
    std::string request_id;
    bool follow = false;
};

int logs(const LogsOptions& options) {
    const auto path = "/api/v1/functions/" + percent_encode(options.function) + "/logs";
    std::string query = options.request_id.empty() ? "" : "?requestId=" + percent_encode(options.request_id);
    for (;;) {
        const auto piece = web::get_document(options.server, path + query);
        if (!piece) {
            std::cerr << "pawl: " << piece.error() << "\n";
            return 1;
        }
        const auto text = piece->value("text", "");
        std::cout << text << std::flush;
        if (!std::cout) return 0;  // the reader has gone
        if (!options.follow) return 0;
        query = "?after=" + percent_encode(piece->value("nextAfter", ""));
        if (text.empty()) std::this_thread::sleep_for(follow_pause);
    }
}

}  // namespace

void add_logs(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<LogsOptions>();
    auto* command = app.add_subcommand("logs", "show what a function of a running server printed");
    command->add_option("FUNCTION", options->function, "its name or ARN")->required();
    command->add_option("--server", options->server, "the running pawl serve")
        ->envname("AWS_ENDPOINT_URL")
        ->capture_default_str();
    auto* request = command->add_option("--request-id", options->request_id, "of this invocation alone");
    command->add_flag("--follow,-f", options->follow, "go on with what comes")->excludes(request);
    command->callback([=] { chosen([=] { return logs(*options); }); });
}

}  // namespace pawl::cli
