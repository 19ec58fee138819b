// Archives that somebody sent: what is written where, and what is refused.
#include "orchestrator/functions/registry/zip_archive.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "function_support.hpp"
#include "zip_support.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::TemporaryFolder;
using test::zip_of;
using test::ZipEntry;

class UnpackZip : public testing::Test {
  protected:
    // What came of it: "" for success.
    std::string unpack(const std::string& archive, const ZipLimits& limits = {}) {
        const auto result = unpack_zip(archive, inside(), limits);
        if (result) return "";
        switch (result.error()) {
            case ZipProblem::Broken:
                return "broken";
            case ZipProblem::Empty:
                return "empty";
            case ZipProblem::TooLarge:
                return "too large";
        }
        return "?";
    }
    fs::path inside() {
        const auto path = folder_.path("inside");
        fs::create_directory(path);
        return path;
    }
    // Nothing is beside the folder that was unpacked into.
    bool outside_is_untouched() {
        return std::distance(fs::directory_iterator{folder_.path()}, fs::directory_iterator{}) == 1;
    }

  private:
    TemporaryFolder folder_;
};

TEST_F(UnpackZip, WritesFilesAndFolders) {
    ASSERT_EQ(unpack(zip_of({{"app.py", "print(1)"}, {"lib/", ""}, {"lib/a/b.txt", "x"}, {"empty", ""}})), "");
    EXPECT_EQ(contents(inside() / "app.py"), "print(1)");
    EXPECT_EQ(contents(inside() / "lib/a/b.txt"), "x");
    EXPECT_TRUE(fs::is_regular_file(inside() / "empty"));
}

TEST_F(UnpackZip, TakesNamesAsSeenFromTheirFolder) {
    ASSERT_EQ(unpack(zip_of({{"./", "", S_IFDIR | 0755}, {"./app.py", "1"}, {"././lib/x", "2"}})), "");
    EXPECT_EQ(contents(inside() / "app.py"), "1");
    EXPECT_EQ(contents(inside() / "lib/x"), "2");
    EXPECT_EQ(unpack(zip_of({{"a", "1"}, {"./a", "2"}})), "broken");
    EXPECT_EQ(unpack(zip_of({{"./../x", "1"}})), "broken");
}

TEST_F(UnpackZip, PassesOverWhatIsAroundTheArchive) {
    const auto archive = zip_of({{"a", "1"}, {"b", "2"}});
    const std::string program = "#!/usr/bin/env python3\n";
    for (const auto& bytes : {program + archive, archive + "\n", program + archive + "more", archive + "PK\5\6"}) {
        fs::remove_all(inside());
        EXPECT_EQ(unpack(bytes), "");
        EXPECT_EQ(contents(inside() / "a"), "1");
        EXPECT_EQ(contents(inside() / "b"), "2");
    }
    // As zipapp makes them: offsets count from the very beginning.
    EXPECT_EQ(unpack(zip_of({{"c", "3"}}, program)), "");
    EXPECT_EQ(contents(inside() / "c"), "3");
}

TEST_F(UnpackZip, KeepsWhatMayBeExecuted) {
    ASSERT_EQ(unpack(zip_of({{"bootstrap", "#!/bin/sh", S_IFREG | 0755}, {"data", "1", S_IFREG | 0600}})), "");
    EXPECT_NE(fs::status(inside() / "bootstrap").permissions() & fs::perms::owner_exec, fs::perms::none);
    EXPECT_EQ(fs::status(inside() / "data").permissions() & fs::perms::owner_exec, fs::perms::none);
}

struct BadName {
    const char* title;
    std::vector<ZipEntry> entries;
};
class RefusedEntries : public UnpackZip, public testing::WithParamInterface<BadName> {};

TEST_P(RefusedEntries, AreBroken) {
    EXPECT_EQ(unpack(zip_of(GetParam().entries)), "broken");
    EXPECT_TRUE(outside_is_untouched());
}

constexpr auto link = S_IFLNK | 0777;
INSTANTIATE_TEST_SUITE_P(
    , RefusedEntries,
    testing::Values(BadName{"ParentFolder", {{"../x", "1"}}}, BadName{"HiddenParentFolder", {{"a/../../x", "1"}}},
                    BadName{"InnerParentFolder", {{"a/../x", "1"}}}, BadName{"AbsolutePath", {{"/tmp/x", "1"}}},
                    BadName{"EmptySegment", {{"a//x", "1"}}}, BadName{"Dot", {{"a/./x", "1"}}},
                    BadName{"LinkOut", {{"l", "../x", link}}}, BadName{"AbsoluteLink", {{"l", "/etc/passwd", link}}},
                    BadName{"LinkThroughALink", {{"a/b/d", "../..", link}, {"a/b/l", "d/../../x", link}}},
                    BadName{"WritesThroughALink", {{"l", "a", link}, {"l/x", "1"}}},
                    BadName{"Twice", {{"a", "1"}, {"a", "2"}}}, BadName{"FileAndFolder", {{"a", "1"}, {"a/b", "2"}}},
                    BadName{"Device", {{"d", "", S_IFCHR | 0666}}}),
    [](const auto& test) { return std::string{test.param.title}; });

TEST_F(UnpackZip, MakesLinksThatStayInside) {
    ASSERT_EQ(unpack(zip_of({{"l", "a/x", link}, {"a/up", "../b", link}, {"a/x", "1"}, {"b", "2"}})), "");
    EXPECT_EQ(contents(inside() / "l"), "1");
    EXPECT_EQ(contents(inside() / "a/up"), "2");
}

TEST_F(UnpackZip, RefusesWhatIsNoArchive) {
    EXPECT_EQ(unpack("not a zip"), "broken");
    EXPECT_EQ(unpack(""), "empty");
    EXPECT_EQ(unpack(zip_of({})), "empty");
    auto damaged = zip_of({{"a", std::string(1000, 'x')}});
    EXPECT_EQ(unpack(damaged.substr(0, damaged.size() / 2)), "broken");
    for (std::size_t i = 31; i < 36; ++i) damaged[i] = static_cast<char>(~damaged[i]);  // behind header and name
    EXPECT_EQ(unpack(damaged), "broken");
}

TEST_F(UnpackZip, StopsAtTheFirstByteTooMuch) {
    const auto bomb = zip_of({{"zeros", std::string(3'000'000, '\0')}});
    ASSERT_LT(bomb.size(), 20'000U);
    EXPECT_EQ(unpack(bomb, {.unpacked_bytes = 1'000'000}), "too large");
    EXPECT_LE(fs::file_size(inside() / "zeros"), 1'000'000U);
}

TEST_F(UnpackZip, RefusesTooManyEntries) {
    EXPECT_EQ(unpack(zip_of({{"a", "1"}, {"b", "2"}, {"c", "3"}}), {.entries = 2}), "too large");
}

}  // namespace
}  // namespace pawl
