#include "orchestrator/map_runs/buckets.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/orchestrator/map_run_support.hpp"

namespace pawl {
namespace {

using map_run_support::BucketFolder;
using Keys = std::vector<std::string>;

std::string content(const Buckets& buckets, const std::string& bucket, const std::string& key) {
    auto source = buckets.get(bucket, key);
    if (!source) return source.error().code + ": " + source.error().message;
    ByteReader reader{*std::move(source)};
    std::string text;
    for (int byte = reader.next(); byte != ByteReader::end; byte = reader.next()) text += static_cast<char>(byte);
    EXPECT_EQ(reader.error(), nullptr);
    return text;
}

Keys keys(const Buckets& buckets, const std::string& prefix = "") {
    Keys found;
    auto list = buckets.list("data", prefix);
    if (!list) return {list.error().code};
    while (true) {
        auto object = (*list)->next();
        if (!object) return {object.error().code};
        if (!*object) return found;
        found.push_back((**object).key);
    }
}

std::string put(const Buckets& buckets, const std::string& key, const std::string& text) {
    auto writer = buckets.put("data", key);
    if (!writer) return writer.error().code;
    if (const auto failed = (*writer)->write(text)) return failed->code;
    if (const auto failed = (*writer)->finish()) return failed->code;
    return "";
}

constexpr auto no_such_key = "NoSuchKey: The specified key does not exist.";
constexpr auto no_such_bucket = "NoSuchBucket: The specified bucket does not exist";
constexpr auto denied = "AccessDenied: Access Denied";

TEST(Buckets, GiveObjectsByTheirKeys) {
    const BucketFolder folder;
    folder.write("data/a.txt", "one");
    folder.write("data/deep/er/b.txt", std::string(200'000, 'x'));
    const auto buckets = folder.buckets();
    EXPECT_EQ(content(buckets, "data", "a.txt"), "one");
    EXPECT_EQ(content(buckets, "data", "deep/er/b.txt"), std::string(200'000, 'x'));
    EXPECT_EQ(content(buckets, "data", "c.txt"), no_such_key);
    EXPECT_EQ(content(buckets, "data", "deep"), no_such_key);
    EXPECT_EQ(content(buckets, "data", "a.txt/b"), no_such_key);
    EXPECT_EQ(content(buckets, "other", "a.txt"), no_such_bucket);
}

TEST(Buckets, AreNoneWithoutAFolder) {
    const Buckets none;
    EXPECT_FALSE(none.has("data"));
    EXPECT_EQ(content(none, "data", "a.txt"), no_such_bucket);
    EXPECT_EQ(content(none, "tmp", "a.txt"), no_such_bucket);
    EXPECT_EQ(put(none, "a.txt", "one"), "NoSuchBucket");
}

TEST(Buckets, RefuseNamesThatLeadOutOfThem) {
    const BucketFolder folder;
    folder.write("data/a.txt", "one");
    folder.write("other/secret", "two");
    folder.write("plain", "three");
    const auto buckets = folder.buckets();
    for (const std::string key : {"../other/secret", "x/../../other/secret", "./a.txt", "/a.txt", "a//b", "x/", ""}) {
        EXPECT_EQ(content(buckets, "data", key), denied) << key;
        EXPECT_EQ(put(buckets, key, "no"), "AccessDenied") << key;
    }
    EXPECT_EQ(content(buckets, "data", std::string{"a.txt\0b", 7}), denied);
    EXPECT_EQ(put(buckets, std::string(1025, 'k'), "no"), "KeyTooLongError");
    for (const std::string bucket : {"..", ".", "", "data/deep", "../data", "plain"}) {
        EXPECT_EQ(content(buckets, bucket, "a.txt"), no_such_bucket) << bucket;
    }
}

TEST(Buckets, DoNotFollowLinksOutOfThem) {
    const BucketFolder folder;
    folder.write("data/a.txt", "one");
    folder.write("outside/secret", "two");
    const std::filesystem::path data{folder.folder.file("data")};
    std::filesystem::create_symlink("../outside/secret", data / "file");
    std::filesystem::create_directory_symlink("../outside", data / "folder");
    std::filesystem::create_symlink("a.txt", data / "inside");
    std::filesystem::create_symlink("missing", data / "broken");
    std::filesystem::create_directory_symlink(".", data / "loop");
    std::filesystem::create_directory_symlink("/", folder.folder.file("root"));
    const auto buckets = folder.buckets();
    EXPECT_EQ(content(buckets, "data", "file"), denied);
    EXPECT_EQ(content(buckets, "data", "folder/secret"), denied);
    EXPECT_EQ(content(buckets, "data", "inside"), "one");
    EXPECT_EQ(content(buckets, "data", "broken"), no_such_key);
    EXPECT_EQ(content(buckets, "root", "etc/passwd"), denied);
    EXPECT_EQ(put(buckets, "folder/new", "no"), "AccessDenied");
    EXPECT_FALSE(std::filesystem::exists(folder.folder.file("outside/new")));
    EXPECT_EQ(keys(buckets), (Keys{"a.txt", "inside"}));
    EXPECT_EQ(put(buckets, "file", "mine"), "");  // takes the link's place
    EXPECT_EQ(folder.read("outside/secret"), "two");
    EXPECT_EQ(content(buckets, "data", "file"), "mine");
}

TEST(Buckets, HoldPlainFilesAlone) {
    const BucketFolder folder;
    folder.write("data/a.txt", "one");
    ASSERT_EQ(mkfifo(folder.folder.file("data/pipe").c_str(), 0600), 0);
    const auto buckets = folder.buckets();
    EXPECT_EQ(content(buckets, "data", "pipe"), no_such_key);
    EXPECT_EQ(keys(buckets), Keys{"a.txt"});
}

TEST(Buckets, ListKeysInTheOrderOfTheirBytes) {
    const BucketFolder folder;
    for (const std::string key : {"a/x", "a-b", "a.txt", "a/b/c", "ab", "Z", "a0", "\xc3\xa9", "b/1"}) {
        folder.write("data/" + key, key);
    }
    std::filesystem::create_directory(folder.folder.file("data/empty"));
    const auto buckets = folder.buckets();
    EXPECT_EQ(keys(buckets), (Keys{"Z", "a-b", "a.txt", "a/b/c", "a/x", "a0", "ab", "b/1", "\xc3\xa9"}));
    EXPECT_EQ(keys(buckets, "a/"), (Keys{"a/b/c", "a/x"}));
    EXPECT_EQ(keys(buckets, "a"), (Keys{"a-b", "a.txt", "a/b/c", "a/x", "a0", "ab"}));
    EXPECT_EQ(keys(buckets, "a/b/c"), Keys{"a/b/c"});
    EXPECT_EQ(keys(buckets, "a/b/c/"), Keys{});
    EXPECT_EQ(keys(buckets, "../"), Keys{});
    EXPECT_EQ(keys(buckets, "nothing"), Keys{});
}

TEST(Buckets, TellWhatIsKnownOfAnObject) {
    const BucketFolder folder;
    folder.write("data/a.txt", "four");
    const auto buckets = folder.buckets();
    const auto look = [&] {
        auto list = buckets.list("data", "");
        return **(*list)->next();
    };
    const auto first = look();
    EXPECT_EQ(first.size_bytes, 4);
    EXPECT_EQ(first.storage_class, "STANDARD");
    EXPECT_EQ(first.etag.size(), 34U);
    EXPECT_EQ(first.etag.front(), '"');
    EXPECT_EQ(first.last_modified.time_since_epoch().count() % 1000, 0);  // as S3: whole seconds
    EXPECT_EQ(look().etag, first.etag);
    ASSERT_EQ(put(buckets, "a.txt", "other"), "");
    EXPECT_NE(look().etag, first.etag);
}

TEST(Buckets, PutAllOfAnObjectOrNothing) {
    const BucketFolder folder;
    folder.write("data/a.txt", "old");
    const auto buckets = folder.buckets();
    {
        auto writer = buckets.put("data", "a.txt");
        ASSERT_TRUE(writer);
        EXPECT_EQ((*writer)->write(std::string(1'000'000, 'n')), std::nullopt);
        EXPECT_EQ(content(buckets, "data", "a.txt"), "old");
        EXPECT_EQ(keys(buckets), Keys{"a.txt"});
    }  // given up
    EXPECT_EQ(content(buckets, "data", "a.txt"), "old");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.folder.file("data")}, {}), 1);
    EXPECT_EQ(put(buckets, "a.txt", "new"), "");
    EXPECT_EQ(content(buckets, "data", "a.txt"), "new");
    EXPECT_EQ(put(buckets, "some/where/deep", "x"), "");
    EXPECT_EQ(content(buckets, "data", "some/where/deep"), "x");
    EXPECT_EQ(put(buckets, "some/where", "x"), "AccessDenied");  // a folder here
}

}  // namespace
}  // namespace pawl
