// The server over real loopback sockets: framing, limits, keep-alive, streams, and that no client holds up another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "raw_client.hpp"
#include "web/http.hpp"

namespace pawl::web {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::size_t body_limit_bytes = 100'000;

// Lets long polls wait until the test opens it.
class Gate {
  public:
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    void wait_while(const std::function<bool()>& patient) {
        std::unique_lock lock{mutex_};
        ++waiting_;
        changed_.notify_all();
        while (!open_ && patient()) changed_.wait_for(lock, 10ms);
        --waiting_;
        changed_.notify_all();
    }
    bool wait_for_waiting(int count) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 60s, [&] { return waiting_ == count; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int waiting_ = 0;
};

class HttpServer : public testing::Test {
  protected:
    Response handle(const Request& request) {
        Response response;
        if (request.path == "/echo") {
            response.content_type = "text/plain";
            response.body = request.method + " " + request.body;
        } else if (request.path == "/headers") {
            for (const auto& [name, value] : request.headers) response.body += name + "=" + value + "\n";
        } else if (request.path == "/query") {
            response.body = std::string{request.query_value("q").value_or("none")} + " " + request.target;
        } else if (request.path == "/poll") {
            gate.wait_while(request.connected);
            response.body = request.connected() ? "done" : "gone";
        } else if (request.path == "/stream") {
            response.content_type = "text/event-stream";
            response.stream = [n = 0](const Write& write) mutable {
                return write("data: " + std::to_string(++n) + "\n\n") && n < 3;
            };
        } else if (request.path == "/endless") {
            response.stream = [this](const Write& write) {
                ++pieces_written;
                if (!write("x")) stream_ended = true;
                std::this_thread::sleep_for(1ms);
                return true;
            };
        } else if (request.path == "/throw") {
            throw std::runtime_error("a broken invariant");
        } else if (request.path == "/inject") {
            response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: evil=1");
            response.content_type = "text/plain\r\nX-Evil: 1";
            response.body = "{}";
        } else if (request.path == "/empty") {
            response.status = request.method == "PUT" ? 304 : 204;
            response.body = "stray";
        } else if (request.path == "/later") {
            response.later = Later{.begin =
                                       [](std::function<void(Response)> answer) {
                                           Response known;
                                           known.body = "known now";
                                           answer(std::move(known));
                                       },
                                   .cancel = [] { return false; },
                                   .patience = 10s,
                                   .otherwise = [] { return Response{}; }};
        } else if (request.path == "/large") {
            response.body = std::string(3'000'000, 'x');
        } else {
            response = error_response(404, "NotFound", request.path);
        }
        return response;
    }

    ServerSettings settings() { return {.port = 0, .body_limit_bytes = body_limit_bytes, .max_connections = 2'000}; }

    Gate gate;
    std::atomic<int> pieces_written = 0;
    std::atomic<bool> stream_ended = false;
    Server server{settings(), [this](const Request& request) { return handle(request); }};
    RawClient client{server.port()};
};

TEST_F(HttpServer, AnswersWithLengthAndType) {
    const auto response = client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "POST hello");
    EXPECT_THAT(response.head, HasSubstr("Content-Type: text/plain\r\n"));
    EXPECT_THAT(response.head, HasSubstr("Content-Length: 10\r\n"));
}

TEST_F(HttpServer, KeepsConnectionsForManyRequests) {
    for (int i = 0; i < 200; ++i) {
        const auto text = std::to_string(i);
        const auto length = std::to_string(text.size());
        ASSERT_EQ(client.ask("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n" + text).body,
                  "PUT " + text);
    }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
    client.say(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1"
        "GET /query?q=2 HTTP/1.1\r\nHost: x\r\n\r\n"
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n3\r\n0\r\n\r\n"
        "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.hear().body, "POST 1");
    EXPECT_EQ(client.hear().body, "2 /query?q=2");
    EXPECT_EQ(client.hear().body, "POST 3");
    EXPECT_EQ(client.hear().body, "GET ");
    EXPECT_EQ(client.hear_all(), "");
}

TEST_F(HttpServer, ReadsChunkedBodiesWhateverTheirPieces) {
    client.say("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n");
    for (const std::string_view piece :
         {"5;a=b\r", "\nhel", "lo\r\n", "B\r\n, wo", "rld 123\r\n0", "\r\nTrailer: x\r\n", "\r\n"}) {
        client.say(piece);
        std::this_thread::sleep_for(2ms);
    }
    EXPECT_EQ(client.hear().body, "POST hello, world 123");
}

TEST_F(HttpServer, AnswersExpectContinueBeforeTheBodyComes) {
    client.say("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(client.ask("ok").body, "POST ok");
}

TEST_F(HttpServer, AnswersHeadWithoutBody) {
    client.say("HEAD /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /query?q=2 HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = client.hear(false);
    EXPECT_EQ(head.status, 200);
    EXPECT_THAT(head.head, HasSubstr("Content-Length: 12\r\n"));
    EXPECT_EQ(client.hear().body, "2 /query?q=2");
}

TEST_F(HttpServer, AnswersHeadWithoutBodyAlsoWhenTheAnswerComesLater) {
    client.say("HEAD /later HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.hear(false).head, HasSubstr("Content-Length: 9\r\n"));
    EXPECT_EQ(client.ask("GET /later HTTP/1.1\r\nHost: x\r\n\r\n").body, "known now");
}

TEST_F(HttpServer, WritesNoBodyWhereTheStatusHasNone) {
    for (const std::string method : {"GET", "PUT"}) {
        client.say(method + " /empty HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_THAT(client.hear(false).head, Not(HasSubstr("stray")));
        EXPECT_EQ(client.ask("GET /query?q=2 HTTP/1.1\r\nHost: x\r\n\r\n").body, "2 /query?q=2");
    }
}

TEST_F(HttpServer, ReadsAbsoluteFormTargets) {
    EXPECT_EQ(client.ask("GET http://sync-localhost:8083/query?q=a%20b HTTP/1.1\r\nHost: y\r\n\r\n").body,
              "a b /query?q=a%20b");
    EXPECT_EQ(client.ask("GET http://localhost:8083 HTTP/1.1\r\nHost: y\r\n\r\n").status, 404);
}

TEST_F(HttpServer, PassesHeadersAsTheyWereSent) {
    const auto response = client.ask(
        "GET /headers HTTP/1.1\r\nhost: x\r\nRange: bytes=0-1\r\nAccept-Encoding: gzip\r\nX-A:  %41 b \r\n\r\n");
    EXPECT_EQ(response.body, "host=x\nRange=bytes=0-1\nAccept-Encoding=gzip\nX-A=%41 b\n");
    EXPECT_THAT(response.head, Not(HasSubstr("Content-Encoding")));
}

TEST_F(HttpServer, ClosesForHttp10UnlessAskedNotTo) {
    EXPECT_EQ(client.ask("GET /query?q=1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").body, "1 /query?q=1");
    EXPECT_EQ(client.ask("GET /query?q=2 HTTP/1.0\r\n\r\n").body, "2 /query?q=2");
    EXPECT_EQ(client.hear_all(), "");
}

TEST_F(HttpServer, StreamsInChunks) {
    client.say("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.hear_until("0\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n9\r\ndata: 3\n\n\r\n0\r\n\r\n"));
    EXPECT_EQ(client.ask("GET /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\n").body, "1 /query?q=1");
}

TEST_F(HttpServer, StreamsToTheEndOfTheConnectionForHttp10) {
    client.say("GET /stream HTTP/1.0\r\n\r\n");
    const auto answer = client.hear_all();
    EXPECT_THAT(answer, Not(HasSubstr("chunked")));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n"));
}

TEST_F(HttpServer, EndsAStreamWhoseReaderHasGone) {
    client.say("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    client.hear_until("x\r\n");
    client.hang_up();
    int before = -1;
    for (int i = 0; i < 500 && before != pieces_written; ++i) {
        before = pieces_written;
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_EQ(before, pieces_written);
}

TEST_F(HttpServer, AnswersLargeBodies) {
    EXPECT_EQ(client.ask("GET /large HTTP/1.1\r\nHost: x\r\n\r\n").body, std::string(3'000'000, 'x'));
}

TEST_F(HttpServer, TurnsExceptionsIntoAJsonErrorAndGoesOn) {
    const auto response = client.ask("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, HasSubstr("\"__type\":\"InternalFailure\""));
    EXPECT_THAT(response.body, Not(HasSubstr("invariant")));
    EXPECT_EQ(client.ask("GET /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST_F(HttpServer, KeepsLineBreaksOutOfHeaders) {
    const auto response = client.ask("GET /inject HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(response.head, HasSubstr("X-Name: aSet-Cookie: evil=1\r\n"));
    EXPECT_THAT(response.head, Not(HasSubstr("\nSet-Cookie")));
    EXPECT_THAT(response.head, Not(HasSubstr("\nX-Evil")));
}

TEST_F(HttpServer, RefusesTooLargeBodiesAndSaysSo) {
    const std::string large(200'000, 'x');
    const auto by_length = client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + large);
    EXPECT_EQ(by_length.status, 413);
    EXPECT_THAT(by_length.body, HasSubstr("100000 bytes"));
    EXPECT_EQ(client.hear_all(), "");

    RawClient chunked{server.port()};
    chunked.say("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 200 && chunked.say("400\r\n" + std::string(1024, 'x') + "\r\n"); ++i) {}
    EXPECT_EQ(chunked.hear().status, 413);

    RawClient huge{server.port()};
    EXPECT_EQ(huge.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n").status,
              413);
    RawClient huge_chunk{server.port()};
    EXPECT_EQ(
        huge_chunk.ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")
            .status,
        413);
}

TEST_F(HttpServer, TakesABodyOfExactlyTheLimit) {
    const std::string body(body_limit_bytes, 'x');
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + body).body,
              "POST " + body);
}

TEST_F(HttpServer, RefusesTooLargeHeads) {
    EXPECT_EQ(client.ask("GET /echo HTTP/1.1\r\nX: " + std::string(70'000, 'x')).status, 431);
    RawClient many{server.port()};
    std::string headers;
    for (int i = 0; i < 101; ++i) headers += "X: y\r\n";
    EXPECT_EQ(many.ask("GET /echo HTTP/1.1\r\n" + headers + "\r\n").status, 431);
}

struct Malformed {
    std::string name;
    std::string text;
    int status;
};
class MalformedRequest : public HttpServer, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedRequest, IsRefusedAndTheConnectionClosed) {
    const auto response = client.ask(GetParam().text);
    EXPECT_EQ(response.status, GetParam().status);
    EXPECT_THAT(response.body, StartsWith("{\"__type\":"));
    EXPECT_THAT(response.head, HasSubstr("Connection: close\r\n"));
    EXPECT_EQ(client.hear_all(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9112, MalformedRequest,
    testing::Values(
        Malformed{"NoVersion", "GET /\r\n\r\n", 400}, Malformed{"Garbage", "\x16\x03\x01\x02 hello\r\n\r\n", 400},
        Malformed{"BareLineFeeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
        Malformed{"OtherVersion", "GET / HTTP/3.0\r\n\r\n", 505},
        Malformed{"RelativeTarget", "GET echo HTTP/1.1\r\n\r\n", 400},
        Malformed{"OtherScheme", "GET ftp://x/echo HTTP/1.1\r\n\r\n", 400},
        Malformed{"SpaceInTarget", "GET /a b HTTP/1.1\r\n\r\n", 400},
        Malformed{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        Malformed{"FoldedHeader", "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", 400},
        Malformed{"HeaderWithoutColon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400},
        Malformed{"ZeroByte", std::string("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 27), 400},
        Malformed{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400},
        Malformed{"NegativeLength", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
        Malformed{"LengthList", "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\nx", 400},
        Malformed{"TwoLengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
        Malformed{"LengthAndChunked",
                  "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        Malformed{"OtherTransferCoding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
        Malformed{"BadChunkSize", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 400},
        Malformed{"ChunkWithoutEnd", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", 400},
        Malformed{"CompressedBody", "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415},
        Malformed{"OtherExpectation", "POST / HTTP/1.1\r\nExpect: wonders\r\n\r\n", 417}),
    [](const auto& test) { return test.param.name; });

TEST_F(HttpServer, LetsLongPollsDelayNobody) {
    constexpr int polls = 500;
    std::vector<RawClient> waiting;
    for (int i = 0; i < polls; ++i) {
        ASSERT_TRUE(waiting.emplace_back(server.port()).say("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    ASSERT_TRUE(gate.wait_for_waiting(polls));
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
        RawClient fresh{server.port()};
        ASSERT_EQ(fresh.ask("GET /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    gate.open();
    for (auto& poll : waiting) EXPECT_EQ(poll.hear().body, "done");
}

TEST_F(HttpServer, TellsAHandlerThatItsClientHasGone) {
    client.say("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(gate.wait_for_waiting(1));
    client.hang_up();
    EXPECT_TRUE(gate.wait_for_waiting(0));
}

TEST_F(HttpServer, LetsTricklingClientsDelayNobody) {
    std::vector<RawClient> slow;
    for (int i = 0; i < 200; ++i) slow.emplace_back(server.port()).say("POST /echo HTTP/1.1\r\nContent-Le");
    EXPECT_EQ(client.ask("GET /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST_F(HttpServer, SaysWhichPortIsInUse) {
    auto same = settings();
    same.port = server.port();
    try {
        const Server second{same, [](const Request&) { return Response{}; }};
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("port " + std::to_string(same.port) + " is in use"));
    }
}

TEST(HttpServerStart, SaysWhatIsWrongWithAnAddress) {
    const auto start = [](std::string host) {
        try {
            const Server server{{.host = std::move(host), .port = 0}, [](const Request&) { return Response{}; }};
            return std::string{"started"};
        } catch (const std::runtime_error& error) {
            return std::string{error.what()};
        }
    };
    EXPECT_EQ(start("192.0.2.1"), "192.0.2.1 is no address of this machine");
    EXPECT_THAT(start("no such host"), StartsWith("the address no such host is unknown"));
    EXPECT_THAT(start("[::1]"), Not(HasSubstr("unknown")));  // machines without IPv6 have no such address
}

TEST(HttpServerLimits, TurnsAwayMoreConnectionsThanAllowed) {
    Gate gate;
    Server server{{.port = 0, .max_connections = 2}, [&](const Request& request) {
                      gate.wait_while(request.connected);
                      return Response{};
                  }};
    RawClient first{server.port()};
    RawClient second{server.port()};
    first.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    second.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(gate.wait_for_waiting(2));
    RawClient third{server.port()};
    const auto response = third.hear();
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(response.body, HasSubstr("ThrottlingException"));
    gate.open();
    EXPECT_EQ(first.hear().status, 200);
    EXPECT_EQ(second.hear().status, 200);
}

TEST_F(HttpServer, StopAnswersWhatIsInWorkAndEndsIdleConnections) {
    RawClient idle{server.port()};
    idle.ask("GET /query?q=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    client.say("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(gate.wait_for_waiting(1));
    server.stop();
    EXPECT_EQ(client.hear().body, "gone");
    EXPECT_EQ(client.hear_all(), "");
    EXPECT_EQ(idle.hear_all(), "");
    EXPECT_FALSE(RawClient{server.port()}.connected());
}

}  // namespace
}  // namespace pawl::web
