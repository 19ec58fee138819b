// Versions and aliases of machines in every Store, and the executions that they started.
#include <gmock/gmock.h>

#include "tests/persistence/samples.hpp"
#include "tests/persistence/store_conformance.hpp"

namespace pawl::store_conformance {
namespace {

using namespace std::chrono_literals;
using samples::ended;
using samples::execution;
using samples::noon;
using samples::shown;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreConformance, FindsWhatAVersionOrAnAliasStarted) {
    const auto started = [](std::int64_t number, std::int64_t version, const std::string& alias) {
        auto row = execution(number, noon + Millis{number});
        row.version = version;
        row.alias = alias;
        return InsertExecution{row};
    };
    commit({started(1, 0, ""), started(2, 1, ""), started(3, 1, "PROD"), started(4, 2, "PROD"), started(5, 2, "TEST")});
    auto other = execution(6, noon, 2);
    other.version = 1;
    other.alias = "PROD";
    commit({InsertExecution{other}, UpdateExecution{ended(execution(3))}});
    reopen();
    EXPECT_THAT(numbers(store->executions({.machine = 1, .version = 1})), ElementsAre(3, 2));
    EXPECT_THAT(numbers(store->executions({.machine = 1, .version = 2, .limit = 1})), ElementsAre(5));
    EXPECT_THAT(numbers(store->executions({.machine = 1, .alias = "PROD"})), ElementsAre(4, 3));
    EXPECT_THAT(numbers(store->executions({.machine = 1, .status = ExecutionStatus::Running, .alias = "PROD"})),
                ElementsAre(4));
    EXPECT_THAT(store->executions({.machine = 1, .version = 3}), IsEmpty());
    EXPECT_EQ(store->execution(3)->alias, "PROD");  // what an update leaves alone
}

TEST_P(StoreConformance, KeepsVersions) {
    const VersionRow first{1, 1, 4, noon, "\xc3\xa9"}, second{1, 2, 5, noon + 1s, ""}, other{2, 1, 6, noon, ""};
    commit({PutVersion{second}, PutVersion{other}, PutVersion{first}});
    reopen();
    EXPECT_THAT(store->versions(), ElementsAre(first, second, other));
    EXPECT_THROW(commit({PutVersion{first}}), StoreError);
    commit({DeleteVersion{1, 1}, DeleteVersion{1, 7}});
    reopen();
    EXPECT_THAT(store->versions(), ElementsAre(second, other));
}

TEST_P(StoreConformance, KeepsAliases) {
    AliasRow prod{1, "PROD", "what runs", noon, noon + 1s, {{1, 90}, {2, 10}}};
    const AliasRow test{1, "TEST", "", noon, noon, {{2, 100}}}, other{2, "PROD", "", noon, noon, {{1, 100}}};
    commit({PutAlias{test}, PutAlias{prod}, PutAlias{other}});
    reopen();
    EXPECT_THAT(store->aliases(), ElementsAre(prod, test, other));
    prod.routes = {{2, 100}};
    prod.updated = noon + 2s;
    prod.description = "";
    commit({PutAlias{prod}, DeleteAlias{1, "TEST"}, DeleteAlias{3, "PROD"}});
    reopen();
    EXPECT_THAT(store->aliases(), ElementsAre(prod, other));
}

TEST_P(StoreConformance, UndoesADeletionWithTheCommitItWasIn) {
    const VersionRow version{1, 1, 4, noon, ""};
    const AliasRow alias{1, "PROD", "", noon, noon, {{1, 100}}};
    commit({PutVersion{version}, PutAlias{alias}, AppendEvents{1, 0, {shown(1)}}});
    EXPECT_THROW(commit({DeleteVersion{1, 1}, DeleteAlias{1, "PROD"}, DropEvents{1, 5}, UpdateExecution{execution(9)}}),
                 StoreError);
    reopen();
    EXPECT_THAT(store->versions(), ElementsAre(version));
    EXPECT_THAT(store->aliases(), ElementsAre(alias));
    EXPECT_EQ(store->events(1), std::vector{shown(1)});
}

}  // namespace
}  // namespace pawl::store_conformance
