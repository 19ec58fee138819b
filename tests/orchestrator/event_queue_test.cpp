// Event invocations: durable, tried again, given up, across restarts.
#include "orchestrator/functions/registry/event_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/commit.hpp"
#include "orchestrator/names.hpp"
#include "registry_support.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using test::RegistryWorld;

// A runtime that fails as often as it is told, then answers.
class Failing {
  public:
    explicit Failing(int failures) : failures_{failures} {}
    test::ThreadHost::Runtime runtime() {
        return [this](FunctionPool& pool, std::uint64_t worker) {
            while (const auto work = pool.next(worker)) {
                const auto call = ++calls;
                if (call > failures_) {
                    pool.respond(worker, work->request_id, "\"done\"");
                } else {
                    pool.fail(worker, work->request_id, "Oops", R"({"errorType":"Oops","errorMessage":"no"})");
                }
            }
        };
    }
    std::atomic<int> calls{0};

  private:
    const int failures_;
};

// Remembers bodies, each with "to".
class Destinations final : public EventDestinations {
  public:
    std::optional<std::string> unreachable(const std::string&) const override { return std::nullopt; }
    void deliver(const Delivery& delivery, Done done) override {
        if (failures > 0) {
            --failures;
            throw StoreError{"the disk is full"};
        }
        {
            const std::lock_guard lock{mutex_};
            delivered_.push_back(*parse_json(delivery.body));
            delivered_.back()["to"] = delivery.arn;
        }
        done(std::nullopt);
    }
    std::vector<Json> delivered() {
        const std::lock_guard lock{mutex_};
        return delivered_;
    }
    std::atomic<int> failures = 0;

  private:
    std::mutex mutex_;
    std::vector<Json> delivered_;
};

class Events : public testing::Test {
  protected:
    Destinations destinations;  // outlives the world
    RegistryWorld world{{test::sleeper("f")}};

    std::string accept(const std::string& payload = "{}") {
        std::promise<std::string> said;
        world.events().accept(new_uuid(), {"f", ""}, payload, "", [&](const std::optional<ApiError>& refusal) {
            said.set_value(refusal ? refusal->type : "");
        });
        return said.get_future().get();
    }
    void configure(const Json& config) {
        ASSERT_TRUE(world.registry().change_extra(FunctionRegistry::Extra::EventInvoke, {"f", ""},
                                                  [&](const Json&) -> ApiResult<Json> { return config; }));
    }
    bool all_done() {
        return test::comes_true([&] { return world.events().waiting() == 0; }, 20s);
    }
    std::vector<Json> delivered() { return destinations.delivered(); }
    void record_deliveries() { world.events().deliver_through(destinations); }
};

TEST_F(Events, AreGoneWhenTheySucceed) {
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 1);
    EXPECT_TRUE(test::comes_true([&] { return world.store.function_events().empty(); }));
}

TEST_F(Events, AreTriedTwiceMore) {
    Failing function{2};
    test::ThreadHost host{world.pool(), function.runtime()};
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 3);
}

TEST_F(Events, AreGivenUpAndToldOf) {
    Failing function{100};
    test::ThreadHost host{world.pool(), function.runtime()};
    record_deliveries();
    const std::string target = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    configure(Json{{"DestinationConfig", Json{{"OnFailure", Json{{"Destination", target}}}}}});
    EXPECT_EQ(accept(R"({"a":1})"), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 3);
    ASSERT_EQ(delivered().size(), 1U);
    const auto record = delivered()[0];
    EXPECT_EQ(record["to"], target);
    EXPECT_EQ(record["requestContext"]["condition"], "RetriesExhausted");
    EXPECT_EQ(record["requestContext"]["approximateInvokeCount"], 3);
    EXPECT_EQ(record["requestPayload"], (Json{{"a", 1}}));
    EXPECT_EQ(record["responseContext"]["functionError"], "Unhandled");
    EXPECT_EQ(record["responsePayload"]["errorType"], "Oops");
}

TEST_F(Events, TellOfSuccess) {
    Failing function{1};
    test::ThreadHost host{world.pool(), function.runtime()};
    record_deliveries();
    configure(Json{{"DestinationConfig", Json{{"OnSuccess", Json{{"Destination", "arn:aws:sqs:r:1:q"}}}}}});
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    ASSERT_EQ(delivered().size(), 1U);
    EXPECT_EQ(delivered()[0]["requestContext"]["condition"], "Success");
    EXPECT_EQ(delivered()[0]["responsePayload"], "done");
}

TEST_F(Events, AreTriedAsOftenAsTheFunctionSays) {
    Failing function{100};
    test::ThreadHost host{world.pool(), function.runtime()};
    configure(Json{{"MaximumRetryAttempts", 0}});
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 1);
}

TEST_F(Events, SurviveARestart) {
    // Nobody works on them: the pool has no host.
    EXPECT_EQ(accept(R"({"n":1})"), "");
    EXPECT_EQ(accept(R"({"n":2})"), "");
    world.start();
    EXPECT_EQ(world.events().waiting(), 2U);
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 2);
    EXPECT_TRUE(test::comes_true([&] { return world.store.function_events().empty(); }));
}

TEST_F(Events, AreRefusedWhenTheyCanNotBeKept) {
    world.start({.pace = 0.0002, .max_events = 2, .max_bytes = 10});
    EXPECT_EQ(accept("12345678901"), "TooManyRequestsException");
    EXPECT_EQ(accept(), "");
    EXPECT_EQ(accept(), "");
    EXPECT_EQ(accept(), "TooManyRequestsException");
}

TEST_F(Events, AreNotAcceptedByAStoreThatFails) {
    world.store.fail_next_commits(1);
    EXPECT_EQ(accept(), "ServiceException");
    EXPECT_EQ(world.events().waiting(), 0U);
}

TEST_F(Events, WaitWhileTheFunctionIsThrottled) {
    ASSERT_TRUE(world.registry().set_reserved_concurrency("f", 1));
    Invocation other;  // takes the one place, and nobody works on it yet
    other.request_id = new_uuid();
    other.payload = "{}";
    other.started = [] {};
    ASSERT_FALSE(world.invoker().invoke(*world.invoker().resolve({"f", ""}), std::move(other)));
    EXPECT_EQ(accept(), "");
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(world.events().waiting(), 1U);
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 2);
}

TEST_F(Events, OfAFunctionThatMayNotRunAreGivenUpAtOnce) {
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    record_deliveries();
    configure(Json{{"DestinationConfig", Json{{"OnFailure", Json{{"Destination", "arn:aws:sqs:r:1:q"}}}}}});
    ASSERT_TRUE(world.registry().set_reserved_concurrency("f", 0));
    EXPECT_EQ(accept(R"({"a":1})"), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 0);
    ASSERT_EQ(delivered().size(), 1U);
    EXPECT_EQ(delivered()[0]["requestContext"]["condition"], "ZeroReservedConcurrency");
    EXPECT_EQ(delivered()[0]["requestContext"]["approximateInvokeCount"], 0);
    EXPECT_FALSE(delivered()[0].contains("responseContext"));
}

TEST_F(Events, AreToldOfWhenTheStoreIsBackAgain) {
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    record_deliveries();
    destinations.failures = 3;
    configure(Json{{"DestinationConfig", Json{{"OnSuccess", Json{{"Destination", "arn:aws:sqs:r:1:q"}}}}}});
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(delivered().size(), 1U);
    EXPECT_EQ(function.calls, 1) << "only the telling is tried again";
}

TEST_F(Events, EndWhenTheyComeOfOneAnother) {
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    const auto itself = world.registry().arn_of("f");
    configure(Json{{"DestinationConfig", Json{{"OnSuccess", Json{{"Destination", itself}}}}}});
    EXPECT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 17);
}

TEST_F(Events, ComeOfOneAnotherAcrossRestarts) {
    const auto itself = world.registry().arn_of("f");
    configure(Json{{"DestinationConfig", Json{{"OnSuccess", Json{{"Destination", itself}}}}}});
    EXPECT_EQ(accept(), "");
    auto row = world.store.function_events().at(0);
    auto document = *parse_json(row.document);
    EXPECT_EQ(document["depth"], 0);
    document["depth"] = 15;
    row.document = to_text(document);
    world.stop();
    Journal journal{world.store};
    commit_and_wait(journal, {PutFunctionEvent{row}});
    world.start();
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 2);
}

TEST_F(Events, OfManyAreAllTried) {
    Failing function{0};
    test::ThreadHost host{world.pool(), function.runtime()};
    for (int i = 0; i < 300; ++i) ASSERT_EQ(accept(), "");
    EXPECT_TRUE(all_done());
    EXPECT_EQ(function.calls, 300);
}

}  // namespace
}  // namespace pawl
