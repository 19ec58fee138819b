#include "orchestrator/map_runs/item_source.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <random>

#include "tests/orchestrator/map_run_support.hpp"

namespace pawl {
namespace {

using namespace map_run_support;
using Texts = std::vector<std::string>;

constexpr auto csv_first_row = R"({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"})";
constexpr auto object_place = R"({"Bucket": "data", "Key": "file"})";

// What a reader makes of one object.
Read read_text(const std::string& text, const std::string& config) {
    const BucketFolder folder;
    folder.write("data/file", text);
    return read_all(folder.buckets(), "getObject", config, object_place);
}

// --- The state's own data.

TEST(StateItems, AreTheElementsOfAnArray) {
    const auto source = state_items(Payload::from_text(R"([1, {"a": "b"}, null])"));
    const auto read = read_all(*source);
    EXPECT_EQ(read.items, (Texts{"1", R"({"a":"b"})", "null"}));
    EXPECT_EQ(read.sources, Texts(3, ""));
}

TEST(StateItems, AreTheMembersOfAnObject) {
    const auto source = state_items(Payload::from_text(R"({"z": 1, "a\"b": [2]})"));
    const auto first = source->next();
    ASSERT_TRUE(first && *first);
    EXPECT_EQ((**first).value.text(), R"({"Key":"z","Value":1})");
    EXPECT_EQ((**first).key, "z");
    EXPECT_EQ(read_all(*source).items, Texts{R"({"Key":"a\"b","Value":[2]})"});
    EXPECT_EQ(read_all(*state_items(Payload::from_text("{}"))).items, Texts{});
}

// --- Text delimited files.

TEST(CsvItems, TakeTheirHeadersFromTheFirstRow) {
    const auto read = read_text("id,name\n1,Ann\n2,Ben\n", csv_first_row);
    EXPECT_EQ(read.items, (Texts{R"({"id":"1","name":"Ann"})", R"({"id":"2","name":"Ben"})"}));
    EXPECT_EQ(read.sources, Texts(2, "s3://data/file"));
    EXPECT_EQ(read.cause, "");
}

TEST(CsvItems, TakeGivenHeaders) {
    const auto read =
        read_text("1,2\n3,4", R"({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"]})");
    EXPECT_EQ(read.items, (Texts{R"({"x":"1","y":"2"})", R"({"x":"3","y":"4"})"}));
}

TEST(CsvItems, FillMissingFieldsAndDropSurplusOnes) {
    const auto read = read_text("a,b\n1\n1,2,3\n,\n\nlast,", csv_first_row);
    EXPECT_EQ(read.items, (Texts{R"({"a":"1","b":""})", R"({"a":"1","b":"2"})", R"({"a":"","b":""})",
                                 R"({"a":"","b":""})", R"({"a":"last","b":""})"}));
}

TEST(CsvItems, AreStringsAsTheyAre) {
    EXPECT_EQ(read_text("a,b,c\n true ,1.50,null\n", csv_first_row).items,
              Texts{R"({"a":" true ","b":"1.50","c":"null"})"});
}

TEST(CsvItems, KnowQuotesAndBackslashes) {
    const auto field = [](const std::string& written) { return read_text("a\n" + written, csv_first_row).items; };
    const auto is = [](const std::string& value) { return Texts{to_text(Json{{"a", value}})}; };
    EXPECT_EQ(field(R"("x,y")"), is("x,y"));
    EXPECT_EQ(field("\"x\ny\""), is("x\ny"));
    EXPECT_EQ(field(R"("say ""hi""")"), is(R"(say "hi")"));
    EXPECT_EQ(field(R"(x\,y)"), is("x,y"));
    EXPECT_EQ(field(R"(C:\\Temp)"), is(R"(C:\Temp)"));
    EXPECT_EQ(field(R"(a\nb\|)"), is("anb|"));
    EXPECT_EQ(field(R"(\"x\")"), is(R"("x")"));
    EXPECT_EQ(field(R"("a\"b")"), is(R"(a"b)"));
    EXPECT_EQ(field(R"(x"y"z)"), is(R"(x"y"z)"));
    EXPECT_EQ(field(R"("x"y)"), is("xy"));
    EXPECT_EQ(field("x\\"), is("x"));
    EXPECT_EQ(field("\"open"), is("open"));
}

TEST(CsvItems, KnowOtherDelimitersAndLineEnds) {
    const auto read = [](const std::string& delimiter, const std::string& text) {
        return read_text(text, R"({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": ")" +
                                   delimiter + "\"}")
            .items;
    };
    const Texts expected{R"({"a":"1,\\","b":"2"})"};
    EXPECT_EQ(read("PIPE", "a|b\r\n1,\\\\|2\r\n"), expected);
    EXPECT_EQ(read("SEMICOLON", "a;b\r1,\\\\;2"), expected);
    EXPECT_EQ(read("SPACE", "a b\n1,\\\\ 2"), expected);
    EXPECT_EQ(read("TAB",
                   "\xef\xbb\xbf"
                   "a\tb\n1,\\\\\t2"),
              expected);
    EXPECT_EQ(read("COMMA", "a,b\n1\\,\\\\,2"), expected);
}

TEST(CsvItems, RefuseHeadersThatAreNotUnique) {
    constexpr auto cause = "CSV headers cannot contain duplicates.";
    EXPECT_EQ(read_text("a,b,a\n1,2,3", csv_first_row).cause, cause);
    EXPECT_EQ(read_text(",\n1,2", csv_first_row).cause, cause);
    EXPECT_EQ(read_text("", R"({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "x"]})").cause,
              cause);
}

TEST(CsvItems, HaveBounds) {
    EXPECT_EQ(read_text(std::string(10'241, 'h') + "\n1", csv_first_row).cause,
              "CSV headers cannot be longer than 10 KiB.");
    EXPECT_NE(read_text("a\n\"" + std::string(max_item_bytes + 1, 'x'), csv_first_row).cause, "");
    EXPECT_NE(read_text("a\n" + std::string(max_item_bytes + 1, ','), csv_first_row).cause, "");
}

TEST(CsvItems, OfNothingAreNone) {
    EXPECT_EQ(read_text("", csv_first_row).items, Texts{});
    EXPECT_EQ(read_text("a,b\n", csv_first_row).items, Texts{});
    EXPECT_EQ(read_text("", csv_first_row).cause, "");
}

TEST(CsvItems, ReplaceWhatIsNotUtf8) {
    EXPECT_EQ(read_text("a\n\xff", csv_first_row).items, Texts{"{\"a\":\"\xef\xbf\xbd\"}"});
}

// --- JSON.

constexpr auto json = R"({"InputType": "JSON"})";

std::string at(const std::string& pointer) { return R"({"InputType": "JSON", "ItemsPointer": ")" + pointer + "\"}"; }

TEST(JsonItems, AreTheElementsOfTheArray) {
    EXPECT_EQ(read_text(R"( [ {"a": "]"} , "x\"]" ,1.5e3,true, [ [] ] ,null ] )", json).items,
              (Texts{R"({"a": "]"})", R"("x\"]")", "1.5e3", "true", "[ [] ]", "null"}));
    EXPECT_EQ(read_text("[]", json).items, Texts{});
    EXPECT_EQ(read_text("[]", json).cause, "");
    EXPECT_EQ(read_text("\xef\xbb\xbf[1]", json).items, Texts{"1"});
}

TEST(JsonItems, AreOfNothingElse) {
    for (const std::string text : {R"({"a": [1]})", "1", "\"text\"", "null"}) {
        EXPECT_EQ(read_text(text, json).cause, "Attempting to map over non-iterable node.") << text;
    }
}

TEST(JsonItems, ArePointedTo) {
    const std::string text = R"({"x": {"y": [1]}, "a/b": {"m~n": [[10, 11], {"k": [20], "o": {"p": 1, "q": "r"}}]}})";
    EXPECT_EQ(read_text(text, at("/a~1b/m~0n/1/k")).items, Texts{"20"});
    EXPECT_EQ(read_text(text, at("/a~1b/m~0n/0")).items, (Texts{"10", "11"}));
    EXPECT_EQ(read_text(text, at("/a~1b/m~0n/1/o")).items,
              (Texts{R"({"Key":"p","Value":1})", R"({"Key":"q","Value":"r"})"}));
    EXPECT_EQ(read_text("[7]", at("")).items, Texts{"7"});
    EXPECT_EQ(read_text(text, at("/x/y/0")).cause, "Attempting to map over non-iterable node.");
    for (const std::string pointer : {"/z", "/x/y/1", "/x/y/-", "/x/y/00", "/x/y/0/1", "/a"}) {
        EXPECT_EQ(read_text(text, at(pointer)).cause,
                  "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.")
            << pointer;
    }
}

TEST(JsonItems, EndWhereTheTextIsBroken) {
    for (const std::string text :
         {"[1, 2", "[1, 2,]", "[1 2]", "[1, 2, x]", "[1, 2]]", "[1, 2}", "[1, 2, \"", "[1, 2, {]"}) {
        const auto read = read_text(text, json);
        EXPECT_EQ(read.cause, "The object s3://data/file is not valid JSON.") << text;
        EXPECT_LE(read.items.size(), 2U);
    }
    EXPECT_EQ(read_text("", json).cause, "The object s3://data/file is not valid JSON.");
    EXPECT_EQ(read_text("{", json).cause, "The object s3://data/file is not valid JSON.");
    EXPECT_NE(read_text("[" + std::string(1000, '[') + std::string(1000, ']') + "]", json).cause, "");
    EXPECT_NE(read_text("[\"" + std::string(max_item_bytes, 'x') + "\"]", json).cause, "");
}

TEST(JsonLineItems, AreTheLines) {
    const auto read = read_text("{\"a\": 1}\r\n\n  \n[2]\n3", R"({"InputType": "JSONL"})");
    EXPECT_EQ(read.cause, "");
    ASSERT_EQ(read.items.size(), 3U);
    EXPECT_EQ(Json::parse(read.items[0]), Json::parse(R"({"a": 1})"));
    EXPECT_EQ(Json::parse(read.items[1]), Json::parse("[2]"));
    EXPECT_EQ(read.items[2], "3");
    EXPECT_EQ(read_text("1\n\n{\"a\"\n", R"({"InputType": "JSONL"})").cause,
              "Line 3 of the object s3://data/file is not valid JSON.");
}

// --- All of them.

TEST(Items, EndAfterMaxItems) {
    const auto items = [](const std::string& limit) {
        return read_text("[1,2,3]", R"({"InputType": "JSON", "MaxItems": )" + limit + "}").items.size();
    };
    EXPECT_EQ(items("2"), 2U);
    EXPECT_EQ(items("0"), 3U);
    EXPECT_EQ(items("100000001"), 3U);
    EXPECT_EQ(items("1.0"), 1U);
    EXPECT_EQ(items("null"), 3U);
}

TEST(Items, TellWhyThereAreNone) {
    const BucketFolder folder;
    folder.write("data/file", "[1]");
    const auto cause = [&](const std::string& resource, const std::string& arguments, const std::string& config) {
        return read_all(folder.buckets(), resource, config, arguments).cause;
    };
    EXPECT_EQ(cause("getObject", R"({"Bucket": "none", "Key": "file"})", json), "The specified bucket does not exist");
    EXPECT_EQ(cause("getObject", R"({"Bucket": "data", "Key": "none"})", json), "The specified key does not exist.");
    EXPECT_EQ(cause("getObject", R"({"Bucket": "data", "Key": "../x"})", json), "Access Denied");
    EXPECT_EQ(cause("getObject", R"({"Bucket": "data", "Key": "file", "VersionId": "7"})", json),
              "The specified version does not exist.");
    EXPECT_EQ(cause("listObjectsV2", R"({"Bucket": "none"})", "{}"), "The specified bucket does not exist");
    EXPECT_NE(cause("getObject", R"({"Bucket": "data"})", json), "");
    EXPECT_NE(cause("getObject", "{}", json), "");
    EXPECT_NE(cause("getObject", object_place, "{}"), "");
    EXPECT_NE(cause("getObject", object_place, R"({"InputType": "PARQUET"})"), "");
    EXPECT_NE(cause("putObject", object_place, json), "");
}

std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string zstd(const std::string& text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    return packed;
}

TEST(Items, AreUnpackedByTheNameOfTheObject) {
    std::string text = "n\n";
    for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + "\n";
    const BucketFolder folder;
    folder.write("data/a.csv.gz", gzip(text.substr(0, 1000)) + gzip(text.substr(1000)));
    folder.write("data/a.csv.zst", zstd(text.substr(0, 1000)) + zstd(text.substr(1000)));
    folder.write("data/plain.gz", text);
    folder.write("data/plain.zst", text);
    folder.write("data/cut.gz", gzip(text).substr(0, 5000));
    folder.write("data/cut.zst", zstd(text).substr(0, 5000));
    const auto read = [&](const std::string& key) {
        return read_all(folder.buckets(), "getObject", csv_first_row, R"({"Bucket": "data", "Key": ")" + key + "\"}");
    };
    for (const std::string key : {"a.csv.gz", "a.csv.zst"}) {
        const auto all = read(key);
        EXPECT_EQ(all.cause, "") << key;
        ASSERT_EQ(all.items.size(), 50'000U) << key;
        EXPECT_EQ(all.items.back(), R"({"n":"49999"})");
    }
    for (const std::string key : {"plain.gz", "cut.gz"}) {
        EXPECT_EQ(read(key).cause, "The object is not valid gzip data.") << key;
    }
    for (const std::string key : {"plain.zst", "cut.zst"}) {
        EXPECT_EQ(read(key).cause, "The object is not valid zstd data.") << key;
    }
}

TEST(Items, AreTheObjectsOfABucket) {
    const BucketFolder folder;
    folder.write("data/in/b", "22");
    folder.write("data/in/a\"", "1");
    folder.write("data/out", "");
    const std::filesystem::file_time_type time{
        std::chrono::file_clock::from_sys(std::chrono::sys_seconds{std::chrono::seconds{1'789'180'622}})};
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.folder.path()}) {
        if (entry.is_regular_file()) std::filesystem::last_write_time(entry.path(), time);
    }
    const auto read = read_all(folder.buckets(), "listObjectsV2", "{}", R"({"Bucket": "data", "Prefix": "in/"})");
    ASSERT_EQ(read.items.size(), 2U);
    EXPECT_EQ(read.sources, Texts(2, "s3://data"));
    auto first = Json::parse(read.items[0]);
    EXPECT_EQ(first["Key"], "in/a\"");
    EXPECT_EQ(first["Size"], 1);
    EXPECT_EQ(first["StorageClass"], "STANDARD");
    EXPECT_EQ(first["Etag"].get<std::string>().size(), 34U);
    EXPECT_NE(read.items[1].find(R"(,"Key":"in/b","LastModified":1.789180622E9,"Size":2,)"), std::string::npos);
    EXPECT_EQ(read_all(folder.buckets(), "listObjectsV2", "null", R"({"Bucket": "data", "Prefix": "x"})").items,
              Texts{});
}

TEST(Items, OfAllObjectsFollowEachOther) {
    const BucketFolder folder;
    folder.write("data/in/1.csv", "a\n1\n2\n");
    folder.write("data/in/2.csv", "b\n3");
    folder.write("data/in/3.csv", "c\n");
    folder.write("data/other.csv", "a\nno");
    const auto read =
        read_all(folder.buckets(), "listObjectsV2",
                 R"({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "Transformation": "LOAD_AND_FLATTEN"})",
                 R"({"Bucket": "data", "Prefix": "in/"})");
    EXPECT_EQ(read.items, (Texts{R"({"a":"1"})", R"({"a":"2"})", R"({"b":"3"})"}));
    EXPECT_EQ(read.sources, (Texts{"s3://data/in/1.csv", "s3://data/in/1.csv", "s3://data/in/2.csv"}));
}

TEST(Items, AreFoundByAManifestOfAthena) {
    const BucketFolder folder;
    folder.write("data/manifest.csv", "s3://data/part 1\n\"s3://more/2.gz\"\r\n");
    folder.write("data/part 1", "{\"n\":1}\n");
    folder.write("more/2.gz", gzip("{\"n\":2}\n{\"n\":3}\n"));
    const auto config = R"({"InputType": "JSONL", "ManifestType": "ATHENA_DATA"})";
    const auto place = R"({"Bucket": "data", "Key": "manifest.csv"})";
    const auto read = read_all(folder.buckets(), "getObject", config, place);
    EXPECT_EQ(read.items, (Texts{R"({"n":1})", R"({"n":2})", R"({"n":3})"}));
    EXPECT_EQ(read.sources.back(), "s3://more/2.gz");
    folder.write("data/manifest.csv", "s3://data/part 1\nhttp://elsewhere/x\n");
    EXPECT_EQ(read_all(folder.buckets(), "getObject", config, place).cause,
              "The manifest holds a line that is no S3 URI: http://elsewhere/x");
}

TEST(Items, AreTheRowsOfAnInventory) {
    const BucketFolder folder;
    const std::string manifest =
        R"({"sourceBucket": "src", "destinationBucket": "arn:aws:s3:::data", "fileFormat": "CSV",
            "fileSchema": "Bucket, Key, Size", "files": [{"key": "inv/1.csv.gz"}, {"key": "inv/2.csv.gz"}]})";
    folder.write("data/manifest.json", manifest);
    folder.write("data/inv/1.csv.gz", gzip("\"src\",\"a.txt\",\"1\"\n\"src\",\"b.txt\",\"2\"\n"));
    folder.write("data/inv/2.csv.gz", gzip("\"src\",\"c.txt\"\n"));
    folder.write("copy/manifest.json",
                 R"({"destinationBucket": "gone", "fileSchema": "Key", "files": [{"key": "k"}]})");
    folder.write("copy/k", "x");
    const auto read = [&](const std::string& bucket) {
        return read_all(folder.buckets(), "getObject", R"({"InputType": "MANIFEST"})",
                        R"({"Bucket": ")" + bucket + R"(", "Key": "manifest.json"})");
    };
    EXPECT_EQ(read("data").items,
              (Texts{R"({"Bucket":"src","Key":"a.txt","Size":"1"})", R"({"Bucket":"src","Key":"b.txt","Size":"2"})",
                     R"({"Bucket":"src","Key":"c.txt","Size":""})"}));
    EXPECT_EQ(read("copy").items, Texts{R"({"Key":"x"})"});
    for (const std::string wrong :
         {"", "{", "[]", "{}", R"({"fileSchema": "Key"})", R"({"fileSchema": "Key", "files": [7]})",
          R"({"fileSchema": "Key", "files": [], "fileFormat": "ORC"})"}) {
        folder.write("data/manifest.json", wrong);
        EXPECT_NE(read("data").cause, "") << wrong;
    }
}

// --- Whatever the bytes are: an end or an error, and items that are JSON.

TEST(Items, SurviveMutations) {
    const Texts seeds{
        "a,\"b\"\"c\",d\\,e\r\n1,\"2\n3\",\\\\\n,,\n", "[1,{\"a\":[\"]\\\"\"]},null]", "{\"a\":1}\n[2]\n\"x\"\n",
        "s3://data/file\n\"s3://data/other\"\n",
        R"({"destinationBucket":"arn:aws:s3:::data","fileFormat":"CSV","fileSchema":"a, b","files":[{"key":"other"}]})"};
    const Texts configs{
        csv_first_row,
        json,
        R"({"InputType":"JSONL"})",
        R"({"InputType":"JSON","ItemsPointer":"/files/0"})",
        R"({"InputType":"JSONL","ManifestType":"ATHENA_DATA"})",
        R"({"InputType":"MANIFEST"})",
        R"({"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["x","y"],"CSVDelimiter":"PIPE"})"};
    const BucketFolder folder;
    folder.write("data/other", "1,2\n\"3\",4");
    const auto buckets = folder.buckets();
    std::mt19937 random{20261122};
    const std::string bytes{"\",\\\n\r[]{}:/|s3\0\xff\xef 19ea", 22};
    for (int round = 0; round < 1500; ++round) {
        auto text = seeds[random() % seeds.size()];
        for (auto edits = random() % 6; edits > 0 && !text.empty(); --edits) {
            const auto where = random() % text.size();
            switch (random() % 4) {
                case 0:
                    text[where] = bytes[random() % bytes.size()];
                    break;
                case 1:
                    text.insert(where, 1, bytes[random() % bytes.size()]);
                    break;
                case 2:
                    text.erase(where, random() % 4);
                    break;
                default:
                    text.insert(where, text.substr(random() % text.size(), random() % 12));
            }
        }
        folder.write("data/file", text);
        const auto read = read_all(buckets, "getObject", configs[random() % configs.size()], object_place);
        EXPECT_LE(read.items.size(), 10'000U) << text;
        for (const auto& item : read.items) EXPECT_TRUE(Json::accept(item)) << text;
    }
}

}  // namespace
}  // namespace pawl
