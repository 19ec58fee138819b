#include "persistence/event_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "persistence/store.hpp"
#include "tests/persistence/samples.hpp"

namespace pawl {

// Failed expectations print an event as its place in the variant and its id.
void PrintTo(const RecordedEvent& event, std::ostream* out) {
    *out << "event " << event.event.index() << " id " << event.id << " previous " << event.previous << " frame "
         << event.frame;
}

namespace {

using namespace std::chrono_literals;
using samples::noon;

// Each alternative with every field set to something of its own, and once with what may be absent absent.
std::vector<Event> every_event() {
    const auto payload = [](const char* text) { return Payload::from_text(text); };
    const AslError error{"States.Timeout", "too slow"};
    const AslError nameless{std::nullopt, "only a cause"};
    const AslError causeless{"E", std::nullopt};
    return {
        ExecutionStarted{payload(R"({"a":1})"), "arn:aws:iam::1:role/r", noon + 99s},
        ExecutionStarted{payload("[]"), "", std::nullopt},
        ExecutionSucceeded{payload(R"("done")")},
        ExecutionFailed{error},
        ExecutionFailed{AslError{}},
        ExecutionTimedOut{nameless},
        ExecutionAborted{causeless},
        StateEntered{StateType::Pass, "A", payload(R"({"a":1})")},
        StateEntered{StateType::Map, "", payload("null")},
        StateExited{StateType::Task, "A", payload("1"), "B", {{"x", payload("2")}, {"y", payload(R"({"a":1})")}}},
        StateExited{StateType::Succeed, "A", payload("1"), "", {}},
        StateAborted{StateType::Wait},
        EvaluationFailed{"A", "Output/v", error},
        WaitScheduled{noon + 24h},
        WaitScheduled{noon - 24h},
        RetryScheduled{3, noon + 1ms},
        TaskScheduled{TaskFamily::Task, "arn:aws:states:::sqs:sendMessage", payload("{}"), 30s, 10s, payload("[7]")},
        TaskScheduled{TaskFamily::Activity, "r", payload("{}"), std::nullopt, 10s, std::nullopt},
        TaskStarted{TaskFamily::Activity, "r", "worker-1"},
        TaskSubmitted{"r", payload("{}")},
        TaskHeartbeat{},
        TaskSucceeded{TaskFamily::LambdaFunction, "r", payload(R"({"b":[1,2,3]})")},
        TaskFailed{TaskFamily::Task, TaskFailure::Run, "r", error},
        TaskTimedOut{TaskFamily::Task, "r", error},
        ParallelStateStarted{payload("{}"), 12},
        ParallelStateSucceeded{},
        ParallelStateFailed{},
        MapStateStarted{payload("[1,2]"), 2, 40},
        MapStateSucceeded{},
        MapStateFailed{},
        MapIterationStarted{7, "Each", 1'000'000},
        MapIterationSucceeded{"Each", 0},
        MapIterationFailed{"Each", 1},
        MapIterationAborted{"Each", 2},
        MapRunStarted{"arn:aws:states:us-east-1:1:mapRun:m/l:u", payload(R"({"label":"l"})")},
        MapRunSucceeded{},
        MapRunFailed{error},
        MapRunAborted{},
        ExecutionRedriven{2, noon + 5s, "again"},
        ExecutionRedriven{1, std::nullopt, ""},
        MapRunRedriven{"arn:aws:states:us-east-1:1:mapRun:m/l:u", 1},
    };
}

std::vector<RecordedEvent> recorded(const std::vector<Event>& events) {
    std::vector<RecordedEvent> out;
    std::int64_t id = 100;
    for (const auto& event : events) {
        out.push_back({id, id - 1, noon + Millis{id}, id % 3, event});
        ++id;
    }
    return out;
}

TEST(EventCodec, GivesBackEveryKindOfEvent) {
    const auto events = recorded(every_event());
    std::vector<bool> covered(std::variant_size_v<Event>);
    for (const auto& event : events) covered[event.event.index()] = true;
    EXPECT_EQ(std::ranges::count(covered, false), 0) << "every_event() lacks an alternative";
    EXPECT_EQ(decode_events(encode_events(events)), events);
    for (const auto& event : events) {
        const std::vector one{event};
        EXPECT_EQ(decode_events(encode_events(one)), one);
    }
}

TEST(EventCodec, GivesBackAnyNumbers) {
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    std::vector<RecordedEvent> events;
    for (const auto n :
         {highest, lowest, std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, lowest}) {
        for (const auto m : {lowest, highest, std::int64_t{0}, std::int64_t{-64}, std::int64_t{-65}}) {
            events.push_back({n, m, Instant{Millis{n}}, m, MapIterationStarted{n, "M", m}});
            events.push_back({m, n, Instant{Millis{m}}, n, WaitScheduled{Instant{Millis{n}}}});
        }
    }
    EXPECT_EQ(decode_events(encode_events(events)), events);
}

TEST(EventCodec, KeepsTextsByteForByte) {
    std::string all_bytes;
    for (int c = 0; c < 256; ++c) all_bytes.push_back(static_cast<char>(c));
    const std::vector<RecordedEvent> events{
        {1, 0, noon, 0, StateEntered{StateType::Pass, all_bytes, Payload::from_text("{ \"a\" :\t1.50 }\n")}},
        {2, 1, noon, 0, StateEntered{StateType::Pass, std::string(70'000, 'x'), Payload::from_text("")}}};
    EXPECT_EQ(decode_events(encode_events(events)), events);
}

TEST(EventCodec, GivesBackAnEmptyBatch) { EXPECT_TRUE(decode_events(encode_events({})).empty()); }

TEST(EventCodec, StoresAPayloadThatIsPassedOnOnce) {
    const auto text = "{\"v\":\"" + std::string(1'000, 'v') + "\"}";
    const auto passed_on = Payload::from_text(text);
    std::vector<RecordedEvent> same;
    std::vector<RecordedEvent> equal;
    for (std::int64_t id = 1; id <= 50; ++id) {
        same.push_back({id, id - 1, noon, 0, StateEntered{StateType::Pass, "S", passed_on}});
        equal.push_back({id, id - 1, noon, 0, StateEntered{StateType::Pass, "S", Payload::from_text(text)}});
    }
    EXPECT_LT(encode_events(same).size(), text.size() + 50 * 10);
    EXPECT_EQ(encode_events(equal), encode_events(same));
}

TEST(EventCodec, LetsEqualPayloadsShareTheirMemoryAgain) {
    const auto payload = Payload::from_text(R"({"a":1})");
    const std::vector<RecordedEvent> events{{1, 0, noon, 0, StateEntered{StateType::Pass, "S", payload}},
                                            {2, 1, noon, 0, ExecutionSucceeded{payload}}};
    const auto back = decode_events(encode_events(events));
    EXPECT_TRUE(std::get<StateEntered>(back[0].event).input.same(std::get<ExecutionSucceeded>(back[1].event).output));
}

TEST(EventCodec, WritesAShortHeader) {
    const auto payload = Payload::from_text("{}");
    std::vector<RecordedEvent> events;
    for (std::int64_t id = 1; id <= 1'000; ++id) {
        events.push_back({id, id - 1, noon + Millis{id / 100}, 0, StateEntered{StateType::Pass, "S", payload}});
    }
    EXPECT_LT(encode_events(events).size(), 1'000 * 7 + 30);  // header 4, type 1, name 1, input 1
}

TEST(EventCodec, TakesTimeInProportionToTheBatch) {
    // 60,000 different texts; a search through those before would need minutes.
    std::vector<RecordedEvent> events;
    for (std::int64_t id = 1; id <= 60'000; ++id) events.push_back(samples::shown(id));
    EXPECT_EQ(decode_events(encode_events(events)), events);
}

// The format is in databases out there: these bytes must be readable for ever.
TEST(EventCodec, ReadsWhatVersion1Wrote) {
    const std::string stored{
        "\x01\x02"              // version, two events
        "\x45\x02\x02\xc8\x01"  // StateEntered in frame 0: id 1, previous 0, at 100 ms
        "\x00\x00\x01"          // Pass, a new text of one byte
        "A\x00\x02{}"           // the same of two
        "\x8e\x00\x0a\x0e",     // TaskHeartbeat, not shown, 5 ms later, in frame 7
        19};
    const std::vector<RecordedEvent> expected{
        {1, 0, Instant{100ms}, 0, StateEntered{StateType::Pass, "A", Payload::from_text("{}")}},
        {0, 1, Instant{105ms}, 7, TaskHeartbeat{}}};
    EXPECT_EQ(decode_events(stored), expected);
    EXPECT_EQ(encode_events(expected), stored);
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

// Every event with every field, as released versions wrote them. When this fails, the order or type of a field has
// changed: then old databases are read wrongly, so the format needs a new version and this one its own reader.
// (A new kind of event is appended to every_event() and its bytes here.)
TEST(EventCodec, KeepsTheFormatOfEveryEvent) {
    const std::string stored =
        "012900c80102c88985b2c0680200077b2261223a317d001561726e3a6177733a69616d3a3a313a726f6c652f7201a8890c0002020202"
        "00025b5d0000000102020203000622646f6e6522020202020201000e5374617465732e54696d656f7574010008746f6f20736c6f7702"
        "02020202000003020202030001000c6f6e6c792061206361757365040202020201000145000502020202000001410105020202030704"
        "00046e756c6c0602020202010a00013100014202000178000132000179010602020202040a0c040007020202030308020202020a0008"
        "4f75747075742f760106010709020202029eeeb2520902020203e3f1b2520a0202020206e3010b0202020201002061726e3a6177733a"
        "7374617465733a3a3a7371733a73656e644d65737361676500027b7d013c01140100035b375d0b020202030200017213000114000c02"
        "02020202150008776f726b65722d310d0202020215130e020202030f020202020015000d7b2262223a5b312c322c335d7d1002020202"
        "0103150106010711020202030115010601071202020202131813020202021402020203150202020200055b312c325d04501602020202"
        "170202020318020202020e00044561636880897a190202020219001a0202020319021b0202020219041c02020202002761726e3a6177"
        "733a7374617465733a75732d656173742d313a313a6d617052756e3a6d2f6c3a75000d7b226c6162656c223a226c227d1d020202031e"
        "02020202010601071f0202020220020202030401fc4b0005616761696e200202020202000421020202021a02";
    EXPECT_EQ(hex(encode_events(recorded(every_event()))), stored);
}

std::string complaint(std::string_view bytes) {
    try {
        decode_events(bytes);
    } catch (const StoreError& e) {
        return e.what();
    }
    return "";
}

TEST(EventCodec, RefusesWhatIsNoBatch) {
    using namespace std::string_view_literals;
    EXPECT_EQ(complaint(""), "stored events are damaged at byte 0 of 0: it ends too early");
    EXPECT_EQ(complaint("\x02\x00"sv),
              "stored events are damaged at byte 1 of 2: format 2 is not known to this version of Pawl");
    EXPECT_EQ(complaint("\x01\x00x"sv), "stored events are damaged at byte 2 of 3: bytes are left over");
    EXPECT_EQ(complaint("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv),
              "stored events are damaged at byte 11 of 11: it ends too early");
    EXPECT_EQ(complaint("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv),
              "stored events are damaged at byte 11 of 11: a number is too long");
    EXPECT_EQ(complaint("\x01\x01\x7f\x02\x02\x02"sv),
              "stored events are damaged at byte 6 of 6: event 63 is not known to this version of Pawl");
    EXPECT_EQ(complaint("\x01\x01\x47\x02\x02\x02\x08"sv),  // StateAborted of a ninth type
              "stored events are damaged at byte 7 of 7: a value is out of range");
    EXPECT_EQ(complaint("\x01\x01\x41\x02\x02\x02\x01"sv),  // ExecutionSucceeded with text 1 of none
              "stored events are damaged at byte 7 of 7: a text is missing");
    EXPECT_EQ(complaint("\x01\x01\x41\x02\x02\x02\x00\x09{}"sv),
              "stored events are damaged at byte 8 of 10: it ends too early");
}

TEST(EventCodec, RefusesEveryTruncation) {
    const auto bytes = encode_events(recorded(every_event()));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_THROW(decode_events(std::string_view{bytes}.substr(0, size)), StoreError) << size;
    }
}

// What it reads from damaged bytes is a batch, or a StoreError: never a crash (see the sanitizers), a hang or a
// gigabyte.
TEST(EventCodec, SurvivesAnyDamage) {
    const auto bytes = encode_events(recorded(every_event()));
    std::mt19937 random{20261122};
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = bytes;
        for (std::size_t hits = 1 + below(4); hits > 0; --hits) {
            const auto at = below(damaged.size());
            switch (below(4)) {
                case 0:
                    damaged[at] = static_cast<char>(random());
                    break;
                case 1:
                    damaged[at] = static_cast<char>(damaged[at] ^ (1 << below(8)));
                    break;
                case 2:
                    damaged.erase(at, 1 + below(8));
                    break;
                default:
                    damaged.insert(at, 1 + below(8), static_cast<char>(random()));
                    break;
            }
        }
        try {
            const auto events = decode_events(damaged);
            EXPECT_EQ(decode_events(encode_events(events)), events);
        } catch (const StoreError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 10'000);
    EXPECT_LT(refused, 20'000);
}

}  // namespace
}  // namespace pawl
