// What no compiler keeps: which folder may include which, what the pure core must not know, and how long a file may be.
// Each rule is a function from one file to its offences, tried on made-up files first and then on the whole tree.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
    std::string path;  // from the project's root, with '/'
    std::string text;
};
using Offences = std::vector<std::string>;

// Each may include itself and those before it.
constexpr std::array<std::string_view, 5> layers{"states", "persistence", "orchestrator", "web", "cli"};

std::string_view first_folder(std::string_view path) { return path.substr(0, path.find('/')); }

std::optional<std::size_t> layer_of(std::string_view path) {
    const auto found = std::find(layers.begin(), layers.end(), first_folder(path));
    if (found == layers.end() || path.find('/') == std::string_view::npos) return std::nullopt;
    return static_cast<std::size_t>(found - layers.begin());
}

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

// Where the comment, string or character that starts at `at` ends; `at` itself when none starts there.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
    const auto past = [&](std::string_view closing, std::size_t from) {
        const auto end = text.find(closing, from);
        return end == std::string_view::npos ? text.size() : end + closing.size();
    };
    const auto rest = text.substr(at);
    if (rest.starts_with("/*")) return past("*/", at + 2);
    if (rest.starts_with("R\"")) {
        const auto delimiter = rest.substr(2, rest.find('(') - 2);
        return past(")" + std::string{delimiter} + "\"", at + 2);
    }
    if (rest.front() != '"' && rest.front() != '\'') return at;
    if (rest.front() == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1]))) return at;  // 1'000
    for (auto i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == rest.front() || text[i] == '\n') {
            return i + 1;
        }
    }
    return text.size();
}

// The code alone: comments and the insides of strings are gone, lines stay lines. Include lines stay whole.
std::string code_of(std::string_view text) {
    std::string code;
    for (std::size_t i = 0; i < text.size();) {
        const bool line_start = i == 0 || text[i - 1] == '\n';
        const auto line_end = std::min(text.find('\n', i), text.size());
        if (line_start && text.substr(i).starts_with("#include")) {
            code += text.substr(i, line_end - i);
            i = line_end;
        } else if (text.substr(i).starts_with("//")) {
            i = line_end;
        } else if (const auto end = end_of_quoted(text, i); end != i) {
            code += ' ';
            code.append(static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(i),
                                                            text.begin() + static_cast<std::ptrdiff_t>(end), '\n')),
                        '\n');
            i = end;
        } else {
            code += text[i++];
        }
    }
    return code;
}

struct Include {
    std::string path;
    bool ours = false;  // "in quotes"
};

std::vector<Include> includes_of(const SourceFile& file) {
    std::vector<Include> found;
    std::istringstream lines{code_of(file.text)};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("#include")) continue;
        const auto open = line.find_first_of("\"<");
        const auto close = line.find_last_of("\">");
        if (open == std::string::npos || close <= open) continue;
        found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"'});
    }
    return found;
}

// ---------------------------------------------------------------------------------------------------------- the rules

Offences includes_that_point_left(const SourceFile& file) {
    Offences offences;
    const auto own = layer_of(file.path);
    if (!own || !is_cpp(file.path)) return offences;
    for (const auto& include : includes_of(file)) {
        if (!include.ours) continue;
        const auto target = layer_of(include.path);
        if (!target) {
            offences.push_back(file.path + " includes \"" + include.path + "\": not a path from the root into a layer");
        } else if (*target > *own) {
            offences.push_back(file.path + " includes \"" + include.path + "\": " + std::string{layers[*own]} +
                               "/ must not know " + std::string{layers[*target]} + "/");
        }
    }
    return offences;
}

struct Confined {
    std::string_view header;  // the include path starts with this
    std::vector<std::string_view> allowed_under;
};

// Third-party headers and where they may be seen.
const std::vector<Confined>& confined_headers() {
    static const std::vector<Confined> rules{
        {"boost/msm", {"states/lifecycle/"}},
        {"sqlite3.h", {"persistence/", "tests/persistence/"}},
        {"libpq", {"persistence/"}},
        {"httplib.h", {"orchestrator/", "web/", "tests/", "bench/"}},
        {"curl/", {"orchestrator/", "tests/"}},
        {"CLI/", {"cli/", "bench/"}},
        {"yaml.h", {"states/asl/"}},
        {"regex", {"tests/"}},      // std::regex overflows the stack on long input
        {"coroutine", {"tests/"}},  // g++ 12 destroys temporaries in co_await twice
    };
    return rules;
}

Offences headers_out_of_place(const SourceFile& file) {
    Offences offences;
    if (!is_cpp(file.path)) return offences;
    for (const auto& include : includes_of(file)) {
        for (const auto& rule : confined_headers()) {
            if (include.ours || !include.path.starts_with(rule.header)) continue;
            const bool allowed = std::any_of(rule.allowed_under.begin(), rule.allowed_under.end(),
                                             [&](auto folder) { return file.path.starts_with(folder); });
            if (!allowed) offences.push_back(file.path + " includes <" + include.path + ">");
        }
    }
    return offences;
}

Offences impurities_of_states(const SourceFile& file) {
    // <mutex> is allowed: a payload that is read by several threads is parsed once.
    constexpr std::array<std::string_view, 9> headers{
        "thread", "condition_variable", "future", "fstream", "filesystem", "iostream", "sys/", "unistd.h", "ctime"};
    constexpr std::array<std::string_view, 4> calls{"::now(", "random_device", "std::thread", "getenv("};
    Offences offences;
    if (!file.path.starts_with("states/") || !is_cpp(file.path)) return offences;
    for (const auto& include : includes_of(file)) {
        const bool banned = std::any_of(headers.begin(), headers.end(), [&](auto header) {
            return header.ends_with('/') ? include.path.starts_with(header) : include.path == header;
        });
        if (!include.ours && banned) offences.push_back(file.path + " includes <" + include.path + ">");
    }
    const auto code = code_of(file.text);
    for (const auto call : calls) {
        if (code.find(call) != std::string::npos) offences.push_back(file.path + " uses " + std::string{call});
    }
    return offences;
}

Offences regexes(const SourceFile& file) {
    if (!is_cpp(file.path) || file.path.starts_with("tests/")) return {};
    if (code_of(file.text).find("std::regex") == std::string::npos) return {};
    return {file.path + " uses std::regex"};
}

Offences headers_without_pragma_once(const SourceFile& file) {
    if (!file.path.ends_with(".hpp") || code_of(file.text).find("#pragma once\n") != std::string::npos) return {};
    return {file.path + " has no #pragma once"};
}

Offences files_too_long(const SourceFile& file) {
    constexpr std::array<std::string_view, 8> kinds{".cpp", ".hpp", ".js", ".mjs", ".jsx", ".ts", ".tsx", ".py"};
    if (std::none_of(kinds.begin(), kinds.end(), [&](auto kind) { return file.path.ends_with(kind); })) return {};
    const auto limit = file.path.starts_with("tests/") ? 800 : 500;
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    if (lines <= limit) return {};
    return {file.path + " has " + std::to_string(lines) + " lines, more than " + std::to_string(limit)};
}

// ------------------------------------------------------------------------------------------------------------ the tree

// Everything that people wrote; not what tools built or fetched.
std::vector<SourceFile> project_files() {
    constexpr std::array<std::string_view, 5> skipped{"build", "node_modules", "dist", "__pycache__", ".git"};
    const fs::path root{PAWL_SOURCE_DIR};
    std::vector<SourceFile> files;
    for (auto entry = fs::recursive_directory_iterator{root}; entry != fs::recursive_directory_iterator{}; ++entry) {
        const auto name = entry->path().filename().string();
        if (entry->is_directory()) {
            if (std::find(skipped.begin(), skipped.end(), name) != skipped.end()) entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file()) continue;
        std::ifstream in{entry->path(), std::ios::binary};
        files.push_back({entry->path().lexically_relative(root).generic_string(),
                         std::string{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}}});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

using Rule = Offences (*)(const SourceFile&);

std::string offences_in_project(Rule rule) {
    std::string report;
    for (const auto& file : project_files()) {
        for (const auto& offence : rule(file)) report += offence + "\n";
    }
    return report;
}

TEST(Tidy, SeesTheProjectsFiles) {
    const auto files = project_files();
    const auto has = [&](std::string_view path) {
        return std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    };
    EXPECT_TRUE(has("states/event.hpp"));
    EXPECT_TRUE(has("persistence/store.hpp"));
    EXPECT_TRUE(has("tests/tidy_test.cpp"));
}
TEST(Tidy, IncludesPointFromCliTowardsStates) { EXPECT_EQ(offences_in_project(includes_that_point_left), ""); }
TEST(Tidy, ThirdPartyHeadersStayInTheirFolders) { EXPECT_EQ(offences_in_project(headers_out_of_place), ""); }
TEST(Tidy, StatesKnowNoThreadNoFileAndNoClock) { EXPECT_EQ(offences_in_project(impurities_of_states), ""); }
TEST(Tidy, NobodyUsesStdRegex) { EXPECT_EQ(offences_in_project(regexes), ""); }
TEST(Tidy, HeadersAreIncludedOnce) { EXPECT_EQ(offences_in_project(headers_without_pragma_once), ""); }
TEST(Tidy, FilesHoldOneThing) { EXPECT_EQ(offences_in_project(files_too_long), ""); }

// ------------------------------------------------------------------------------------------------- the rules see sins

struct Sin {
    const char* name;
    Rule rule;
    const char* path;
    const char* text;
    std::size_t offences;
};
class TidyRule : public testing::TestWithParam<Sin> {};

TEST_P(TidyRule, CountsOffences) {
    const auto& sin = GetParam();
    EXPECT_EQ(sin.rule({sin.path, sin.text}).size(), sin.offences);
}

std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "x\n";
    return text;
}
const std::string lines_500 = lines(500), lines_501 = lines(501);

INSTANTIATE_TEST_SUITE_P(
    Examples, TidyRule,
    testing::Values(
        Sin{"LeftInclude", includes_that_point_left, "states/a.cpp", "#include \"web/http.hpp\"\n", 1},
        Sin{"RightInclude", includes_that_point_left, "web/a.cpp", "#include \"states/json.hpp\"\n", 0},
        Sin{"OwnInclude", includes_that_point_left, "web/a.cpp", "#include \"web/http.hpp\"\n", 0},
        Sin{"RelativeInclude", includes_that_point_left, "web/a.cpp", "#include \"http.hpp\"\n", 1},
        Sin{"IncludeInComment", includes_that_point_left, "states/a.cpp", "/*\n#include \"web/http.hpp\"\n*/\n", 0},
        Sin{"TestsMayIncludeAll", includes_that_point_left, "tests/a.cpp", "#include \"web/http.hpp\"\n", 0},
        Sin{"MsmOutside", headers_out_of_place, "states/wait.cpp", "#include <boost/msm/back/tools.hpp>\n", 1},
        Sin{"MsmInside", headers_out_of_place, "states/lifecycle/a.cpp", "#include <boost/msm/back/tools.hpp>\n", 0},
        Sin{"SqliteInWeb", headers_out_of_place, "web/a.cpp", "#include <sqlite3.h>\n", 1},
        Sin{"HttplibInStates", headers_out_of_place, "states/a.cpp", "#include <httplib.h>\n", 1},
        Sin{"ThreadInStates", impurities_of_states, "states/a.cpp", "#include <thread>\n", 1},
        Sin{"ChronoInStates", impurities_of_states, "states/a.cpp", "#include <chrono>\n", 0},
        Sin{"ClockInStates", impurities_of_states, "states/a.cpp", "auto t = Clock::now();\n", 1},
        Sin{"ClockInComment", impurities_of_states, "states/a.cpp", "int a; // not Clock::now()\n", 0},
        Sin{"ClockInString", impurities_of_states, "states/a.cpp", "auto s = \"Clock::now()\";\n", 0},
        Sin{"ClockAfterDigitSeparator", impurities_of_states, "states/a.cpp", "int a = 1'000; C::now(); int b = 1'0;\n",
            1},
        Sin{"ClockInOrchestrator", impurities_of_states, "orchestrator/a.cpp", "auto t = Clock::now();\n", 0},
        Sin{"Regex", regexes, "web/a.cpp", "std::regex r;\n", 1},
        Sin{"RegexInRawString", regexes, "web/a.cpp", "auto s = R\"x(std::regex)x\";\n", 0},
        Sin{"RegexInTests", regexes, "tests/a.cpp", "std::regex r;\n", 0},
        Sin{"NoPragma", headers_without_pragma_once, "web/a.hpp", "// #pragma once\nint a;\n", 1},
        Sin{"Pragma", headers_without_pragma_once, "web/a.hpp", "// what\n#pragma once\n", 0},
        Sin{"LongSource", files_too_long, "web/a.cpp", lines_501.c_str(), 1},
        Sin{"LongEnoughSource", files_too_long, "web/a.cpp", lines_500.c_str(), 0},
        Sin{"LongTest", files_too_long, "tests/a.cpp", lines_501.c_str(), 0},
        Sin{"LongData", files_too_long, "web/a.json", lines_501.c_str(), 0}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pawl
