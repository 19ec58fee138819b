// Lambda-style functions and their owed invocations in every Store.
#include <gmock/gmock.h>

#include "tests/persistence/store_conformance.hpp"

namespace pawl::store_conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreConformance, KeepsFunctionsByPart) {
    FunctionRow latest{"resize", "$LATEST", R"({"a":"é"})"};
    const FunctionRow itself{"resize", "", "{}"}, alias{"resize", "alias/prod", "{}"}, other{"b", "1", "{}"};
    commit({PutFunction{alias}, PutFunction{latest}, PutFunction{other}, PutFunction{itself}});
    reopen();
    EXPECT_THAT(store->functions(), ElementsAre(other, itself, latest, alias));
    latest.document = "{}";
    commit({PutFunction{latest}, RemoveFunction{"resize", "alias/prod"}, RemoveFunction{"resize", "2"}});
    reopen();
    EXPECT_THAT(store->functions(), ElementsAre(other, itself, latest));
}

TEST_P(StoreConformance, KeepsFunctionEvents) {
    const std::string payload("a\0b", 3);
    FunctionEventRow first{"0001", R"({"attempts":0})", payload};
    const FunctionEventRow second{"0002", "{}", ""};
    commit({PutFunctionEvent{second}, PutFunctionEvent{first}});
    reopen();
    EXPECT_THAT(store->function_events(), ElementsAre(first, second));
    first.document = R"({"attempts":1})";
    commit({PutFunctionEvent{first}, RemoveFunctionEvent{"0002"}, RemoveFunctionEvent{"0003"}});
    reopen();
    EXPECT_THAT(store->function_events(), ElementsAre(first));
    commit({RemoveFunctionEvent{"0001"}});
    EXPECT_THAT(store->function_events(), IsEmpty());
}

}  // namespace
}  // namespace pawl::store_conformance
