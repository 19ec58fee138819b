// Functions without a process: C++ callables, and URLs that answer, refuse, or are not there. And code that changes.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "orchestrator/functions/code_fingerprint.hpp"
#include "tests/orchestrator/function_support.hpp"

using namespace pawl;
using namespace pawl::test;

namespace {

FunctionConfig callable(const std::string& name, decltype(FunctionConfig::callable) call) {
    FunctionConfig config;
    config.name = name;
    config.callable = std::move(call);
    config.timeout = 1s;
    config.max_concurrency = 4;
    return config;
}

// Answers each connection's first request with the same bytes; keeps what was asked.
class OneAnswer {
  public:
    explicit OneAnswer(std::string answer) : answer_{std::move(answer)} {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(socket_, 8);
        socklen_t size = sizeof address;
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~OneAnswer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/score"; }
    std::string asked() {
        const std::lock_guard lock{mutex_};
        return asked_;
    }

  private:
    void serve() {
        for (;;) {
            const int connection = ::accept(socket_, nullptr, nullptr);
            if (connection < 0) return;
            std::string text(64 * 1024, '\0');
            const auto got = ::read(connection, text.data(), text.size());
            {
                const std::lock_guard lock{mutex_};
                asked_ = text.substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
            }
            [[maybe_unused]] const auto sent = ::write(connection, answer_.data(), answer_.size());
            ::close(connection);
        }
    }
    const std::string answer_;
    int socket_ = -1;
    int port_ = 0;
    std::mutex mutex_;
    std::string asked_;
    std::thread thread_;
};

std::string http(const std::string& status, const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
           headers + "\r\n" + body;
}

FunctionConfig at_url(const std::string& url) {
    FunctionConfig config;
    config.name = "score";
    config.url = url;
    config.timeout = 2s;
    return config;
}

}  // namespace

TEST(InProcessFunction, ACallableAnswersWithoutAProcess) {
    FunctionPool pool{{callable("twice",
                                [](const std::string& text) -> Result<std::string, InvocationError> {
                                    return "[" + text + "," + text + "]";
                                })},
                      {}};
    EXPECT_EQ(response_of(run(pool, {.function = "twice", .payload = "1"})), "[1,1]");
    EXPECT_EQ(response_of(run(pool, {.function = "twice", .payload = "2"})), "[2,2]");
    EXPECT_EQ(pool.counters().at("twice").invocations, 2U);
}

TEST(InProcessFunction, WhatACallableThrowsIsTheFunctionsError) {
    FunctionPool pool{{callable("bad",
                                [](const std::string&) -> Result<std::string, InvocationError> {
                                    throw std::runtime_error{"no luck"};
                                })},
                      {}};
    EXPECT_EQ(response_of(run(pool, {.function = "bad"})), R"(Error {"errorType":"Error","errorMessage":"no luck"})");
}

TEST(InProcessFunction, ACallableThatTakesTooLongTimesOut) {
    std::promise<void> go;
    auto wait_for = go.get_future().share();
    FunctionPool pool{{callable("slow",
                                [wait_for](const std::string&) -> Result<std::string, InvocationError> {
                                    wait_for.wait();
                                    return std::string{"late"};
                                })},
                      {}};
    EXPECT_EQ(error_of(run(pool, {.function = "slow"})), "Sandbox.Timedout");
    go.set_value();  // what it answers now is dropped
}

TEST(InProcessFunction, RunsSeveralCallsAtOnce) {
    std::atomic<int> inside{0}, most{0};
    FunctionPool pool{{callable("f",
                                [&](const std::string&) -> Result<std::string, InvocationError> {
                                    const int now = ++inside;
                                    int before = most;
                                    while (now > before && !most.compare_exchange_weak(before, now)) {}
                                    std::this_thread::sleep_for(20ms);
                                    --inside;
                                    return std::string{"1"};
                                })},
                      {}};
    std::vector<std::future<InvocationReport>> futures;
    for (int i = 0; i < 12; ++i) futures.push_back(invoke(pool, {.function = "f"}));
    for (auto& future : futures) EXPECT_EQ(response_of(wait(future)), "1");
    EXPECT_GT(most, 1);
    EXPECT_LE(most, 4);
}

TEST(HttpFunction, PostsThePayloadAndReturnsTheAnswer) {
    OneAnswer server{http("200 OK", "[7]")};
    FunctionPool pool{{at_url(server.url())}, {}};
    EXPECT_EQ(response_of(run(pool, {.function = "score", .payload = "{\"a\":1}"})), "[7]");
    EXPECT_THAT(server.asked(), testing::StartsWith("POST /score HTTP/1.1\r\n"));
    EXPECT_THAT(server.asked(), testing::HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(server.asked(), testing::EndsWith("\r\n\r\n{\"a\":1}"));
}

TEST(HttpFunction, AStatusThatIsNoSuccessIsAnError) {
    OneAnswer server{http("503 Busy", "later")};
    FunctionPool pool{{at_url(server.url())}, {}};
    EXPECT_EQ(error_of(run(pool, {.function = "score"})), "States.Http.StatusCode.503");
}

TEST(HttpFunction, AnErrorDocumentIsTakenAsOne) {
    OneAnswer server{http("400 Bad", R"({"errorType": "Mine", "errorMessage": "no"})")};
    FunctionPool pool{{at_url(server.url())}, {}};
    EXPECT_EQ(error_of(run(pool, {.function = "score"})), "Mine");
}

TEST(HttpFunction, RedirectsAreNotFollowed) {
    OneAnswer elsewhere{http("200 OK", "1")};
    OneAnswer server{http("307 Elsewhere", "", "Location: " + elsewhere.url() + "\r\n")};
    FunctionPool pool{{at_url(server.url())}, {}};
    EXPECT_EQ(error_of(run(pool, {.function = "score"})), "States.Http.StatusCode.307");
    EXPECT_EQ(elsewhere.asked(), "");
}

TEST(HttpFunction, NoServerIsASocketError) {
    FunctionPool pool{{at_url("http://127.0.0.1:1/")}, {}};
    EXPECT_EQ(error_of(run(pool, {.function = "score"})), "States.Http.Socket");
}

TEST(HttpFunction, NoServerIsSaidWithItsPlaceAndNoSecret) {
    FunctionPool pool{{at_url("http://user:secret@127.0.0.1:1/path?key=secret")}, {}};
    const auto said = response_of(run(pool, {.function = "score"}));
    EXPECT_THAT(said, testing::HasSubstr(": http://127.0.0.1:1\""));
    EXPECT_THAT(said, testing::Not(testing::HasSubstr("secret")));
}

TEST(CodeFingerprint, TellsWhenAFileChangesComesOrGoes) {
    TemporaryFolder folder;
    const std::vector<std::string> code{folder.path()};
    const auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream{folder.path(name)} << text;
    };
    write("a.py", "1");
    const auto first = code_fingerprint(code);
    EXPECT_EQ(code_fingerprint(code), first);
    write("a.py", "12");
    const auto second = code_fingerprint(code);
    EXPECT_NE(second, first);
    write("b.py", "1");
    EXPECT_NE(code_fingerprint(code), second);
    std::filesystem::remove(folder.path("b.py"));
    EXPECT_EQ(code_fingerprint(code), second);
    std::filesystem::create_directory(folder.path("__pycache__"));
    write("__pycache__/a.pyc", "1");
    EXPECT_EQ(code_fingerprint(code), second);
}

TEST(CodeFingerprint, PassesOverWhatIsNoCode) {
    TemporaryFolder folder;
    const std::vector<std::string> code{folder.path()};
    const std::vector<std::string> not_code{place_of(folder.path("pawl.db")), place_of(folder.path("pawl.db-logs"))};
    std::ofstream{folder.path("a.py")} << "1";
    const auto before = code_fingerprint(code, not_code);
    std::ofstream{folder.path("pawl.db")} << "1";
    std::filesystem::create_directory(folder.path("pawl.db-logs"));
    std::ofstream{folder.path("pawl.db-logs/a.log")} << "1";
    for (const std::string tool : {".venv", ".aws-sam", "cdk.out"}) {
        std::filesystem::create_directory(folder.path(tool));
        std::ofstream{folder.path(tool + "/a.py")} << "1";
    }
    EXPECT_EQ(code_fingerprint(code, not_code), before);
    EXPECT_NE(code_fingerprint(code), before);
    std::ofstream{folder.path("pawl.db.py")} << "1";
    EXPECT_NE(code_fingerprint(code, not_code), before);
}

TEST(CodeFingerprint, FindsAPlaceThroughALink) {
    TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("real"));
    std::filesystem::create_symlink(folder.path("real"), folder.path("link"));
    EXPECT_EQ(place_of(folder.path("link/./pawl.db")), place_of(folder.path("real/pawl.db")));
}

TEST(CodeFingerprint, ChangedCodeGetsNewProcesses) {
    TemporaryFolder folder;
    std::ofstream{folder.path("a.txt")} << "1";
    auto config = sleeper("f", 1);
    config.code_folder = folder.path();
    config.hot_reload = true;
    FunctionPool pool{{config}, {}};
    ThreadHost host{pool, answering([](const auto&) { return std::string{"1"}; })};
    run(pool, {.function = "f"});
    run(pool, {.function = "f"});
    EXPECT_EQ(host.opened, 1U);
    std::ofstream{folder.path("a.txt")} << "changed";
    EXPECT_TRUE(comes_true([&] {  // the next scan may be some microseconds away
        run(pool, {.function = "f"});
        return host.opened == 2U;
    }));
}
