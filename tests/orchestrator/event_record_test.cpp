// What destinations and dead-letter targets are told of an event that has come to its end.
#include "orchestrator/functions/registry/event_record.hpp"

#include <gtest/gtest.h>

namespace pawl {
namespace {

class EventRecord : public testing::Test {
  protected:
    const std::string payload = R"({"a":1})";

    EndedEvent ended(EventEnd end, const InvocationReport* report = nullptr) const {
        return {"id-1", "arn:aws:lambda:r:1:function:f:$LATEST", "$LATEST", payload, 3, end, report};
    }
    static InvocationReport failure(const std::string& message) {
        const Json document{{"errorType", "Oops"}, {"errorMessage", message}};
        return {InvocationError{"Oops", to_text(document)}};
    }
    std::string attributes(const EndedEvent& event) const {
        std::string text;
        for (const auto& one : dead_letter_attributes(event))
            text += one.name + "(" + one.type + ")=" + one.value + " ";
        return text;
    }
};

TEST_F(EventRecord, HasRequestAndResponse) {
    const InvocationReport report{std::string{"[2]"}};
    const auto record = record_of(ended(EventEnd::Success, &report), Instant{Millis{0}});
    EXPECT_EQ(to_text(record),
              R"({"version":"1.0","timestamp":"1970-01-01T00:00:00.000Z","requestContext":{"requestId":"id-1",)"
              R"("functionArn":"arn:aws:lambda:r:1:function:f:$LATEST","condition":"Success",)"
              R"("approximateInvokeCount":3},"requestPayload":{"a":1},"responseContext":{"statusCode":200,)"
              R"("executedVersion":"$LATEST"},"responsePayload":[2]})");
}

TEST_F(EventRecord, OfAnEventThatNeverRanHasNoResponse) {
    const auto record = record_of(ended(EventEnd::EventAgeExceeded), Instant{});
    EXPECT_EQ(record["requestContext"]["condition"], "EventAgeExceeded");
    EXPECT_FALSE(record.contains("responseContext"));
    EXPECT_FALSE(record.contains("responsePayload"));
}

TEST_F(EventRecord, GivesDeadLettersAttributes) {
    const auto report = failure("no");
    EXPECT_EQ(attributes(ended(EventEnd::RetriesExhausted, &report)),
              "RequestID(String)=id-1 ErrorCode(Number)=200 ErrorMessage(String)=no ");
    EXPECT_EQ(attributes(ended(EventEnd::EventAgeExceeded)),
              "RequestID(String)=id-1 ErrorCode(Number)=429 ErrorMessage(String)=Rate Exceeded. ");
    EXPECT_EQ(attributes(ended(EventEnd::ZeroReservedConcurrency)),
              "RequestID(String)=id-1 ErrorMessage(String)=Function not invoked. Function is configured with zero "
              "reserved concurrent executions ");
}

TEST_F(EventRecord, ShortensMessagesBetweenCharacters) {
    const auto report = failure("x" + std::string(1022, 'y') + "\xc3\xbc");
    const auto said = dead_letter_attributes(ended(EventEnd::RetriesExhausted, &report));
    EXPECT_EQ(said.at(2).value.size(), 1023U);
}

}  // namespace
}  // namespace pawl
