// One thread drives all requests: nothing that one of them waits for may keep the others waiting.
#include "orchestrator/integrations/http_client.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <string_view>

namespace {

// A resolver that does not answer before it is told to.
struct SlowNames {
    std::mutex mutex;
    std::condition_variable changed;
    int asked = 0;
    int answered = 0;
    bool may_answer = false;
};
SlowNames& slow_names() {
    static SlowNames names;
    return names;
}

}  // namespace

// Stands before the C library's, which libcurl would call.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
    static const auto real = reinterpret_cast<int (*)(const char*, const char*, const addrinfo*, addrinfo**)>(
        dlsym(RTLD_NEXT, "getaddrinfo"));
    if (!name || std::string_view{name} != "slow.test") return real(name, service, hints, found);
    auto& names = slow_names();
    std::unique_lock lock{names.mutex};
    ++names.asked;
    names.changed.notify_all();
    names.changed.wait(lock, [&] { return names.may_answer; });
    ++names.answered;
    names.changed.notify_all();
    return EAI_AGAIN;
}

namespace pawl {
namespace {

using namespace std::chrono_literals;

TEST(HttpClient, ANameThatIsStillLookedUpKeepsNobodyWaiting) {
    auto& names = slow_names();
    {
        HttpClient client;
        HttpRequest slow;
        slow.url = "http://slow.test/";
        const auto ticket = client.send(slow, [](const auto&) {});
        {
            std::unique_lock lock{names.mutex};
            ASSERT_TRUE(names.changed.wait_for(lock, 10s, [&] { return names.asked > 0; }));
        }
        client.cancel(ticket);
        std::promise<HttpFailure::Kind> kind;
        HttpRequest other;
        other.url = "http://127.0.0.1:1/";  // where nobody listens
        client.send(other, [&](const Result<HttpAnswer, HttpFailure>& answer) {
            kind.set_value(answer ? HttpFailure::Kind::Other : answer.error().kind);
        });
        auto answer = kind.get_future();
        const bool came = answer.wait_for(3s) == std::future_status::ready;
        EXPECT_TRUE(came) << "it waits for a name that is not its own";
        if (came) {
            EXPECT_EQ(answer.get(), HttpFailure::Kind::Connection);
        } else {  // so that the client can end
            const std::lock_guard lock{names.mutex};
            names.may_answer = true;
            names.changed.notify_all();
        }
        if (!came) answer.wait();
    }
    std::unique_lock lock{names.mutex};
    names.may_answer = true;
    names.changed.notify_all();
    EXPECT_TRUE(names.changed.wait_for(lock, 10s, [&] { return names.answered == names.asked; }));
}

TEST(HttpClient, AnAnswerOfOtherBytesBecomesText) {
    const auto shown = plain_http_answer({200,
                                          "OK",
                                          {{"A", "1"}},
                                          "\xff\xfe"
                                          "abc"});
    EXPECT_EQ(shown.at("ResponseBody"),
              "\uFFFD\uFFFD"
              "abc");
    EXPECT_EQ(plain_http_answer({200, "OK", {}, R"({"a": 1})"}).at("ResponseBody").at("a"), 1);
}

}  // namespace
}  // namespace pawl
