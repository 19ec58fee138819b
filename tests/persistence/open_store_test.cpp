#include <gtest/gtest.h>

#include "persistence/store.hpp"

namespace pawl {
namespace {

TEST(OpenStore, NamesTheFormsItKnows) {
    for (const auto* const address : {"", "pawl.db", "sqlite", "sqlite:", "postgres://x", "memory", "memory:x"}) {
        try {
            open_store(address);
            ADD_FAILURE() << address;
        } catch (const StoreError& e) {
            EXPECT_EQ(e.what(), "no store is called \"" + std::string{address} +
                                    "\": use sqlite:FILE, or memory: to keep nothing");
        }
    }
}

}  // namespace
}  // namespace pawl
