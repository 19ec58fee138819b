// For tests of functions: invoking and waiting, processes as /proc sees them, and a host whose "runtimes" are threads.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "orchestrator/functions/function_pool.hpp"
#include "tests/support/eventually.hpp"

namespace pawl::test {

using namespace std::chrono_literals;

// A folder that is gone with its contents at the end.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "pawl-functions-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error{"no temporary folder"};
        path_ = pattern;
    }
    ~TemporaryFolder() {
        namespace fs = std::filesystem;
        std::error_code ignored;
        for (const auto& entry : fs::recursive_directory_iterator{path_, ignored}) {  // functions' code is read-only
            if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
                fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add, ignored);
            }
        }
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }

  private:
    std::string path_;
};

inline std::string contents(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// Zombies count as gone: who has to bury them is another question.
inline bool runs(long pid) {
    const auto stat = contents("/proc/" + std::to_string(pid) + "/stat");
    const auto state = stat.rfind(") ");
    return state != std::string::npos && stat[state + 2] != 'Z' && stat[state + 2] != 'X';
}

inline std::string new_id() {
    static std::atomic<unsigned> last{0};
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012u", ++last);
    return text;
}

struct Call {
    std::string id = new_id();
    std::string function;
    std::string payload = "{}";
    std::optional<std::chrono::milliseconds> timeout = std::nullopt;
    std::function<void()> started = nullptr;
};

inline std::future<InvocationReport> invoke(FunctionPool& pool, Call call) {
    auto promise = std::make_shared<std::promise<InvocationReport>>();
    Invocation invocation;
    invocation.request_id = call.id;
    invocation.function = call.function;
    invocation.payload = std::move(call.payload);
    invocation.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:" + call.function;
    invocation.timeout = call.timeout;
    invocation.started = std::move(call.started);
    invocation.finished = [promise](InvocationReport report) { promise->set_value(std::move(report)); };
    auto future = promise->get_future();
    pool.invoke(std::move(invocation));
    return future;
}

// Fails the test instead of waiting for ever.
inline InvocationReport wait(std::future<InvocationReport>& future, std::chrono::milliseconds patience = 20s) {
    if (future.wait_for(patience) != std::future_status::ready) {
        ADD_FAILURE() << "the invocation did not finish";
        return {InvocationError{"NotFinished", ""}};
    }
    return future.get();
}

inline InvocationReport run(FunctionPool& pool, Call call) {
    auto future = invoke(pool, std::move(call));
    return wait(future);
}

inline std::string response_of(const InvocationReport& report) {
    return report.outcome ? *report.outcome : report.outcome.error().type + " " + report.outcome.error().document;
}
inline std::string error_of(const InvocationReport& report) {
    return report.outcome ? "no error: " + *report.outcome : report.outcome.error().type;
}

// Processes that do nothing; a thread of the test speaks for each.
class ThreadHost final : public RuntimeApiHost {
  public:
    using Runtime = std::function<void(FunctionPool&, std::uint64_t worker)>;
    ThreadHost(FunctionPool& pool, Runtime runtime) : pool_{pool}, runtime_{std::move(runtime)} { pool.attach(*this); }
    ~ThreadHost() override { pool_.stop(); }

    std::string open(std::uint64_t worker, FileDescriptor) override {
        const std::lock_guard lock{mutex_};
        ++opened;
        open_now = open_now + 1;
        threads_[worker] = std::thread{[this, worker] { runtime_(pool_, worker); }};
        return "nowhere:1";
    }
    void close(std::uint64_t worker) override {
        std::thread thread;
        {
            const std::lock_guard lock{mutex_};
            thread = std::move(threads_.at(worker));
            threads_.erase(worker);
        }
        thread.join();
        open_now = open_now - 1;
    }

    std::atomic<std::size_t> opened{0};
    std::atomic<std::size_t> open_now{0};

  private:
    FunctionPool& pool_;
    Runtime runtime_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::thread> threads_;
};

inline FunctionConfig sleeper(const std::string& name, std::size_t max_concurrency = 10) {
    FunctionConfig config;
    config.name = name;
    config.command = {"sleep", "600"};
    config.working_directory = "/";
    config.max_concurrency = max_concurrency;
    return config;
}

// A runtime that answers what `handle` makes of the payload.
inline ThreadHost::Runtime answering(std::function<std::string(const FunctionPool::Work&)> handle) {
    return [handle = std::move(handle)](FunctionPool& pool, std::uint64_t worker) {
        while (const auto work = pool.next(worker)) {
            pool.respond(worker, work->request_id, handle(*work));
        }
    };
}
inline ThreadHost::Runtime echoing() {
    return answering([](const auto& work) { return work.payload; });
}

}  // namespace pawl::test
