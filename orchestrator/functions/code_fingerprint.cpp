#include "orchestrator/functions/code_fingerprint.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t looked_at_limit = 10'000;  // files; changes of further ones are not seen

// What tools write beside the code.
constexpr std::array<std::string_view, 7> folders_of_tools{"__pycache__", ".git",     "node_modules", ".pytest_cache",
                                                           ".venv",       ".aws-sam", "cdk.out"};

bool is_passed_over(const fs::path& path, const std::vector<std::string>& not_code) {
    const auto name = path.filename();
    return std::ranges::find(folders_of_tools, name.native()) != folders_of_tools.end() ||
           std::ranges::find(not_code, path.native()) != not_code.end();
}

class Fingerprint {
  public:
    void add(const fs::path& path) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) return;
        // Summed up, so that the order in which a folder lists its files does not count.
        auto hash = text_hash(path.native());
        for (const auto part :
             {static_cast<std::uint64_t>(status.st_mtim.tv_sec), static_cast<std::uint64_t>(status.st_mtim.tv_nsec),
              static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_ino)}) {
            hash = (hash ^ part) * 0x100000001b3U;
        }
        sum_ += hash ^ (hash >> 29U);
    }
    std::uint64_t sum() const { return sum_; }

  private:
    static std::uint64_t text_hash(const std::string& text) {  // FNV-1a
        std::uint64_t hash = 0xcbf29ce484222325U;
        for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3U;
        return hash;
    }
    std::uint64_t sum_ = 0;
};

}  // namespace

std::vector<std::string> code_of(const FunctionConfig& config) {
    if (!config.code_folder.empty()) return {config.code_folder};
    std::vector<std::string> files;
    for (const auto& part : config.command) {
        std::error_code ignored;
        const auto file = fs::path{config.working_directory} / part;
        if (fs::is_regular_file(file, ignored)) files.push_back(file.string());
    }
    return files;
}

std::string place_of(const std::string& path) {
    std::error_code ignored;
    const auto absolute = fs::absolute(path, ignored).lexically_normal();
    const auto folder = fs::weakly_canonical(absolute.parent_path(), ignored);
    return (folder / absolute.filename()).native();
}

std::uint64_t code_fingerprint(const std::vector<std::string>& files_and_folders,
                               const std::vector<std::string>& not_code) {
    Fingerprint fingerprint;
    for (const auto& root : files_and_folders) {
        std::error_code failed;
        if (!fs::is_directory(root, failed)) {
            fingerprint.add(root);
            continue;
        }
        std::size_t seen = 0;
        const auto folder = not_code.empty() ? fs::path{root} : fs::canonical(root, failed);
        fs::recursive_directory_iterator entry{folder, fs::directory_options::skip_permission_denied, failed};
        for (; !failed && entry != fs::recursive_directory_iterator{} && seen < looked_at_limit;
             entry.increment(failed)) {
            if (is_passed_over(entry->path(), not_code)) {
                entry.disable_recursion_pending();
                continue;
            }
            std::error_code ignored;
            if (entry->is_directory(ignored)) continue;
            fingerprint.add(entry->path());
            ++seen;
        }
    }
    return fingerprint.sum();
}

}  // namespace pawl
