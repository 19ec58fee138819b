// Server-sent events of one execution: nothing is left out and nothing comes twice, however reader and engine race.
#include "web/event_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

namespace pawl::web {
namespace {

using namespace std::chrono_literals;

RecordedEvent event(std::int64_t id) {
    return {.id = id, .previous = id - 1, .at = Instant{}, .frame = root_frame, .event = StateEntered{}};
}

// An execution whose history grows when the test says so: first durable, then told, as the engine does it.
class FakeFeed final : public EventFeed {
  public:
    std::string arn() const override { return "arn:one"; }
    ApiResult<std::vector<RecordedEvent>> history(std::int64_t after, std::size_t limit) override {
        if (before_read) before_read();
        const std::lock_guard lock{mutex_};
        ++reads;
        if (broken) return ApiError{"StoreUnavailable", "the disk is full"};
        std::vector<RecordedEvent> page;
        for (const auto& one : stored_) {
            if (one.id > after && page.size() < limit) page.push_back(one);
        }
        return page;
    }
    ApiResult<ExecutionStatus> status() override {
        const std::lock_guard lock{mutex_};
        return status_;
    }
    Subscription watch(std::function<void(const ExecutionNews&)> listener) override {
        const std::lock_guard lock{mutex_};
        listener_ = std::move(listener);
        return Subscription{std::shared_ptr<void>{nullptr, [this](void*) {
                                                      const std::lock_guard held{mutex_};
                                                      listener_ = nullptr;
                                                  }}};
    }
    Json render(const RecordedEvent& one) override { return Json{{"id", one.id}, {"text", "two\nlines"}}; }

    void store(std::int64_t first, std::int64_t last) {
        const std::lock_guard lock{mutex_};
        for (auto id = first; id <= last; ++id) stored_.push_back(event(id));
    }
    void tell(std::int64_t first, std::int64_t last) {
        ExecutionNews news{.arn = arn(), .status = ExecutionStatus::Running, .events = {}};
        for (auto id = first; id <= last; ++id) news.events.push_back(event(id));
        tell(std::move(news));
    }
    void happen(std::int64_t first, std::int64_t last) {
        store(first, last);
        tell(first, last);
    }
    void end(ExecutionStatus how) {
        {
            const std::lock_guard lock{mutex_};
            status_ = how;
        }
        tell({.arn = arn(), .status = how, .events = {}});
    }
    void tell(ExecutionNews news) {
        news.status = *status();
        const std::lock_guard lock{mutex_};
        if (listener_) listener_(news);
    }
    bool watched() {
        const std::lock_guard lock{mutex_};
        return listener_ != nullptr;
    }

    std::function<void()> before_read;
    std::atomic<int> reads = 0;
    bool broken = false;

  private:
    std::mutex mutex_;
    std::vector<RecordedEvent> stored_;
    ExecutionStatus status_ = ExecutionStatus::Running;
    std::function<void(const ExecutionNews&)> listener_;
};

// What a browser would have heard.
struct Reader {
    std::string text;
    bool takes = true;

    Write write() {
        return [this](std::string_view piece) {
            if (takes) text += piece;
            return takes;
        };
    }
    std::vector<std::int64_t> ids() const {
        std::vector<std::int64_t> found;
        const std::string mark = "event: history\nid: ";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            found.push_back(std::stoll(text.substr(at + mark.size())));
        }
        return found;
    }
};

std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> all;
    for (auto id = first; id <= last; ++id) all.push_back(id);
    return all;
}

EventStreamSettings quick() {
    EventStreamSettings settings;
    settings.patience = 0ms;
    return settings;
}

void run(EventStream& stream, Reader& reader, int rounds) {
    for (int i = 0; i < rounds; ++i) ASSERT_TRUE(stream.write_some(reader.write())) << "round " << i;
}

TEST(EventStream, ReplaysTheHistoryThenFollows) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 3);
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 3);
    EXPECT_EQ(reader.ids(), numbers(1, 3));
    feed->happen(4, 5);
    run(stream, reader, 1);
    EXPECT_EQ(reader.ids(), numbers(1, 5));
}

TEST(EventStream, WritesEventsAsTheStandardWantsThem) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 1);
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 2);
    EXPECT_EQ(reader.text, "retry: 2000\n\nevent: history\nid: 1\ndata: {\"id\":1,\"text\":\"two\\nlines\"}\n\n");
}

TEST(EventStream, GoesOnAfterTheLastEventId) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 9);
    EventStream stream{feed, {.last_event = 6}, quick()};
    Reader reader;
    run(stream, reader, 3);
    EXPECT_EQ(reader.ids(), numbers(7, 9));
}

TEST(EventStream, ReadsALongHistoryInPages) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 25);
    auto settings = quick();
    settings.page_events = 10;
    EventStream stream{feed, {}, settings};
    Reader reader;
    run(stream, reader, 4);
    EXPECT_EQ(reader.ids(), numbers(1, 25));
    EXPECT_EQ(feed->reads, 3);
}

TEST(EventStream, EventsThatComeWhileTheHistoryIsReadComeOnce) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 2);
    EventStream stream{feed, {}, quick()};
    feed->before_read = [&, done = false]() mutable {
        if (!std::exchange(done, true)) feed->happen(3, 4);  // in the page and in the mailbox
    };
    Reader reader;
    run(stream, reader, 4);
    feed->happen(5, 5);
    run(stream, reader, 1);
    EXPECT_EQ(reader.ids(), numbers(1, 5));
}

TEST(EventStream, ReadsTheHistoryAgainWhenNewsIsMissing) {
    auto feed = std::make_shared<FakeFeed>();
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 2);
    feed->store(1, 3);
    feed->tell(3, 3);  // 1 and 2 were never told
    run(stream, reader, 2);
    EXPECT_EQ(reader.ids(), numbers(1, 3));
}

TEST(EventStream, ASlowReaderLosesNothing) {
    auto feed = std::make_shared<FakeFeed>();
    auto settings = quick();
    settings.mailbox_events = 4;
    EventStream stream{feed, {}, settings};
    Reader reader;
    run(stream, reader, 2);
    for (int i = 1; i <= 50; ++i) feed->happen(i, i);
    run(stream, reader, 3);
    feed->happen(51, 51);
    run(stream, reader, 1);
    EXPECT_EQ(reader.ids(), numbers(1, 51));
}

TEST(EventStream, HiddenEventsAreNotTold) {
    auto feed = std::make_shared<FakeFeed>();
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 2);
    feed->store(1, 1);
    feed->tell({.arn = "arn:one", .status = ExecutionStatus::Running, .events = {event(0), event(1), event(0)}});
    run(stream, reader, 1);
    EXPECT_EQ(reader.ids(), numbers(1, 1));
}

TEST(EventStream, TellsTheStatusAfterTheLastEventAndEnds) {
    auto feed = std::make_shared<FakeFeed>();
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 2);
    feed->happen(1, 2);
    feed->end(ExecutionStatus::TimedOut);
    EXPECT_FALSE(stream.write_some(reader.write()));
    EXPECT_EQ(reader.ids(), numbers(1, 2));
    EXPECT_TRUE(reader.text.ends_with(
        "event: status\nid: end-2\ndata: {\"executionArn\":\"arn:one\",\"status\":\"TIMED_OUT\"}\n\n"))
        << reader.text;
}

TEST(EventStream, OfAnEndedExecutionTellsEverythingAndEnds) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 20);
    feed->end(ExecutionStatus::Succeeded);
    auto settings = quick();
    settings.page_events = 10;
    EventStream stream{feed, {}, settings};
    Reader reader;
    while (stream.write_some(reader.write())) {}
    EXPECT_EQ(reader.ids(), numbers(1, 20));
    EXPECT_NE(reader.text.find("id: end-20"), std::string::npos);
}

TEST(EventStream, SaysThatItIsThereWhenNothingHappens) {
    auto feed = std::make_shared<FakeFeed>();
    auto settings = quick();
    std::chrono::steady_clock::time_point now{};
    settings.now = [&now] { return now; };
    EventStream stream{feed, {}, settings};
    Reader reader;
    run(stream, reader, 3);
    const auto before = reader.text;
    now += 14s;
    run(stream, reader, 1);
    EXPECT_EQ(reader.text, before);
    now += 1s;
    run(stream, reader, 2);
    EXPECT_EQ(reader.text, before + ": still here\n\n");
}

TEST(EventStream, EndsWhenTheReaderHasGoneAndLetsTheEngineGo) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 1);
    Reader reader;
    {
        EventStream stream{feed, {}, quick()};
        EXPECT_TRUE(feed->watched());
        reader.takes = false;
        EXPECT_FALSE(stream.write_some(reader.write()));
    }
    EXPECT_FALSE(feed->watched());
    feed->happen(2, 2);  // nobody listens, nobody minds
}

TEST(EventStream, EndsWhenTheReaderHangsUpWhileNothingHappens) {
    bool connected = true;
    auto settings = quick();
    settings.connected = [&] { return connected; };
    EventStream stream{std::make_shared<FakeFeed>(), {}, settings};
    Reader reader;
    run(stream, reader, 4);
    connected = false;
    EXPECT_FALSE(stream.write_some(reader.write()));
}

TEST(EventStream, EndsWhenTheStoreBreaks) {
    auto feed = std::make_shared<FakeFeed>();
    EventStream stream{feed, {}, quick()};
    Reader reader;
    run(stream, reader, 1);
    feed->broken = true;
    EXPECT_FALSE(stream.write_some(reader.write()));
}

TEST(EventStream, LeavesNothingOutUnderARacingEngine) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        auto feed = std::make_shared<FakeFeed>();
        feed->store(1, 10);
        auto settings = quick();
        settings.patience = 5ms;
        settings.mailbox_events = 8;
        settings.page_events = 7;
        EventStream stream{feed, {}, settings};
        std::jthread engine{[&] {
            std::mt19937 random{seed};
            std::int64_t next = 11;
            while (next <= 400) {
                const auto last = next + static_cast<std::int64_t>(random() % 12);
                feed->happen(next, last);
                next = last + 1;
                if (random() % 3 == 0) std::this_thread::yield();
            }
            feed->end(ExecutionStatus::Succeeded);
        }};
        Reader reader;
        while (stream.write_some(reader.write())) {}
        const auto ids = reader.ids();
        ASSERT_GE(ids.size(), 400U) << "seed " << seed;
        EXPECT_EQ(ids, numbers(1, static_cast<std::int64_t>(ids.size()))) << "seed " << seed;
    }
}

TEST(StreamPosition, IsReadFromTheLastEventId) {
    EXPECT_EQ(parse_stream_position("")->last_event, 0);
    EXPECT_EQ(parse_stream_position("17")->last_event, 17);
    EXPECT_FALSE(parse_stream_position("17")->saw_end);
    EXPECT_EQ(parse_stream_position("end-9")->last_event, 9);
    EXPECT_TRUE(parse_stream_position("end-9")->saw_end);
    for (const auto* wrong : {"x", "-1", "1x", "end-", "end", "99999999999999999999"}) {
        EXPECT_FALSE(parse_stream_position(wrong)) << wrong;
    }
}

TEST(EventStreamResponse, TellsAReaderWhoSawTheEndNotToComeBack) {
    auto feed = std::make_shared<FakeFeed>();
    feed->store(1, 3);
    feed->end(ExecutionStatus::Failed);
    EXPECT_EQ(event_stream_response(feed, {.last_event = 3, .saw_end = true}, quick())->status, 204);
    const auto more = event_stream_response(feed, {.last_event = 2, .saw_end = true}, quick());
    EXPECT_EQ(more->status, 200);
    EXPECT_TRUE(more->stream);
    EXPECT_EQ(event_stream_response(feed, {.last_event = 3}, quick())->status, 200);
}

TEST(EventStreamResponse, IsAnEventStreamThatNobodyCaches) {
    const auto response = event_stream_response(std::make_shared<FakeFeed>(), {}, quick());
    EXPECT_EQ(response->content_type, "text/event-stream");
    const std::pair<std::string, std::string> no_store{"Cache-Control", "no-store"};
    EXPECT_NE(std::find(response->headers.begin(), response->headers.end(), no_store), response->headers.end());
}

}  // namespace
}  // namespace pawl::web
