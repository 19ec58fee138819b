// pawl: Step Functions workflows on your own machine.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/misspelt.hpp"
#include "orchestrator/functions/network_door.hpp"

int main(int argc, char** argv) {
    // How functions with a network of their own begin: see Sandbox::network_door.
    if (argc > 2 && argv[1] == std::string_view{"function-in-sandbox"}) return pawl::enter_with_door(argv + 2);
    std::signal(SIGXFSZ, SIG_IGN);  // a file that must not grow any more is an error of one write, like a full disk
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is an error of one write, not our end
    CLI::App app{"Pawl runs AWS Step Functions workflows durably on your own machine.", "pawl"};
    app.set_version_flag("--version", "pawl " PAWL_VERSION);
    app.require_subcommand(1);
    app.footer("pawl COMMAND --help says more about each.");

    std::function<int()> command;
    const pawl::cli::Chosen chosen = [&](std::function<int()> run) { command = std::move(run); };
    pawl::cli::add_serve(app, chosen);
    pawl::cli::add_run(app, chosen);
    pawl::cli::add_validate(app, chosen);
    pawl::cli::add_test(app, chosen);
    pawl::cli::add_graph(app, chosen);
    pawl::cli::add_logs(app, chosen);
    pawl::cli::add_jsonata(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        if (wrong.get_exit_code() == 0) return app.exit(wrong);  // --help, --version
        std::cerr << "pawl: " << pawl::cli::what_is_wrong(app, wrong) << "\n";
        return 2;
    }
    try {
        return command();
    } catch (const std::exception& trouble) {
        std::cerr << "pawl: " << trouble.what() << "\n";
        return 1;
    }
}
