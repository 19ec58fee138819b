// pawl serve: the engine behind its HTTP interfaces, until SIGTERM or SIGINT.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "cli/commands.hpp"
#include "cli/deploy.hpp"
#include "cli/engine.hpp"
#include "web/app.hpp"
#include "web/aws/origin.hpp"
#include "web/http.hpp"
#include "web/lambda/lambda_api.hpp"

namespace pawl::cli {
namespace {

struct ServeOptions {
    EngineOptions engine;
    std::string listen = "127.0.0.1:8083";
    bool insecure = false;
};

web::ServerSettings server_settings(const ServeOptions& options) {
    const auto colon = options.listen.rfind(':');
    const auto port = colon == std::string::npos ? std::string{} : options.listen.substr(colon + 1);
    if (port.empty() || port.find_first_not_of("0123456789") != std::string::npos) {
        throw UsageError{"--listen " + options.listen + ": expected HOST:PORT, for example 127.0.0.1:8083"};
    }
    if (port.size() > 5 || std::stoi(port) > 65535) {
        throw UsageError{"--listen " + options.listen + ": ports go to 65535"};
    }
    web::ServerSettings settings;
    settings.body_limit_of = web::lambda::body_limit;
    settings.host = options.listen.substr(0, colon);
    settings.port = std::stoi(port);
    if (!web::aws::is_loopback(settings.host) && !options.insecure) {
        throw UsageError{"--listen " + options.listen +
                         ": this address can be reached from other machines, and there is no access control yet; "
                         "give --insecure as well if that is what you want"};
    }
    return settings;
}

// Where functions, which run on this machine, find the server.
std::string url_for_functions(const web::ServerSettings& settings, int port) {
    const bool any = settings.host == "0.0.0.0" || settings.host == "::" || settings.host.empty();
    const bool six = !any && settings.host.find(':') != std::string::npos && !settings.host.starts_with('[');
    const auto host = any ? "127.0.0.1" : six ? "[" + settings.host + "]" : settings.host;
    return "http://" + host + ":" + std::to_string(port);
}

// The signals that end the server are taken by sigwait alone: blocked here, before any thread starts.
sigset_t block_ending_signals() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    return ending;
}

int serve(const ServeOptions& options) {
    try {
        const auto settings = server_settings(options);
        const auto ending = block_ending_signals();
        auto of_engine = options.engine;
        if (settings.port != 0) of_engine.server_url = url_for_functions(settings, settings.port);
        Engine engine{of_engine};
        deploy(engine.orchestrator(), engine.application());
        const auto functions = engine.functions();
        web::Server server{settings, web::make_handler(engine.orchestrator(), {{settings.host}}, &functions)};
        functions.pool.serve_at(url_for_functions(settings, server.port()));
        std::cout << "pawl: listening on http://" << settings.host << ":" << server.port() << std::endl;
        int signal = 0;
        sigwait(&ending, &signal);
        std::cout << "pawl: stopping; "
                  << (options.engine.store == "memory:" ? "nothing is kept, the store was in memory"
                                                        : "executions go on at the next start")
                  << std::endl;
        server.stop();
        return 0;
    } catch (const UsageError& wrong) {
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
}

}  // namespace

void add_serve(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = app.add_subcommand("serve", "run the engine behind the Step Functions API, REST and the viewer");
    options->engine.add_to(*command, "sqlite:pawl.db");
    command->add_option("--listen", options->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
    command->add_flag("--insecure", options->insecure, "allow addresses that other machines can reach");
    command->callback([=] { chosen([=] { return serve(*options); }); });
}

}  // namespace pawl::cli
