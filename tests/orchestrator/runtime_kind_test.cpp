#include "orchestrator/functions/runtime_kind.hpp"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(RuntimeKind, KnowsWhatRunsHere) {
    for (const auto* runtime : {"python3", "python3.8", "python3.14"}) {
        EXPECT_EQ(runtime_kind(runtime), RuntimeKind::Python) << runtime;
    }
    for (const auto* runtime : {"nodejs10.x", "nodejs22.x"}) EXPECT_EQ(runtime_kind(runtime), RuntimeKind::Node);
    for (const auto* runtime : {"provided", "provided.al2", "provided.al2023"}) {
        EXPECT_EQ(runtime_kind(runtime), RuntimeKind::Provided) << runtime;
    }
}

TEST(RuntimeKind, RefusesAllOthers) {
    for (const auto* runtime : {"", "python", "python2.7", "python3.", "python3.x", "python30", "nodejs", "nodejs4.3",
                                "nodejs8.10", "nodejs20", "java21", "providedly", "ruby3.3"}) {
        EXPECT_EQ(runtime_kind(runtime), std::nullopt) << runtime;
    }
}

}  // namespace
}  // namespace pawl
