// Reads functions.json: what is wrong is said with its place in the text, what was expected, and what to do.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/http_function.hpp"
#include "orchestrator/functions/launch.hpp"
#include "orchestrator/functions/runtime_kind.hpp"
#include "states/asl/source.hpp"
#include "states/asl/source_index.hpp"
#include "states/asl/spelling.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_limit_bytes = 4 * 1024 * 1024;
constexpr std::int64_t longest_seconds = 7 * 24 * 3600;  // of a time-out, or of idleness
constexpr std::int64_t most_processes = 1000;

constexpr std::int64_t most_megabytes = 1024 * 1024;

constexpr std::array<std::string_view, 13> fields{"command",
                                                  "runtime",
                                                  "handler",
                                                  "code",
                                                  "url",
                                                  "working_directory",
                                                  "environment",
                                                  "timeout_seconds",
                                                  "max_concurrency",
                                                  "idle_stop_seconds",
                                                  "memory_megabytes",
                                                  "hot_reload",
                                                  "network"};
constexpr std::array<std::string_view, 3> ways{"command", "runtime", "url"};
constexpr std::array<std::string_view, 1> top_fields{"functions"};

// What is wrong, and where: thrown inside, caught by parse_functions.
struct Wrong {
    std::string pointer;
    std::string message;
};

std::string type_of(const Json& value) {
    if (value.is_string()) return "a text";
    if (value.is_number()) return "a number";
    if (value.is_boolean()) return "true or false";
    if (value.is_null()) return "null";
    return value.is_array() ? "an array" : "an object";
}

std::string in_quotes(std::string_view text) { return "'" + std::string{text} + "'"; }

const Json& expect_object(const Json& value, const std::string& pointer, const std::string& what) {
    if (!value.is_object()) throw Wrong{pointer, what + " must be an object, not " + type_of(value)};
    return value;
}

void expect_known(const Json& object, const std::string& pointer, std::span<const std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        const auto place = asl::child_pointer(pointer, key);
        auto message = "unknown field " + in_quotes(key);
        if (const auto hint = asl::did_you_mean(key, known); !hint.empty()) {
            message += ": " + hint;
        } else {
            message += "; known are:";
            for (const auto name : known) message += " " + std::string{name};
        }
        throw Wrong{place, message};
    }
}

std::string text_at(const Json& value, const std::string& pointer, const std::string& what) {
    if (!value.is_string()) throw Wrong{pointer, what + " must be a text, not " + type_of(value)};
    auto text = value.get<std::string>();
    if (text.find('\0') != std::string::npos) throw Wrong{pointer, what + " must not hold a NUL character"};
    return text;
}

std::int64_t number_at(const Json& value, const std::string& pointer, const std::string& what, std::int64_t most) {
    const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= 1 &&
                      value.get<std::int64_t>() <= most &&
                      !(value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(most));
    if (!fits) {
        throw Wrong{pointer, what + " must be a whole number from 1 to " + std::to_string(most) + ", not " +
                                 (value.is_structured() ? type_of(value) : to_text(value))};
    }
    return value.get<std::int64_t>();
}

std::vector<std::string> read_command(const Json& value, const std::string& pointer) {
    if (!value.is_array()) {
        throw Wrong{pointer, "'command' must be an array of texts, not " + type_of(value) +
                                 "; for example [\"python3\", \"handler.py\"]"};
    }
    if (value.empty()) throw Wrong{pointer, "'command' is empty: it needs a program at least"};
    std::vector<std::string> command;
    for (std::size_t i = 0; i < value.size(); ++i) {
        command.push_back(text_at(value[i], asl::child_pointer(pointer, i), "a part of 'command'"));
    }
    if (command.front().empty()) throw Wrong{asl::child_pointer(pointer, 0), "the program's name is empty"};
    return command;
}

std::map<std::string, std::string> read_environment(const Json& value, const std::string& pointer) {
    std::map<std::string, std::string> environment;
    for (const auto& [name, text] : expect_object(value, pointer, "'environment'").items()) {
        const auto place = asl::child_pointer(pointer, name);
        if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos) {
            throw Wrong{place, in_quotes(name) + " is no name for an environment variable"};
        }
        environment[name] = text_at(text, place, "the environment variable " + in_quotes(name));
    }
    return environment;
}

bool is_program(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

bool in_path(const std::string& program) {
    const char* found = std::getenv("PATH");
    std::string_view folders = found ? found : "/usr/local/bin:/usr/bin:/bin";
    for (;;) {
        const auto colon = folders.find(':');
        const auto folder = folders.substr(0, colon);
        if (is_program(fs::path{folder.empty() ? "." : folder} / program)) return true;
        if (colon == std::string_view::npos) return false;
        folders.remove_prefix(colon + 1);
    }
}

// The program as it can be started: in PATH, or a file seen from the folder that the function runs in.
std::string find_program(const std::string& program, const fs::path& folder, const std::string& pointer) {
    if (program.find('/') == std::string::npos && in_path(program)) return program;
    const auto file = folder / program;
    if (is_program(file)) return file.string();
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) {
        throw Wrong{pointer, in_quotes(file.string()) +
                                 " is not executable: chmod +x it, or name the interpreter first, "
                                 "for example [\"python3\", " +
                                 to_text(Json(program)) + "]"};
    }
    if (program.find('/') != std::string::npos) throw Wrong{pointer, "there is no program " + in_quotes(file.string())};
    throw Wrong{pointer, "there is no program " + in_quotes(program) + ", neither in PATH nor in " +
                             in_quotes(folder.string()) + ": install it, or give its path"};
}

fs::path folder_at(const Json& value, const std::string& pointer, const std::string& what, const fs::path& base) {
    const auto folder = (base / text_at(value, pointer, what)).lexically_normal();
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) throw Wrong{pointer, "there is no folder " + in_quotes(folder.string())};
    return folder;
}

// Which of the ways to run it the function gives: exactly one.
std::string_view way_of(const Json& value, const std::string& name, const std::string& pointer) {
    std::string_view given;
    for (const auto way : ways) {
        if (!value.contains(std::string{way})) continue;
        if (!given.empty()) {
            throw Wrong{asl::child_pointer(pointer, way),
                        in_quotes(given) + " and " + in_quotes(way) + " exclude each other: one says what runs"};
        }
        given = way;
    }
    if (given.empty()) {
        throw Wrong{pointer, "the function " + in_quotes(name) + " needs a 'command', a 'runtime' or a 'url'"};
    }
    return given;
}

std::string read_runtime(const Json& value, const std::string& pointer) {
    auto runtime = text_at(value, pointer, "'runtime'");
    if (runtime_kind(runtime)) return runtime;
    throw Wrong{pointer, "there is no runtime " + in_quotes(runtime) + " here: known are " +
                             std::string{known_runtimes} +
                             "; for others, give a 'command' that speaks the Lambda Runtime API"};
}

// The program must be there, and a handler where the runtime needs one.
void check_runtime(const FunctionConfig& config, const std::string& pointer, bool has_handler) {
    const bool needs_handler = runtime_kind(config.runtime) != RuntimeKind::Provided;
    if (needs_handler && !has_handler) {
        throw Wrong{pointer,
                    "the runtime " + in_quotes(config.runtime) + " needs a 'handler', for example \"app.handler\""};
    }
    if (needs_handler && config.handler.find('.') == std::string::npos) {
        throw Wrong{asl::child_pointer(pointer, "handler"),
                    "a handler is MODULE.FUNCTION, not " + in_quotes(config.handler)};
    }
    const auto program = runtime_command(config).value().front();
    if (needs_handler ? in_path(program) : is_program(program)) return;
    throw Wrong{
        asl::child_pointer(pointer, "runtime"),
        "there is no program " + in_quotes(program) + (needs_handler ? " in PATH: install it" : ": build it first")};
}

FunctionConfig read_function(const std::string& name, const Json& value, const std::string& pointer,
                             const fs::path& file_folder) {
    if (!is_function_name(name)) {
        throw Wrong{pointer, "a function's name has letters, digits, '-' and '_', at most 64: " + in_quotes(name)};
    }
    expect_object(value, pointer, "the function " + in_quotes(name));
    expect_known(value, pointer, fields);
    const auto field = [&](std::string_view key) -> const Json* {
        const auto found = value.find(std::string{key});
        return found == value.end() ? nullptr : &*found;
    };
    const auto at = [&](std::string_view key) { return asl::child_pointer(pointer, key); };

    FunctionConfig config;
    config.name = name;
    fs::path folder = file_folder;
    if (const auto* working = field("working_directory")) {
        folder = folder_at(*working, at("working_directory"), "'working_directory'", file_folder);
    }
    config.working_directory = folder.string();
    if (const auto* code = field("code"))
        config.code_folder = folder_at(*code, at("code"), "'code'", file_folder).string();
    if (const auto* handler = field("handler")) config.handler = text_at(*handler, at("handler"), "'handler'");
    const auto way = way_of(value, name, pointer);
    if (way == "command") {
        config.command = read_command(*field("command"), at("command"));
        config.command[0] = find_program(config.command[0], folder, asl::child_pointer(at("command"), 0));
    } else if (way == "runtime") {
        config.runtime = read_runtime(*field("runtime"), at("runtime"));
        if (config.code_folder.empty()) config.code_folder = file_folder.string();
        if (!field("working_directory")) config.working_directory.clear();  // that is the code folder then
        check_runtime(config, pointer, field("handler") != nullptr);
    } else {
        config.url = text_at(*field("url"), at("url"), "'url'");
        if (!is_http_url(config.url)) throw Wrong{at("url"), "a 'url' begins with http:// or https://"};
    }
    const auto flag = [&](std::string_view key, bool otherwise) {
        const auto* given = field(key);
        if (given && !given->is_boolean()) throw Wrong{at(key), in_quotes(key) + " must be true or false"};
        return given ? given->get<bool>() : otherwise;
    };
    config.hot_reload = flag("hot_reload", way == "runtime");
    config.network = flag("network", false);
    if (const auto* memory = field("memory_megabytes")) {
        config.memory_megabytes =
            static_cast<std::size_t>(number_at(*memory, at("memory_megabytes"), "'memory_megabytes'", most_megabytes));
    }
    if (const auto* variables = field("environment")) {
        config.environment = read_environment(*variables, at("environment"));
    }
    if (const auto* limit = field("timeout_seconds")) {
        config.timeout =
            std::chrono::seconds{number_at(*limit, at("timeout_seconds"), "'timeout_seconds'", longest_seconds)};
    }
    if (const auto* most = field("max_concurrency")) {
        config.max_concurrency =
            static_cast<std::size_t>(number_at(*most, at("max_concurrency"), "'max_concurrency'", most_processes));
    }
    if (const auto* idle = field("idle_stop_seconds")) {
        config.idle_stop =
            std::chrono::seconds{number_at(*idle, at("idle_stop_seconds"), "'idle_stop_seconds'", longest_seconds)};
    }
    return config;
}

std::string said_at(const std::string& path, asl::Position position, const std::string& message) {
    return path + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + ": " + message;
}

}  // namespace

Result<std::vector<FunctionConfig>, std::string> parse_functions(std::string_view text, const std::string& path) {
    const auto read = parse_json(text);
    if (!read) return said_at(path, asl::position_at(text, read.error().offset), "not JSON: " + read.error().message);
    try {
        std::error_code unknown;  // then the folder stays as it was given
        const auto absolute = fs::absolute(path, unknown);
        const auto folder = (unknown ? fs::path{path} : absolute).lexically_normal().parent_path();
        if (const auto twice = asl::SourceIndex{text}.duplicates(1); !twice.empty()) {
            throw Wrong{twice[0].place.pointer, in_quotes(twice[0].key) + " is there twice"};
        }
        expect_object(*read, "", "a functions file");
        expect_known(*read, "", top_fields);
        if (!read->contains("functions")) throw Wrong{"", R"(expected {"functions": {NAME: {"command": […]}}})"};
        const auto& functions = expect_object((*read)["functions"], "/functions", "'functions'");
        std::vector<FunctionConfig> configs;
        for (const auto& [name, value] : functions.items()) {
            configs.push_back(read_function(name, value, asl::child_pointer("/functions", name), folder));
        }
        return configs;
    } catch (const Wrong& wrong) {
        return said_at(path, asl::locate(text, wrong.pointer), wrong.message);
    }
}

Result<std::vector<FunctionConfig>, std::string> read_functions_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::error_code ignored;
    if (!file || fs::is_directory(path, ignored)) return path + ": can't be read";
    std::string text;
    std::array<char, 64 * 1024> block{};
    while (file && text.size() <= file_limit_bytes) {
        file.read(block.data(), block.size());
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (text.size() > file_limit_bytes) return path + ": longer than 4 MB, so hardly a functions file";
    return parse_functions(text, path);
}

}  // namespace pawl
