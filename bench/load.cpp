#include "bench/load.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/http_client.hpp"
#include "states/json.hpp"

namespace pawl::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

std::string call(HttpClient& client, std::string_view operation, std::string_view body) {
    const auto headers =
        "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AWSStepFunctions." + std::string{operation} + "\r\n";
    auto reply = client.request("POST", "/", headers, body);
    if (reply.status != 200) throw std::runtime_error{std::string{operation} + ": " + reply.body};
    return std::move(reply.body);
}

// The value of a member that is a plain string or number, found in the text: parsing would cost the client more than
// the request. ARNs and statuses hold no escapes.
std::string_view member(std::string_view document, std::string_view name) {
    const auto key = "\"" + std::string{name} + "\":";
    const auto at = document.find(key);
    if (at == std::string_view::npos)
        throw std::runtime_error{"no " + std::string{name} + " in " + std::string{document}};
    auto value = document.substr(at + key.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
    return value.substr(0, value.find_first_of(",}"));
}

std::string quoted(const std::string& text) { return to_text(Json(text)); }

struct ClientResult {
    std::int64_t executions = 0, describes = 0;
    std::vector<double> seen_ms, server_ms;
    std::exception_ptr error;
};

class Client {
  public:
    Client(const Load& load, ClientResult& result)
        : load_{load},
          result_{result},
          http_{"127.0.0.1", load.port},
          start_body_{R"({"stateMachineArn":)" + quoted(load.machine_arn) + R"(,"input":)" + quoted(load.input) + "}"} {
    }

    void run_one() {
        const auto began = SteadyClock::now();
        const auto started = call(http_, "StartExecution", start_body_);
        if (load_.see_end) see_end(R"({"executionArn":")" + std::string{member(started, "executionArn")} + "\"}");
        result_.seen_ms.push_back(Milliseconds{SteadyClock::now() - began}.count());
        ++result_.executions;
    }

  private:
    void see_end(const std::string& describe_body) {
        const auto acknowledged = SteadyClock::now();
        if (!load_.ends_at_once) std::this_thread::sleep_until(acknowledged + usual_ * 0.8);
        for (;;) {
            ++result_.describes;
            const auto description = call(http_, "DescribeExecution", describe_body);
            const auto status = member(description, "status");
            if (status == "RUNNING") {
                std::this_thread::sleep_for(std::max<Milliseconds>(usual_ / 16, Milliseconds{0.1}));
                continue;
            }
            if (status != "SUCCEEDED") throw std::runtime_error{"an execution did not succeed: " + description};
            const auto seconds = [&](std::string_view name) {
                return std::stod(std::string{member(description, name)});
            };
            result_.server_ms.push_back((seconds("stopDate") - seconds("startDate")) * 1000);
            const Milliseconds took = SteadyClock::now() - acknowledged;
            usual_ = usual_.count() == 0 ? took : usual_ * 0.9 + took * 0.1;
            return;
        }
    }

    const Load& load_;
    ClientResult& result_;
    HttpClient http_;
    std::string start_body_;
    Milliseconds usual_{0};  // from the acknowledged start to the end
};

}  // namespace

Latencies latencies_of(std::vector<double>& milliseconds) {
    if (milliseconds.empty()) return {};
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double share) {
        return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
    };
    return {at(0.5), at(0.99)};
}

LoadResult run_load(const Load& load) {
    std::vector<ClientResult> results(static_cast<std::size_t>(load.clients));
    const auto began = SteadyClock::now();
    const auto deadline = began + load.duration;
    {
        std::vector<std::jthread> threads;
        for (auto& result : results) {
            threads.emplace_back([&load, &result, deadline] {
                try {
                    Client client{load, result};
                    while (SteadyClock::now() < deadline) client.run_one();
                } catch (...) {
                    result.error = std::current_exception();
                }
            });
        }
    }
    LoadResult total;
    total.seconds = std::chrono::duration<double>(SteadyClock::now() - began).count();
    std::vector<double> seen, server;
    double describes = 0;
    for (auto& result : results) {
        if (result.error) std::rethrow_exception(result.error);
        total.executions += result.executions;
        describes += static_cast<double>(result.describes);
        seen.insert(seen.end(), result.seen_ms.begin(), result.seen_ms.end());
        server.insert(server.end(), result.server_ms.begin(), result.server_ms.end());
    }
    total.describes_per_execution = describes / static_cast<double>(std::max<std::int64_t>(total.executions, 1));
    total.seen = latencies_of(seen);
    total.server = latencies_of(server);
    return total;
}

std::string create_machine(int port, const std::string& name, const std::string& definition) {
    HttpClient client{"127.0.0.1", port};
    return std::string{member(call(client, "CreateStateMachine",
                                   R"({"name":)" + quoted(name) + R"(,"definition":)" + quoted(definition) +
                                       R"(,"roleArn":"arn:aws:iam::000000000000:role/bench"})"),
                              "stateMachineArn")};
}

void start_many(int port, const std::string& machine_arn, std::int64_t count, const std::string& input) {
    std::atomic<std::int64_t> left{count};
    std::mutex guard;  // of `error`
    std::exception_ptr error;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 16; ++i) {
            threads.emplace_back([&] {
                try {
                    HttpClient client{"127.0.0.1", port};
                    const auto body =
                        R"({"stateMachineArn":)" + quoted(machine_arn) + R"(,"input":)" + quoted(input) + "}";
                    while (left-- > 0) call(client, "StartExecution", body);
                } catch (...) {
                    const std::scoped_lock lock{guard};
                    error = std::current_exception();
                }
            });
        }
    }
    if (error) std::rethrow_exception(error);
}

std::int64_t count_in_status(int port, const std::string& machine_arn, const std::string& status) {
    HttpClient client{"127.0.0.1", port};
    const auto page = call(client, "ListExecutions",
                           R"({"maxResults":1000,"stateMachineArn":)" + quoted(machine_arn) + R"(,"statusFilter":)" +
                               quoted(status) + "}");
    std::int64_t count = 0;
    for (auto at = page.find("\"executionArn\""); at != std::string::npos; at = page.find("\"executionArn\"", at + 1))
        ++count;
    return count;
}

}  // namespace pawl::bench
