#include "orchestrator/functions/code_fingerprint.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t looked_at_limit = 10'000;  // files; changes of further ones are not seen

// What tools write beside the code while it runs.
bool is_passed_over(const std::string& name) {
    return name == "__pycache__" || name == ".git" || name == "node_modules" || name == ".pytest_cache";
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

std::uint64_t code_fingerprint(const std::vector<std::string>& files_and_folders) {
    Fingerprint fingerprint;
    for (const auto& root : files_and_folders) {
        std::error_code failed;
        if (!fs::is_directory(root, failed)) {
            fingerprint.add(root);
            continue;
        }
        std::size_t seen = 0;
        fs::recursive_directory_iterator entry{root, fs::directory_options::skip_permission_denied, failed};
        for (; !failed && entry != fs::recursive_directory_iterator{} && seen < looked_at_limit;
             entry.increment(failed)) {
            if (is_passed_over(entry->path().filename().native())) {
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
