// The commands of `pawl`, one file each. A command adds itself to the command line, and says what to run when it was
// the one that was chosen. Exit codes: 0 done, 1 the workflow (or the server) failed, 2 bad usage or definition.
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace pawl::cli {

using Chosen = std::function<void(std::function<int()> run)>;

void add_serve(CLI::App& app, const Chosen& chosen);
void add_run(CLI::App& app, const Chosen& chosen);
void add_validate(CLI::App& app, const Chosen& chosen);
void add_test(CLI::App& app, const Chosen& chosen);
void add_graph(CLI::App& app, const Chosen& chosen);
void add_logs(CLI::App& app, const Chosen& chosen);
void add_jsonata(CLI::App& app, const Chosen& chosen);

}  // namespace pawl::cli
