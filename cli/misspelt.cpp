#include "cli/misspelt.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <vector>

#include "states/asl/spelling.hpp"

namespace pawl::cli {
namespace {

std::string hint_of(std::string_view word, const std::vector<std::string>& known) {
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    return asl::did_you_mean(word, candidates);
}

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string help_of(const CLI::App& command) {
    return command.get_parent() ? "'pawl " + command.get_name() + " --help'" : "'pawl --help'";
}

std::string about_command(const CLI::App& app, const std::string& word) {
    const auto known = commands_of(app);
    const auto hint = hint_of(word, known);
    return "there is no command '" + word + (hint.empty() ? "'; the commands are: " + listed(known) : "': " + hint);
}

std::string about_option(const CLI::App& command, const std::string& word) {
    std::vector<std::string> known;
    for (const auto* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    }
    const auto hint = hint_of(word, known);
    return "there is no option '" + word + (hint.empty() ? "'; " + help_of(command) + " lists them" : "': " + hint);
}

}  // namespace

std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong) {
    const auto chosen = app.get_subcommands();
    const auto& command = chosen.empty() ? app : *chosen.front();
    const auto left_over = command.remaining();
    const auto is_option = [](const std::string& word) { return word.size() > 1 && word.starts_with('-'); };
    const auto option = std::ranges::find_if(left_over, is_option);
    if (option != left_over.end()) return about_option(command, option->substr(0, option->find('=')));
    if (chosen.empty()) {
        return left_over.empty() ? "give a command: " + listed(commands_of(app))
                                 : about_command(app, left_over.front());
    }
    const std::string what = left_over.empty() ? wrong.what() : "'" + left_over.front() + "' is one word too many";
    return what + "; " + help_of(command) + " says more";
}

}  // namespace pawl::cli
