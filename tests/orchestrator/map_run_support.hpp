// Buckets and items for the tests of Map Runs.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "orchestrator/map_runs/item_source.hpp"
#include "tests/persistence/temp_folder.hpp"

namespace pawl::map_run_support {

// A folder with buckets in it.
class BucketFolder {
  public:
    void write(const std::string& place, const std::string& text) const {
        const auto path = std::filesystem::path{folder.path()} / place;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }
    std::string read(const std::string& place) const {
        std::ifstream file{std::filesystem::path{folder.path()} / place, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    Buckets buckets() const { return Buckets{folder.path()}; }

    TempFolder folder;
};

// All that a source gives, and how it ended.
struct Read {
    std::vector<std::string> items;  // as texts
    std::vector<std::string> sources;
    std::string cause;  // of the States.ItemReaderFailed; empty: it came to its end
};

inline Read read_all(ItemSource& source) {
    Read read;
    while (true) {
        const auto item = source.next();
        if (!item) {
            EXPECT_EQ(item.error().name, "States.ItemReaderFailed");
            read.cause = item.error().cause.value_or("?");
            return read;
        }
        if (!*item) return read;
        read.items.push_back((**item).value.text());
        read.sources.push_back((**item).source);
    }
}

inline Read read_all(const Buckets& buckets, const std::string& resource, const std::string& config,
                     const std::string& arguments) {
    const ReaderRequest request{"arn:aws:states:::s3:" + resource, Json::parse(config), Json::parse(arguments)};
    auto source = read_items(request, buckets);
    if (!source) {
        EXPECT_EQ(source.error().name, "States.ItemReaderFailed");
        return {{}, {}, source.error().cause.value_or("?")};
    }
    return read_all(**source);
}

}  // namespace pawl::map_run_support
