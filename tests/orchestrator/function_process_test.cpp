// One process and its group, the guard that outlives the server, and the log that collects what functions print.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "orchestrator/functions/function_log.hpp"
#include "orchestrator/functions/launch.hpp"
#include "orchestrator/functions/orphan_guard.hpp"
#include "orchestrator/functions/process.hpp"
#include "tests/orchestrator/function_support.hpp"

namespace pawl::test {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        read = FileDescriptor{ends[0]};
        write = FileDescriptor{ends[1]};
    }
    // All there is until the last writer closes.
    std::string rest() {
        write.reset();
        std::string text;
        std::array<char, 4096> block{};
        for (ssize_t got = 0; (got = ::read(read.get(), block.data(), block.size())) > 0;) {
            text.append(block.data(), static_cast<std::size_t>(got));
        }
        return text;
    }
    FileDescriptor read, write;
};

ProcessExit wait_for(Process& process) {
    pollfd look{process.exit_fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&look, 1, 10'000), 1);
    return process.reap().value_or(ProcessExit{});
}

SpawnRequest shell(const std::string& script, const Pipe& pipe) {
    return {{"sh", "-c", script}, "/", {"PATH=/usr/bin:/bin", "A=b"}, pipe.write.get()};
}

TEST(Process, RunsWithTheGivenEnvironmentAndFolder) {
    Pipe pipe;
    auto process = Process::spawn(shell("pwd; echo $A; echo to stderr >&2; cat; ls /proc/self/fd", pipe));
    ASSERT_TRUE(process);
    EXPECT_EQ(wait_for(*process), ProcessExit{});
    EXPECT_EQ(pipe.rest(), "/\nb\nto stderr\n0\n1\n2\n3\n");  // 3: ls itself reads the folder
}

TEST(Process, TellsHowItEnded) {
    Pipe pipe;
    auto failed = Process::spawn(shell("exit 3", pipe));
    ASSERT_TRUE(failed);
    EXPECT_EQ(to_text(wait_for(*failed)), "exit status 3");
    EXPECT_FALSE(failed->reap());  // gone
    auto killed = Process::spawn(shell("kill -KILL $$", pipe));
    ASSERT_TRUE(killed);
    EXPECT_EQ(to_text(wait_for(*killed)), "signal: killed");
    EXPECT_EQ(to_text(ProcessExit{true, SIGSEGV}), "signal: segmentation fault");
    EXPECT_EQ(to_text(ProcessExit{true, 63}), "signal: signal 63");
}

TEST(Process, TellsWhyItCouldNotStart) {
    const Pipe pipe;
    auto request = shell("", pipe);
    request.command = {"no-such-program-at-all"};
    const auto missing = Process::spawn(request);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), "no such file or directory");
    request.command = {"/dev/null"};
    const auto denied = Process::spawn(request);
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error(), "permission denied");
}

TEST(Process, TakesItsChildrenWithIt) {
    Pipe pipe;
    auto process = Process::spawn(shell("sleep 60 & echo $!; exit 0", pipe));
    ASSERT_TRUE(process);
    std::array<char, 32> text{};
    ASSERT_GT(::read(pipe.read.get(), text.data(), text.size() - 1), 0);
    const auto child = std::stol(text.data());
    EXPECT_EQ(wait_for(*process), ProcessExit{});
    EXPECT_TRUE(comes_true([&] { return !runs(child); }));
}

TEST(Process, IsKilledWhenItsOwnerGoes) {
    const Pipe pipe;
    long pid = 0;
    {
        auto process = Process::spawn(shell("trap '' TERM; sleep 60", pipe));
        ASSERT_TRUE(process);
        pid = process->pid();
        EXPECT_TRUE(runs(pid));
    }
    EXPECT_FALSE(runs(pid));
}

TEST(Launcher, TellsNodeHowMuchMemoryThereIs) {
    FunctionConfig config;
    config.runtime = "nodejs20.x";
    const auto arguments = [&] {
        const auto command = runtime_command(config).value();
        return std::vector<std::string>(command.begin(), command.end() - 1);  // the last is our host
    };
    using Arguments = std::vector<std::string>;
    EXPECT_EQ(arguments(), (Arguments{"node", "--input-type=module", "-e"}));
    config.memory_megabytes = 256;
    EXPECT_EQ(arguments(),
              (Arguments{"node", "--max-semi-space-size=12", "--max-old-space-size=231", "--input-type=module", "-e"}));
    config.memory_megabytes = 10;
    EXPECT_EQ(arguments()[1], "--max-semi-space-size=1");
}

TEST(Launcher, KeepsWhatPythonCompilesAwayFromReadOnlyCode) {
    const TemporaryFolder folder;
    FunctionConfig config;
    config.runtime = "python3.12";
    config.code_folder = folder.path();
    const auto says_where = [&](const Launcher& launcher) {
        const auto environment = launcher.request(config, 1, {}).environment;
        return std::ranges::any_of(environment, [](const auto& v) { return v.starts_with("PYTHONPYCACHEPREFIX=/"); });
    };
    const Launcher launcher{{"us-east-1", {}}}, sandboxed{{"us-east-1", {true, {}}}};
    EXPECT_FALSE(says_where(launcher));
    ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
    EXPECT_TRUE(says_where(launcher));
    EXPECT_FALSE(says_where(sandboxed));
    ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
}

// A server in small: forked, it starts a process that ignores SIGTERM, tells its number, and is killed.
[[noreturn]] void be_killed(const Pipe& pipe, bool forget) {
    const OrphanGuard guard;
    auto process = Process::spawn({{"sh", "-c", "trap '' TERM HUP; sleep 5"}, "/", {"PATH=/usr/bin:/bin"}, 2});
    if (!process) _exit(1);
    guard.watch(process->pid());
    if (forget) guard.forget(process->pid());
    const long pid = process->pid();
    if (::write(pipe.write.get(), &pid, sizeof pid) != sizeof pid) _exit(1);
    kill(getpid(), SIGKILL);
    _exit(1);
}

long pid_left_behind(bool forget) {
    const Pipe pipe;
    const auto server = fork();
    if (server == 0) be_killed(pipe, forget);
    long pid = 0;
    EXPECT_EQ(::read(pipe.read.get(), &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
    EXPECT_EQ(waitpid(server, nullptr, 0), server);
    return pid;
}

TEST(OrphanGuard, KillsWhatAKilledServerLeft) {
    const auto pid = pid_left_behind(false);
    EXPECT_TRUE(comes_true([&] { return !runs(pid); }, 3s));
}

TEST(OrphanGuard, LeavesAloneWhatItWasToldToForget) {
    const auto pid = pid_left_behind(true);
    std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(runs(pid));
    kill(static_cast<pid_t>(-pid), SIGKILL);
}

// ------------------------------------------------------------------------------------------------------------- the log

struct Printer {
    explicit Printer(const std::shared_ptr<FunctionLog>& log) : output{log, std::move(pipe.read)} {}
    void print(const std::string& text) {
        ASSERT_EQ(::write(pipe.write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    Pipe pipe;
    FunctionOutput output;
};

TEST(FunctionLog, PutsOutputBetweenLambdasLines) {
    const TemporaryFolder folder;
    Printer printer{std::make_shared<FunctionLog>(folder.path("f.log"))};
    printer.print("starting up\n");
    printer.output.begin("id-1");
    printer.print("hello\nno line end");
    const auto tail = printer.output.end("Duration: 1.00 ms\tBilled Duration: 1 ms");
    const std::string block =
        "START RequestId: id-1 Version: $LATEST\nhello\nno line end\nEND RequestId: id-1\n"
        "REPORT RequestId: id-1\tDuration: 1.00 ms\tBilled Duration: 1 ms\n";
    EXPECT_EQ(contents(folder.path("f.log")), "starting up\n" + block);
    EXPECT_EQ(tail, block);
    EXPECT_EQ(printer.output.end("again"), "");
}

TEST(FunctionLog, BeginsAnInvocationOnALineOfItsOwn) {
    const TemporaryFolder folder;
    const auto log = std::make_shared<FunctionLog>(folder.path("f.log"));
    Printer first{log}, second{log};
    first.print("no line end");
    first.output.begin("1");
    first.print("nor here");
    first.output.drain();
    second.output.begin("2");
    second.output.end("r");
    const std::string other = "START RequestId: 2 Version: $LATEST\nEND RequestId: 2\nREPORT RequestId: 2\tr\n";
    EXPECT_EQ(contents(folder.path("f.log")), "no line end\nSTART RequestId: 1 Version: $LATEST\nnor here\n" + other);
    EXPECT_EQ(log->of("2"), other);
    first.output.end("r");
    first.print("again none");
    first.output.drain();
    FunctionLog reopened{folder.path("f.log")};  // of a server that was killed
    reopened.write("START RequestId: 3 Version: $LATEST\n");
    EXPECT_TRUE(contents(folder.path("f.log")).ends_with("again none\nSTART RequestId: 3 Version: $LATEST\n"));
}

TEST(FunctionLog, ShowsARunningInvocationAndKeepsOthersInOnePiece) {
    const TemporaryFolder folder;
    const auto log = std::make_shared<FunctionLog>(folder.path("f.log"));
    Printer first{log}, second{log};
    first.output.begin("1");
    second.output.begin("2");
    first.print("one\n");
    first.output.drain();
    second.print("two\n");
    second.output.drain();
    EXPECT_EQ(contents(folder.path("f.log")), "START RequestId: 1 Version: $LATEST\none\n");
    second.output.end("r");
    EXPECT_TRUE(contents(folder.path("f.log"))
                    .ends_with("START RequestId: 2 Version: $LATEST\ntwo\nEND RequestId: 2\nREPORT RequestId: 2\tr\n"));
    first.output.end("r");
    second.output.begin("3");  // nobody else is in the way now
    EXPECT_TRUE(contents(folder.path("f.log")).ends_with("START RequestId: 3 Version: $LATEST\n"));
}

TEST(FunctionLog, GivesUpWhatItCantPutAside) {
    TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("f.log.1"));  // so that renaming fails
    FunctionLog log{folder.path("f.log"), 10};
    for (const auto* line : {"12345\n", "67890\n", "abcde\n"}) {
        log.write(line);
        EXPECT_EQ(contents(folder.path("f.log")), line);
        EXPECT_EQ(log.read(0, 100).text, line);
    }
    EXPECT_EQ(log.read(0, 100).begin, 12U);
    log.write("x\n");
    EXPECT_EQ(log.read(18, 100).text, "x\n");
}

TEST(FunctionLog, IsMadeAnewWhenSomebodyRemovedIt) {
    TemporaryFolder folder;
    FunctionLog log{folder.path("f.log"), 10};
    log.write("12345\n");
    std::filesystem::remove(folder.path("f.log"));
    log.write("67890\n");
    EXPECT_EQ(contents(folder.path("f.log")), "67890\n");
    EXPECT_EQ(log.read(0, 100).text, "12345\n67890\n");
}

TEST(FunctionLog, TellsWholeLinesAsTheyCome) {
    std::vector<std::string> told;
    std::array<int, 2> pipe{};
    ASSERT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
    const FileDescriptor writer{pipe[1]};
    const auto prints = [&](std::string_view text) { ASSERT_GT(::write(writer.get(), text.data(), text.size()), 0); };
    {
        FunctionOutput output{std::make_shared<FunctionLog>(""), FileDescriptor{pipe[0]},
                              [&](std::string_view lines) { told.emplace_back(lines); }};
        prints("start\nha");
        output.drain();
        output.begin("1");
        prints("lf\nno end");
        output.end("REPORT");
        prints("last");
        output.drain();
    }
    EXPECT_EQ(told, (std::vector<std::string>{"start\n", "half\n", "no end", "last"}));
}

TEST(FunctionLog, KeepsTheLastFourKilobytesForTheCaller) {
    Printer printer{std::make_shared<FunctionLog>("")};
    printer.output.begin("1");
    for (int i = 0; i < 10; ++i) {
        printer.print(std::string(999, static_cast<char>('0' + i)) + "\n");
        EXPECT_TRUE(printer.output.drain());
    }
    const auto tail = printer.output.end("r");
    EXPECT_EQ(tail.size(), log_tail_bytes);
    EXPECT_TRUE(tail.ends_with("999\nEND RequestId: 1\nREPORT RequestId: 1\tr\n"));
}

TEST(FunctionLog, TellsTheInvocationThatItsProcessDidNotComeUp) {
    const auto log = std::make_shared<FunctionLog>("");
    Printer printer{log};
    printer.print("[ERROR] no module\n");
    printer.output.drain();
    EXPECT_EQ(log->tail(1000).text, "") << "it is not known yet whose it is";
    const auto block = [](const std::string& id) {
        return "START RequestId: " + id + " Version: 3\n[ERROR] no module\nlast\nEND RequestId: " + id +
               "\nREPORT RequestId: " + id + "\tr\n";
    };
    EXPECT_EQ(printer.output.never_began("1", "3", "r", "last\n"), block("1"));
    EXPECT_EQ(printer.output.never_began("2", "3", "r", "last\n"), block("2"));
    EXPECT_EQ(log->tail(1000).text, block("1") + block("2"));
    printer.print("late\n");
    printer.output.drain();
    EXPECT_EQ(log->tail(6).text, "late\n");
}

TEST(FunctionLog, ShowsWhatASlowStartPrints) {
    const auto log = std::make_shared<FunctionLog>("");
    Printer printer{log};
    printer.print("loading\n");
    printer.output.drain();
    printer.output.show();
    EXPECT_EQ(log->tail(1000).text, "loading\n");
    EXPECT_EQ(printer.output.never_began("1", "$LATEST", "r", ""),
              "START RequestId: 1 Version: $LATEST\nloading\nEND RequestId: 1\nREPORT RequestId: 1\tr\n");
}

TEST(FunctionLog, StartsAnewWhenItIsFull) {
    const TemporaryFolder folder;
    FunctionLog log{folder.path("f.log"), 100};
    log.write(std::string(60, 'a'));
    log.write(std::string(60, 'b'));
    log.write(std::string(60, 'c'));
    EXPECT_EQ(contents(folder.path("f.log.1")), std::string(60, 'b'));
    EXPECT_EQ(contents(folder.path("f.log")), std::string(60, 'c'));
}

TEST(FunctionLog, NoticesThatNobodyWritesAnyMore) {
    Printer printer{std::make_shared<FunctionLog>("")};
    EXPECT_TRUE(printer.output.drain());
    printer.pipe.write.reset();
    EXPECT_FALSE(printer.output.drain());
}

}  // namespace
}  // namespace pawl::test
