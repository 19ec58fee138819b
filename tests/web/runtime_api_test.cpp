// Functions for real: programs of their own, speaking HTTP to the Runtime API.
#include "web/runtime_api.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include "states/json.hpp"
#include "tests/orchestrator/function_support.hpp"

namespace pawl::web {
namespace {

using namespace test;

const std::string handlers = std::string{PAWL_SOURCE_DIR} + "/tests/orchestrator/handlers";

FunctionConfig python(const std::string& name, const std::vector<std::string>& arguments = {}) {
    FunctionConfig config;
    config.name = name;
    config.command = {::access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3", "runtime.py"};
    config.command.insert(config.command.end(), arguments.begin(), arguments.end());
    config.working_directory = handlers;
    return config;
}

FunctionPool::Settings logging_to(const TemporaryFolder& folder) {
    FunctionPool::Settings settings;
    settings.log_folder = folder.path();
    return settings;
}

struct Functions {
    explicit Functions(std::vector<FunctionConfig> configs, FunctionPool::Settings settings = {})
        : pool{std::move(configs), std::move(settings)} {}
    InvocationReport operator()(const std::string& payload, const std::string& id = new_id()) {
        return run(pool, {.id = id, .function = "f", .payload = payload});
    }
    std::future<InvocationReport> begin(const std::string& payload, const std::string& id = new_id()) {
        return invoke(pool, {.id = id, .function = "f", .payload = payload});
    }
    FunctionPool pool;
    RuntimeApi host{pool};
};

TEST(RuntimeApi, CarriesEventsAndResponses) {
    Functions call{{python("f")}};
    const auto payload = R"({"text": "grüße 🌍", "n": 12345678901234567890, "x": [1.50, null]})";
    const auto report = call(payload);
    ASSERT_TRUE(report.outcome) << response_of(report);
    EXPECT_EQ(parse_json(*report.outcome)->dump(), parse_json(payload)->dump());
}

TEST(RuntimeApi, KeepsOneProcessWarm) {
    Functions call{{python("f")}};
    const auto pid = response_of(call(R"({"do": "pid"})"));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(response_of(call(R"({"do": "pid"})")), pid);
    EXPECT_TRUE(runs(std::stol(pid)));
}

TEST(RuntimeApi, TellsWhatBelongsToAnInvocation) {
    Functions call{{python("f")}};
    const auto before = std::chrono::system_clock::now().time_since_epoch() / 1ms;
    const auto headers = parse_json(response_of(call(R"({"do": "headers"})", "0af7651f-1234-4abc-8def-0123456789ab")));
    ASSERT_TRUE(headers);
    EXPECT_EQ((*headers)["lambda-runtime-aws-request-id"], "0af7651f-1234-4abc-8def-0123456789ab");
    EXPECT_EQ((*headers)["lambda-runtime-invoked-function-arn"], "arn:aws:lambda:us-east-1:000000000000:function:f");
    EXPECT_EQ((*headers)["lambda-runtime-trace-id"],
              "Root=1-0af7651f-12344abc8def0123456789ab;Parent=8def0123456789ab;Sampled=0");
    const auto deadline = std::stoll((*headers)["lambda-runtime-deadline-ms"].get<std::string>());
    EXPECT_GT(deadline, before + 890'000);
    EXPECT_LT(deadline, before + 1'000'000);
}

TEST(RuntimeApi, GivesACleanEnvironment) {
    auto config = python("f");
    config.environment["SIZE"] = "512";
    setenv("PAWL_TEST_SECRET", "secret", 1);
    Functions call{{config}};
    const auto read = parse_json(response_of(call(R"({"do": "environment"})")));
    ASSERT_TRUE(read);
    const auto& environment = *read;
    EXPECT_EQ(environment["SIZE"], "512");
    EXPECT_EQ(environment["AWS_LAMBDA_FUNCTION_NAME"], "f");
    EXPECT_EQ(environment["AWS_LAMBDA_FUNCTION_VERSION"], "$LATEST");
    EXPECT_EQ(environment["AWS_LAMBDA_LOG_GROUP_NAME"], "/aws/lambda/f");
    EXPECT_EQ(environment["AWS_REGION"], "us-east-1");
    EXPECT_EQ(environment["_HANDLER"], "runtime.py");
    EXPECT_EQ(environment["LAMBDA_TASK_ROOT"], handlers);
    EXPECT_EQ(environment["CWD"], handlers);
    EXPECT_EQ(environment["PATH"], std::string{std::getenv("PATH")});
    EXPECT_FALSE(environment.contains("PAWL_TEST_SECRET"));
}

TEST(RuntimeApi, RunsSeveralProcessesAtOnce) {
    auto config = python("f");
    config.max_concurrency = 4;
    Functions call{{config}};
    std::vector<std::future<InvocationReport>> futures;
    for (int i = 0; i < 4; ++i) futures.push_back(call.begin(R"({"do": "sleep", "seconds": 0.3})"));
    for (auto& future : futures) EXPECT_TRUE(wait(future).outcome);  // all four are up now
    futures.clear();

    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) futures.push_back(call.begin(R"({"do": "sleep", "seconds": 0.1})"));
    for (auto& future : futures) EXPECT_TRUE(wait(future).outcome);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GE(took, 500ms);
    EXPECT_LT(took, 1500ms);  // one after the other it were two seconds
}

TEST(RuntimeApi, HandsOnErrorsOfTheHandler) {
    Functions call{{python("f")}};
    const auto report = call(R"({"do": "raise", "text": "oh no"})");
    EXPECT_EQ(response_of(report), R"(Custom {"errorMessage":"oh no","errorType":"Custom","stackTrace":[]})");
    EXPECT_TRUE(call("{}").outcome);
}

TEST(RuntimeApi, ReportsACrashAndGoesOn) {
    Functions call{{python("f")}};
    EXPECT_EQ(response_of(call(R"({"do": "exit", "status": 5})", "id-1")),
              R"(Runtime.ExitError {"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime )"
              R"(exited with error: exit status 5"})");
    EXPECT_EQ(response_of(call(R"({"do": "exit", "status": 0})", "id-2")),
              R"(Runtime.ExitError {"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-2 Error: Runtime )"
              R"(exited without providing a reason"})");
    EXPECT_EQ(response_of(call(R"({"do": "kill", "signal": "SIGKILL"})", "id-3")),
              R"(Runtime.ExitError {"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-3 Error: Runtime )"
              R"(exited with error: signal: killed"})");
    EXPECT_EQ(response_of(call(R"({"ok": true})")), R"({"ok": true})");
}

TEST(RuntimeApi, ReportsWhatFailedWhileStarting) {
    const TemporaryFolder folder;
    Functions failing{{python("f", {"init-error"})}, logging_to(folder)};
    const auto report = failing("{}");
    EXPECT_EQ(error_of(report), "Runtime.ImportModuleError");
    const auto log = contents(folder.path("f.log"));
    EXPECT_EQ(report.log_tail, log);
    EXPECT_THAT(log, testing::MatchesRegex("START RequestId: .* Version: .LATEST\nabout to fail\nEND RequestId: .*\n"
                                           "REPORT RequestId: .*\tDuration: .*\tMax Memory Used: [0-9]+ MB\t"
                                           "Status: error\tError Type: Runtime.ImportModuleError\n"));

    Functions ending{{python("f", {"init-exit"})}};
    EXPECT_EQ(response_of(ending("{}", "id-1")),
              R"(Runtime.ExitError {"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime )"
              R"(exited with error: exit status 7"})");
}

TEST(RuntimeApi, ReportsAProgramThatIsNoRuntime) {
    const TemporaryFolder folder;
    auto config = python("f");
    config.command = {"./exits.sh"};
    Functions call{{config}, logging_to(folder)};
    EXPECT_EQ(error_of(call("{}")), "Runtime.ExitError");
    const auto log = contents(folder.path("f.log"));
    EXPECT_THAT(log, testing::HasSubstr(" Version: $LATEST\nno runtime here\nRequestId: "));
    EXPECT_THAT(log, testing::HasSubstr("Runtime.ExitError\nEND RequestId: "));
}

TEST(RuntimeApi, KillsAtTheTimeoutWithAllItsChildren) {
    const TemporaryFolder folder;
    auto config = python("f");
    config.timeout = 1s;
    Functions call{{config}};
    const auto file = folder.path("child");
    const auto report = call(R"({"do": "child", "file": ")" + file + R"("})", "id-1");
    EXPECT_EQ(response_of(report),
              R"(Sandbox.Timedout {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id-1 Error: Task timed )"
              R"(out after 1.00 seconds"})");
    const auto child = std::stol(contents(file));
    EXPECT_TRUE(comes_true([&] { return !runs(child); }));
    EXPECT_TRUE(call("{}").outcome);
}

TEST(RuntimeApi, KillsWhatIsCancelledWithAllItsChildren) {
    const TemporaryFolder folder;
    const auto file = folder.path("child");
    Functions call{{python("f")}};
    auto future = call.begin(R"({"do": "child", "file": ")" + file + R"("})", "id-1");
    ASSERT_TRUE(comes_true([&] { return !contents(file).empty(); }));
    const auto child = std::stol(contents(file));
    call.pool.cancel("id-1");
    EXPECT_TRUE(comes_true([&] { return !runs(child); }));
    EXPECT_THROW(future.get(), std::future_error);
    EXPECT_TRUE(call("{}").outcome);
}

TEST(RuntimeApi, EndsAllProcessesWithIt) {
    std::vector<long> pids;
    {
        auto config = python("f");
        config.max_concurrency = 3;
        Functions call{{config}};
        std::vector<std::future<InvocationReport>> futures;
        for (int i = 0; i < 3; ++i) futures.push_back(call.begin(R"({"do": "sleep", "seconds": 0.3})"));
        for (auto& future : futures) pids.push_back(std::stol(response_of(wait(future))));
        call.begin(R"({"do": "sleep", "seconds": 30})");
    }
    EXPECT_EQ(pids.size(), 3U);
    for (const auto pid : pids) EXPECT_FALSE(runs(pid));
}

TEST(RuntimeApi, LogsWhatAnInvocationPrints) {
    const TemporaryFolder folder;
    Functions call{{python("f")}, logging_to(folder)};
    const auto report = call(R"({"do": "print", "text": "hello\n", "times": 3})", "id-1");
    const auto log = contents(folder.path("f.log"));
    const std::string head =
        "START RequestId: id-1 Version: $LATEST\nhello\nhello\nhello\nEND RequestId: id-1\n"
        "REPORT RequestId: id-1\tDuration: ";
    EXPECT_EQ(log.substr(0, head.size()), head);
    EXPECT_NE(log.find(" ms\tBilled Duration: "), std::string::npos);
    EXPECT_NE(log.find("\tInit Duration: "), std::string::npos);
    EXPECT_EQ(report.log_tail, log);
}

TEST(RuntimeApi, TakesMegabytesOfOutput) {
    const TemporaryFolder folder;
    Functions call{{python("f")}, logging_to(folder)};
    const std::string line = std::string(1023, 'x') + "\\n";
    const auto report = call(R"({"do": "print", "text": ")" + line + R"(", "times": 8192})");
    EXPECT_EQ(response_of(report), "1024");
    const auto log = contents(folder.path("f.log"));
    const auto printed = log.substr(0, log.find("END RequestId"));
    EXPECT_EQ(std::count(printed.begin(), printed.end(), 'x'), 8192 * 1023);
    EXPECT_EQ(report.log_tail, log.substr(log.size() - 4096));
}

TEST(RuntimeApi, CarriesLargeResponsesUpToTheLimit) {
    Functions call{{python("f")}};
    const auto report = call(R"({"do": "large", "bytes": 6000000})");
    ASSERT_TRUE(report.outcome);
    EXPECT_EQ(report.outcome->size(), 6'000'002U);
    EXPECT_EQ(error_of(call(R"({"do": "large", "bytes": 20000000})")), "Function.ResponseSizeTooLarge");
    EXPECT_TRUE(call("{}").outcome);
}

TEST(RuntimeApi, PassesBytesOnAsTheyAre) {
    Functions call{{python("f")}};
    EXPECT_EQ(response_of(call(R"({"do": "raw", "text": " not\u0000json\u00ff "})")),
              std::string(" not\0json\xff ", 11));
    EXPECT_EQ(response_of(call(R"({"do": "raw", "text": ""})")), "");
}

TEST(RuntimeApi, RefusesTheSecondAnswer) {
    Functions call{{python("f")}};
    // The handler's own two answers are 202 and 400; what it returns is the third, refused as well.
    EXPECT_EQ(response_of(call(R"({"do": "twice"})")), "1");
    EXPECT_TRUE(call("{}").outcome);
}

TEST(RuntimeApi, FollowsAProcessToItsNewConnection) {
    Functions call{{python("f")}};
    EXPECT_EQ(response_of(call(R"({"do": "reconnect"})")), R"("reconnected")");
    EXPECT_TRUE(call("{}").outcome);
}

// -------------------------------------------------------------------------------------------------- the protocol, bare

// A process that sleeps, and a client in its place.
class BareRuntimeApi : public testing::Test {
  protected:
    void SetUp() override {
        auto config = sleeper("f", 1);
        config.command = {"sh", "-c", "echo $AWS_LAMBDA_RUNTIME_API > $FILE.new; mv $FILE.new $FILE; exec sleep 60"};
        config.environment["FILE"] = folder.path("address");
        functions = std::make_unique<Functions>(std::vector{config});
        invocation = functions->begin("{}", "id-1");
        ASSERT_TRUE(comes_true([&] { return !contents(folder.path("address")).empty(); }));
        const auto address = contents(folder.path("address"));
        port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
    }

    class Connection {
      public:
        explicit Connection(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_port = htons(port);
            to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
            const timeval patience{5, 0};
            setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        }
        ~Connection() { ::close(socket_); }
        Connection(const Connection&) = delete;
        Connection& operator=(const Connection&) = delete;
        void send(const std::string& text) {
            EXPECT_EQ(::send(socket_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
        }
        // One answer, which has a Content-Length.
        std::string receive() {
            for (;;) {
                const auto head = received_.find("\r\n\r\n");
                if (head != std::string::npos) {
                    const auto at = received_.find("Content-Length: ");
                    const auto length = at < head ? std::stoul(received_.substr(at + 16)) : 0;
                    if (received_.size() >= head + 4 + length) {
                        const auto answer = received_.substr(0, head + 4 + length);
                        received_.erase(0, answer.size());
                        return answer;
                    }
                }
                char block[4096];
                const auto got = ::recv(socket_, block, sizeof block, 0);
                if (got <= 0) return "closed: " + received_;
                received_.append(block, static_cast<std::size_t>(got));
            }
        }
        std::string ask(const std::string& text) {
            send(text);
            return receive();
        }
        std::string get(const std::string& path) { return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"); }
        std::string post(const std::string& path, const std::string& body, const std::string& headers = "") {
            return ask("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        }

      private:
        int socket_;
        std::string received_;
    };

    static int status(const std::string& answer) {
        return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9)) : 0;
    }
    static std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

    const std::string base = "/2018-06-01/runtime";
    TemporaryFolder folder;
    std::unique_ptr<Functions> functions;
    std::future<InvocationReport> invocation;
    std::uint16_t port = 0;
};

TEST_F(BareRuntimeApi, AnswersManyRequestsOnOneConnection) {
    Connection connection{port};
    for (int i = 0; i < 30; ++i) EXPECT_EQ(status(connection.get("/")), 404);
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    const auto accepted = connection.post(base + "/invocation/id-1/response", "7");
    EXPECT_EQ(status(accepted), 202);
    EXPECT_EQ(body(accepted), R"({"status":"OK"})");
    EXPECT_EQ(response_of(wait(invocation)), "7");
}

TEST_F(BareRuntimeApi, NamesWhatIsWrong) {
    Connection connection{port};
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    const auto unknown = connection.post(base + "/invocation/id-2/response", "7");
    EXPECT_EQ(status(unknown), 400);
    EXPECT_EQ(body(unknown), R"({"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})");
    EXPECT_EQ(status(connection.post(base + "/init/error", "{}")), 403);
    EXPECT_EQ(status(connection.post(base + "/invocation/id-1/other", "{}")), 404);
    EXPECT_EQ(status(connection.post(base + "/invocation/id-1", "{}")), 404);
    EXPECT_EQ(status(connection.get(base + "/invocation/next?" + std::string(200, 'a'))), 410);  // it owes an answer
    EXPECT_EQ(error_of(wait(invocation)), "Runtime.ExitError");
}

TEST_F(BareRuntimeApi, TakesBodiesOfAllKinds) {
    Connection connection{port};
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    const auto form = "Content-Type: multipart/form-data; boundary=x\r\nContent-Encoding: gzip\r\n";
    EXPECT_EQ(status(connection.post(base + "/invocation/none/response", "--x\r\n", form)), 400);
    EXPECT_EQ(status(connection.ask("POST " + base + "/invocation/none/error HTTP/1.1\r\nHost: x\r\n\r\n")), 400);
    connection.send("POST " + base +
                    "/invocation/id-1/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(status(connection.ask("3\r\n\"ab\r\n2\r\nc\"\r\n0\r\n\r\n")), 202);
    EXPECT_EQ(response_of(wait(invocation)), "\"abc\"");
}

TEST_F(BareRuntimeApi, HangsUpOnWhatItDoesNotRead) {
    for (const auto& [line, expected] : std::vector<std::pair<std::string, int>>{
             {"PUT " + base + "/invocation/id-1/response", 405}, {"POST /" + std::string(3000, 'a'), 404}}) {
        Connection connection{port};
        connection.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
        EXPECT_EQ(status(connection.receive()), expected);
        EXPECT_EQ(connection.receive(), "closed: ");
    }
}

TEST_F(BareRuntimeApi, TakesNoAnswerThatBreaksOff) {
    Connection connection{port};
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    {
        Connection breaking{port};
        breaking.send("POST " + base + "/invocation/id-1/response HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12");
    }
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(status(connection.post(base + "/invocation/id-1/response", "7")), 202);
    EXPECT_EQ(response_of(wait(invocation)), "7");
}

TEST_F(BareRuntimeApi, IsNotForWebPages) {
    Connection web_page{port}, connection{port};
    EXPECT_EQ(status(web_page.ask("GET " + base + "/invocation/next HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n\r\n")),
              403);
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
}

TEST_F(BareRuntimeApi, DoesNotLoseTheWorkOfAConnectionThatBroke) {
    Connection busy{port};
    EXPECT_EQ(status(busy.get(base + "/invocation/next")), 200);
    EXPECT_EQ(status(busy.post(base + "/invocation/id-1/response", "1")), 202);
    {
        Connection waiting{port};
        waiting.send("GET " + base + "/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n");
        std::this_thread::sleep_for(50ms);
    }
    auto second = functions->begin(R"("second")", "id-2");
    EXPECT_TRUE(busy.get(base + "/invocation/next").ends_with(R"("second")"));
    EXPECT_EQ(status(busy.post(base + "/invocation/id-2/response", "2")), 202);
    EXPECT_EQ(response_of(wait(second)), "2");
}

TEST_F(BareRuntimeApi, SaysGoodbyeToWhoWaits) {
    Connection connection{port};
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    EXPECT_EQ(status(connection.post(base + "/invocation/id-1/response", "1")), 202);
    connection.send("GET " + base + "/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n");
    functions.reset();
    EXPECT_EQ(status(connection.receive()), 410);
}

TEST_F(BareRuntimeApi, CostsNothingWhileAllWait) {
    Connection idle{port}, connection{port};  // one never asks
    EXPECT_EQ(status(connection.get(base + "/invocation/next")), 200);
    EXPECT_EQ(status(connection.post(base + "/invocation/id-1/response", "1")), 202);
    connection.send("GET " + base + "/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n");
    std::this_thread::sleep_for(150ms);  // until the grace for a process that has just answered is over
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    std::this_thread::sleep_for(400ms);
    getrusage(RUSAGE_SELF, &after);
    EXPECT_LE(after.ru_nvcsw - before.ru_nvcsw, 5);  // times that a thread went to sleep, ours here included
}

}  // namespace
}  // namespace pawl::web
