// Functions made through the API: their versions, aliases and code, and what a restart finds of them.
#include "orchestrator/functions/registry/function_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "registry_support.hpp"

namespace pawl {
namespace {

using test::RegistryWorld;
using testing::HasSubstr;
using testing::StartsWith;

class Registry : public testing::Test {
  protected:
    RegistryWorld world;
    FunctionRegistry& registry() { return world.registry(); }

    std::string resolved(const std::string& name) {
        const auto target = registry().resolve(*parse_function_name(name));
        return target ? target->pool + " " + target->arn : target.error().type + ": " + target.error().message;
    }
    std::string publish(const std::string& name) {
        const auto view = registry().publish({name, {}, {}, {}});
        return view ? version_text(view->version) : view.error().type;
    }
    std::string update(const std::string& name, const std::string& text) {
        UpdateFunctionCode request;
        request.function = {name, ""};
        request.code = RegistryWorld::code(text);
        return RegistryWorld::said(registry().update_code(std::move(request)));
    }
    std::string alias(const std::string& version, std::optional<Json> weights = std::nullopt) {
        return RegistryWorld::said(registry().create_alias({"f", "prod", version, {}, {}, std::move(weights)}));
    }
    std::size_t archives() {
        std::error_code none;
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator{world.code_folder(), none}) {
            count += entry.is_directory() ? 1 : 0;
        }
        return count;
    }
};

TEST_F(Registry, PutsANewFunctionIntoThePoolAndItsCodeOnDisk) {
    ASSERT_EQ(world.create("f"), "");
    EXPECT_TRUE(world.pool().knows("f"));
    const auto view = registry().view({"f", ""});
    ASSERT_TRUE(view);
    const auto& code = view->stored()->code;
    EXPECT_EQ(code.sha256.size(), 44U);
    EXPECT_EQ(test::contents(world.code_folder() + "/" + code.id + "/code/app.py"), "print(1)");
    EXPECT_EQ(world.create("f"), "ResourceConflictException: Function already exist: f");
}

TEST_F(Registry, FindsEverythingAfterARestart) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(publish("f"), "1");
    ASSERT_EQ(alias("1"), "");
    ASSERT_TRUE(registry().set_reserved_concurrency("f", 3));
    ASSERT_TRUE(registry().set_tags("f", Json{{"team", "red"}}, {}));
    const auto before = parts_of(**registry().find("f"));
    world.start();
    EXPECT_EQ(parts_of(**registry().find("f")), before);
    EXPECT_TRUE(world.pool().knows("f"));
    EXPECT_TRUE(world.pool().knows("f:1"));
    EXPECT_EQ(publish("f"), "1");  // nothing has changed since
    EXPECT_EQ(archives(), 1U);
}

TEST_F(Registry, SweepsUpWhatACrashLeftBehind) {
    ASSERT_EQ(world.create("f"), "");
    const auto lost = world.code_folder() + "/" + std::string(64, 'a');
    std::filesystem::create_directories(lost + "/code");
    std::filesystem::create_directories(world.code_folder() + "/draft-1/code");
    std::filesystem::create_directories(world.code_folder() + "/mine");
    world.start();
    EXPECT_FALSE(std::filesystem::exists(lost));
    EXPECT_FALSE(std::filesystem::exists(world.code_folder() + "/draft-1"));
    EXPECT_TRUE(std::filesystem::exists(world.code_folder() + "/mine"));  // not of our making
}

TEST_F(Registry, KeepsNothingOfAFunctionWhoseRowIsNotStored) {
    world.store.fail_next_commits(1);
    EXPECT_THROW((void)world.create("f"), StoreError);
    EXPECT_FALSE(registry().find("f"));
    world.start();
    EXPECT_FALSE(registry().find("f"));
    EXPECT_EQ(archives(), 0U);
}

TEST_F(Registry, ResolvesQualifiers) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(publish("f"), "1");
    ASSERT_EQ(alias("1"), "");
    const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    EXPECT_EQ(resolved("f"), "f " + arn);
    EXPECT_EQ(resolved("f:$LATEST"), "f " + arn + ":$LATEST");
    EXPECT_EQ(resolved("f:1"), "f:1 " + arn + ":1");
    EXPECT_EQ(resolved(arn + ":prod"), "f:1 " + arn + ":prod");
    EXPECT_EQ(resolved("f:2"), "ResourceNotFoundException: Function not found: " + arn + ":2");
    EXPECT_EQ(resolved("f:test"), "ResourceNotFoundException: Function not found: " + arn + ":test");
    EXPECT_EQ(resolved("g"),
              "ResourceNotFoundException: Function not found: "
              "arn:aws:lambda:us-east-1:000000000000:function:g");
}

TEST_F(Registry, PublishesOnlyWhatChanged) {
    ASSERT_EQ(world.create("f"), "");
    EXPECT_EQ(publish("f"), "1");
    EXPECT_EQ(publish("f"), "1");
    ASSERT_EQ(update("f", "print(2)"), "");
    EXPECT_EQ(publish("f"), "2");
    ASSERT_TRUE(registry().remove({"f", "2"}));
    ASSERT_EQ(update("f", "print(3)"), "");
    EXPECT_EQ(publish("f"), "3");  // numbers are never given again
    EXPECT_FALSE(world.pool().knows("f:2"));
}

TEST_F(Registry, CountsVersionsOnWhenAFunctionComesAgain) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(publish("f"), "1");
    ASSERT_TRUE(registry().remove({"f", ""}));
    ASSERT_EQ(world.create("f"), "");
    EXPECT_EQ(publish("f"), "2");
    ASSERT_TRUE(registry().remove({"f", ""}));
    world.start();
    EXPECT_FALSE(registry().find("f"));
    ASSERT_EQ(world.create("f"), "");
    EXPECT_EQ(publish("f"), "3");
    world.start();
    EXPECT_EQ(resolved("f:2").substr(0, 8), "Resource");
    EXPECT_EQ(resolved("f:3").substr(0, 3), "f:3");
}

TEST_F(Registry, PublishesAChangedDescription) {
    ASSERT_EQ(world.create("f"), "");
    const auto first = registry().publish({"f", "of the version alone", {}, {}});
    ASSERT_TRUE(first);
    EXPECT_EQ(publish("f"), "1");
    ASSERT_TRUE(registry().update_configuration({"f", ""}, Json{{"Description", "new words"}}, std::nullopt));
    EXPECT_EQ(publish("f"), "2");
    EXPECT_EQ(registry().view({"f", "1"})->stored()->settings["Description"], "of the version alone");
    EXPECT_EQ(registry().view({"f", "2"})->stored()->settings["Description"], "new words");
    world.start();
    EXPECT_EQ(publish("f"), "2");
}

TEST_F(Registry, ReadsVersionsThatWereStoredWithoutTheirOriginsDescription) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_TRUE(registry().publish({"f", "its own", {}, {}}));
    auto record = **registry().find("f");
    record.versions[1].latest_description.reset();
    FunctionRecord read;
    for (const auto& [part, document] : parts_of(record)) ASSERT_TRUE(add_part(read, {"f", part, document}));
    EXPECT_FALSE(read.versions.at(1).latest_description);
}

TEST_F(Registry, HasOneConfigurationForAFunctionAndItsLatest) {
    ASSERT_EQ(world.create("f"), "");
    const auto put = [&](const std::string& qualifier, int value) {
        return registry().change_extra(FunctionRegistry::Extra::EventInvoke, {"f", qualifier},
                                       [&](const Json&) -> ApiResult<Json> { return Json(value); });
    };
    ASSERT_TRUE(put("", 1));
    ASSERT_TRUE(put("$LATEST", 2));
    EXPECT_EQ((*registry().find("f"))->event_configs.size(), 1U);
    EXPECT_EQ(*registry().extra(FunctionRegistry::Extra::EventInvoke, {"f", ""}), 2);
    // An older store has a row of its own for $LATEST.
    FunctionRecord old;
    const std::string document = R"({"lastVersion":0,"tags":{},"urls":{},"eventConfigs":{"$LATEST":{"a":1}}})";
    ASSERT_TRUE(add_part(old, {"f", "", document}));
    EXPECT_EQ(old.event_configs.at(""), (Json{{"a", 1}}));
}

TEST_F(Registry, ReservesNoMoreThanThereIs) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(world.create("g"), "");
    const auto reserve = [&](const std::string& name, std::int64_t count) {
        return RegistryWorld::said(registry().set_reserved_concurrency(name, count));
    };
    EXPECT_EQ(reserve("g", 1), "");
    EXPECT_THAT(reserve("f", INT64_MAX), StartsWith("InvalidParameterValueException: "));
    EXPECT_THAT(reserve("f", 900), StartsWith("InvalidParameterValueException: "));
    EXPECT_EQ(reserve("f", 899), "");
}

TEST_F(Registry, UnpacksWithoutHoldingUpOtherChanges) {
    std::vector<test::ZipEntry> files;
    for (int i = 0; i < 5000; ++i) files.push_back({"f" + std::to_string(i) + ".py", ""});
    auto request = RegistryWorld::request("large");
    request.code.zip = test::zip_of(files);
    ASSERT_EQ(world.create("f"), "");
    auto made = std::async(std::launch::async, [&] { return RegistryWorld::said(registry().create(request)); });
    int changes = 0;
    while (made.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
        ASSERT_TRUE(registry().set_tags("f", Json{{"n", std::to_string(++changes)}}, {}));
    }
    EXPECT_EQ(made.get(), "");
    EXPECT_GT(changes, 5);
    EXPECT_EQ(archives(), 2U);
}

TEST_F(Registry, KnowsNamesOfOtherPlaces) {
    for (const auto* here :
         {"f", "f:1", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f"}) {
        EXPECT_FALSE(registry().is_elsewhere(here)) << here;
    }
    for (const auto* there : {"999999999999:function:f", "arn:aws:lambda:eu-west-1:000000000000:function:f",
                              "arn:aws:lambda:us-east-1:999999999999:function:f:1"}) {
        EXPECT_TRUE(registry().is_elsewhere(there)) << there;
    }
}

TEST_F(Registry, SharesTheWeightsOfAnAlias) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(publish("f"), "1");
    ASSERT_EQ(update("f", "print(2)"), "");
    ASSERT_EQ(publish("f"), "2");
    ASSERT_EQ(alias("1", Json{{"2", 0.3}}), "");
    int second = 0;
    for (int i = 0; i < 2000; ++i) second += resolved("f:prod").starts_with("f:2") ? 1 : 0;
    EXPECT_GT(second, 450);
    EXPECT_LT(second, 750);
}

TEST_F(Registry, RefusesAliasesThatLeadNowhere) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(publish("f"), "1");
    EXPECT_THAT(alias("2"), StartsWith("ResourceNotFoundException: Function not found: "));
    EXPECT_THAT(alias("1", Json{{"2", 0.5}}), StartsWith("ResourceNotFoundException: Function not found: "));
    EXPECT_THAT(alias("1", Json{{"1", 0.5}}), HasSubstr("is already included"));
    EXPECT_THAT(alias("$LATEST", Json{{"1", 0.5}}), HasSubstr("$LATEST is not supported"));
    EXPECT_THAT(alias("1", Json{{"2", 0.5}, {"3", 0.1}}), HasSubstr("cannot be greater than 1"));
    EXPECT_EQ(alias("1"), "");
    EXPECT_THAT(alias("1"), StartsWith("ResourceConflictException: Alias already exists: "));
    EXPECT_THAT(RegistryWorld::said(registry().remove({"f", "1"})), HasSubstr("is referenced by the alias prod"));
}

TEST_F(Registry, DropsCodeThatNobodyUses) {
    ASSERT_EQ(world.create("f"), "");
    ASSERT_EQ(world.create("g"), "");
    EXPECT_EQ(archives(), 1U);  // equal code is there once
    ASSERT_EQ(publish("f"), "1");
    ASSERT_EQ(update("f", "print(2)"), "");
    EXPECT_EQ(archives(), 2U);
    ASSERT_TRUE(registry().remove({"g", ""}));
    EXPECT_EQ(archives(), 2U);
    ASSERT_TRUE(registry().remove({"f", ""}));
    EXPECT_FALSE(world.pool().knows("f"));
    EXPECT_FALSE(world.pool().knows("f:1"));
    EXPECT_EQ(archives(), 2U) << "what still runs may import: code stays for as long as an invocation may take";
    world.start();
    EXPECT_EQ(archives(), 0U);
}

TEST(CodeStores, KeepCodeReadOnlyAndRemoveItNevertheless) {
    namespace fs = std::filesystem;
    const test::TemporaryFolder folder;
    CodeStore store{folder.path("code")};
    const auto zip = test::zip_of({{"app.py", "1"},
                                   {"lib/bin/run", "2", S_IFREG | 0755},
                                   {"link.py", "app.py", S_IFLNK | 0777},
                                   {"empty/", "", S_IFDIR | 0755}});
    auto draft = store.unpack(zip);
    ASSERT_TRUE(draft);
    const auto code = draft->code();
    store.keep(*std::move(draft));
    const fs::path unpacked = store.folder_of(code);
    const auto bits = [&](const std::string& name) {
        return static_cast<unsigned>(fs::status(unpacked / name).permissions());
    };
    for (const auto* name : {"", "app.py", "lib", "lib/bin", "lib/bin/run", "empty"})
        EXPECT_EQ(bits(name) & 0222U, 0U) << name;
    EXPECT_EQ(bits("app.py") & 0111U, 0U);
    EXPECT_EQ(bits("lib/bin/run") & 0100U, 0100U);
    EXPECT_EQ(bits("lib") & 0500U, 0500U);
    EXPECT_EQ(test::contents(unpacked / "link.py"), "1");
    if (::geteuid() != 0) {  // root is not held by bits
        EXPECT_FALSE(std::ofstream(unpacked / "app.py"));
    }
    { EXPECT_TRUE(store.unpack(zip)); }  // a draft that goes
    store.keep_only({code.id});
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path("code")}, {}), 1);
    store.remove(code.id);
    EXPECT_TRUE(fs::is_empty(folder.path("code")));
}

TEST_F(Registry, GuardsChangesByRevision) {
    ASSERT_EQ(world.create("f"), "");
    const auto revision = registry().view({"f", ""})->stored()->revision_id;
    ASSERT_TRUE(registry().update_configuration({"f", ""}, Json{{"Timeout", 9}}, revision));
    EXPECT_EQ(registry().view({"f", ""})->stored()->settings["Timeout"], 9);
    const auto late = registry().update_configuration({"f", ""}, Json{{"Timeout", 10}}, revision);
    EXPECT_THAT(RegistryWorld::said(late), StartsWith("PreconditionFailedException: "));
    EXPECT_EQ(registry().view({"f", ""})->stored()->settings["Timeout"], 9);
}

TEST_F(Registry, RefusesSettingsThatCanNotWork) {
    const auto refusal = [&](const std::string& member, const Json& value) {
        auto request = RegistryWorld::request("f");
        request.settings[member] = value;
        return RegistryWorld::said(registry().create(std::move(request)));
    };
    const auto variables = [](const std::string& name, const std::string& value) {
        return Json{{"Variables", Json{{name, value}}}};
    };
    for (const std::string runtime : {"java21", "python2.7", "nodejs8.10"}) {
        EXPECT_THAT(refusal("Runtime", runtime),
                    HasSubstr("Value " + runtime + " at 'runtime' failed to satisfy constraint"));
    }
    EXPECT_THAT(refusal("Handler", ""), HasSubstr("mandatory parameters"));
    EXPECT_THAT(refusal("Timeout", 901), HasSubstr("less than or equal to 900"));
    EXPECT_THAT(refusal("PackageType", "Image"), HasSubstr("Image is not supported"));
    EXPECT_THAT(refusal("Layers", Json::array({"x"})), HasSubstr("Layers are not supported"));
    EXPECT_THAT(refusal("Environment", variables("1A", "x")), StartsWith("ValidationException: "));
    EXPECT_THAT(refusal("Environment", variables("AWS_REGION", "x")), HasSubstr("reserved keys"));
    EXPECT_THAT(refusal("Environment", variables("AB", std::string(4096, 'x'))), HasSubstr("exceeded the 4KB limit"));
    EXPECT_EQ(archives(), 0U);
}

TEST_F(Registry, TakesAFolderForHotReload) {
    auto request = RegistryWorld::request("f");
    request.code = {std::nullopt, "hot-reload", std::filesystem::temp_directory_path().string()};
    ASSERT_EQ(RegistryWorld::said(registry().create(std::move(request))), "");
    EXPECT_EQ(registry().view({"f", ""})->stored()->code.folder, std::filesystem::temp_directory_path().string());
    EXPECT_EQ(publish("f"), "InvalidParameterValueException");
    auto relative = RegistryWorld::request("g");
    relative.code = {std::nullopt, "hot-reload", "src"};
    EXPECT_THAT(RegistryWorld::said(registry().create(std::move(relative))), HasSubstr("absolute path"));
    auto elsewhere = RegistryWorld::request("h");
    elsewhere.code = {std::nullopt, "bucket", "key"};
    EXPECT_THAT(RegistryWorld::said(registry().create(std::move(elsewhere))), HasSubstr("NoSuchBucket"));
}

TEST(RegistryOfFiles, LeavesFunctionsOfFilesToTheirFiles) {
    RegistryWorld world{{test::sleeper("given")}};
    auto& registry = world.registry();
    EXPECT_THAT(world.create("given"), StartsWith("ResourceConflictException"));
    EXPECT_THAT(RegistryWorld::said(registry.remove({"given", ""})), HasSubstr("comes from a file"));
    EXPECT_THAT(RegistryWorld::said(registry.update_configuration({"given", ""}, Json{{"Timeout", 9}}, {})),
                HasSubstr("comes from a file"));
    ASSERT_TRUE(registry.set_tags("given", Json{{"a", "b"}}, {}));
    // Any qualifier leads to the one program there is.
    EXPECT_EQ(registry.resolve({"given", "7"})->pool, "given");
    EXPECT_EQ(registry.resolve({"given", "prod"})->pool, "given");
    world.start();
    EXPECT_EQ((*world.registry().find("given"))->tags, (Json{{"a", "b"}}));
}

TEST(RegistryReservation, RefusesOneTooManyAndCountsAllVersionsTogether) {
    RegistryWorld world{{test::sleeper("given")}};
    std::atomic<bool> go{false};
    test::ThreadHost host{world.pool(), test::answering([&](const auto& work) {
                              while (!go) std::this_thread::sleep_for(std::chrono::milliseconds{1});
                              return work.payload;
                          })};
    ASSERT_TRUE(world.registry().set_reserved_concurrency("given", 1));
    std::promise<void> done;
    const auto invoke = [&](const std::string& qualifier, std::function<void(InvocationReport)> finished) {
        Invocation invocation;
        invocation.request_id = test::new_id();
        invocation.payload = "{}";
        invocation.started = [] {};
        invocation.finished = std::move(finished);
        return world.invoker().invoke(*world.registry().resolve({"given", qualifier}), std::move(invocation));
    };
    EXPECT_FALSE(invoke("", [&](const InvocationReport&) { done.set_value(); }));
    const auto refusal = invoke("1", nullptr);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->type, "TooManyRequestsException");
    EXPECT_EQ(refusal->members["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded");
    go = true;
    done.get_future().wait();
    std::promise<void> again;
    EXPECT_FALSE(invoke("2", [&](const InvocationReport&) { again.set_value(); }));
    again.get_future().wait();
    ASSERT_TRUE(world.registry().set_reserved_concurrency("given", 0));
    EXPECT_TRUE(invoke("", nullptr));
    EXPECT_FALSE(world.registry().set_reserved_concurrency("given", 901));
}

}  // namespace
}  // namespace pawl
