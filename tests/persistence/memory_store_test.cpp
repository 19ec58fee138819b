// How the memory store fails when told to; what else it does, store_conformance_test says.
#include "persistence/memory_store.hpp"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(MemoryStore, FailsTheNextCommitsAsToldAndStoresNothing) {
    MemoryStore store;
    store.fail_next_commits(2);
    EXPECT_THROW(store.commit(std::vector<Changes>{{PutSetting{"a", "1"}}}), StoreError);
    EXPECT_THROW(store.commit(std::vector<Changes>{{PutSetting{"a", "2"}}}), StoreError);
    EXPECT_EQ(store.setting("a"), std::nullopt);
    store.commit(std::vector<Changes>{{PutSetting{"a", "3"}}});
    EXPECT_EQ(store.setting("a"), "3");
    EXPECT_EQ(store.commits(), 3U);
}

TEST(MemoryStore, FailsAGivenCommitAfterStoringIt) {
    MemoryStore store;
    store.fail_commit(2, MemoryStore::Fault::After);
    store.commit(std::vector<Changes>{{PutSetting{"a", "1"}}});
    EXPECT_THROW(store.commit(std::vector<Changes>{{PutSetting{"a", "2"}}}), StoreError);
    EXPECT_EQ(store.setting("a"), "2");
    store.commit(std::vector<Changes>{{PutSetting{"a", "3"}}});
    EXPECT_EQ(store.setting("a"), "3");
}

}  // namespace
}  // namespace pawl
