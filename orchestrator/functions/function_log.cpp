#include "orchestrator/functions/function_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace pawl {
namespace {

constexpr std::size_t held_limit_bytes = 256 * 1024;  // more of one invocation is written, among others' lines
constexpr int blocks_a_drain = 16;                    // 1 MB: then others get their turn
constexpr std::size_t block_bytes = 64 * 1024;

}  // namespace

FunctionLog::FunctionLog(std::string path, std::size_t limit_bytes)
    : path_{std::move(path)}, limit_bytes_{limit_bytes} {
    if (!path_.empty()) open();
}

void FunctionLog::open() {
    file_ = FileDescriptor{::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640)};
    struct stat status {};
    size_bytes_ = file_ && fstat(file_.get(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

// A log that can't be written (full disk, folder gone) is no reason to fail a function.
void FunctionLog::write(std::string_view text) {
    const std::lock_guard lock{mutex_};
    if (path_.empty()) return;
    if (size_bytes_ > 0 && size_bytes_ + text.size() > limit_bytes_) {
        std::rename(path_.c_str(), (path_ + ".1").c_str());
        open();
    }
    if (!file_) return;
    size_bytes_ += text.size();
    while (!text.empty()) {
        const auto written = ::write(file_.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

bool FunctionLog::claim(const void* who) {
    const std::lock_guard lock{mutex_};
    if (claimed_by_ == nullptr) claimed_by_ = who;
    return claimed_by_ == who;
}

void FunctionLog::release(const void* who) {
    const std::lock_guard lock{mutex_};
    if (claimed_by_ == who) claimed_by_ = nullptr;
}

FunctionOutput::FunctionOutput(std::shared_ptr<FunctionLog> log, FileDescriptor pipe)
    : log_{std::move(log)}, pipe_{std::move(pipe)} {
    fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
}

FunctionOutput::~FunctionOutput() {
    flush();
    log_->release(this);
}

void FunctionOutput::begin(std::string_view request_id) {
    const std::lock_guard lock{mutex_};
    drain_locked();  // what initialising printed stands before START
    flush();
    tail_.clear();
    request_id_ = request_id;
    add("START RequestId: " + request_id_ + " Version: $LATEST\n");
}

bool FunctionOutput::drain() {
    const std::lock_guard lock{mutex_};
    return drain_locked();
}

std::string FunctionOutput::end(std::string_view report) {
    const std::lock_guard lock{mutex_};
    if (request_id_.empty()) return {};
    drain_locked();
    if (!tail_.empty() && tail_.back() != '\n') add("\n");
    add("END RequestId: " + request_id_ + "\nREPORT RequestId: " + request_id_ + "\t" + std::string{report} + "\n");
    request_id_.clear();
    flush();
    log_->release(this);
    return std::exchange(tail_, {});
}

bool FunctionOutput::drain_locked() {
    std::array<char, block_bytes> block;  // NOLINT: filled by read
    for (int i = 0; i < blocks_a_drain; ++i) {
        const auto got = ::read(pipe_.get(), block.data(), block.size());
        if (got == 0) return false;
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        add({block.data(), static_cast<std::size_t>(got)});
    }
    return true;
}

void FunctionOutput::add(std::string_view text) {
    tail_.append(text.substr(text.size() - std::min(text.size(), log_tail_bytes)));
    if (tail_.size() > log_tail_bytes) tail_.erase(0, tail_.size() - log_tail_bytes);
    held_ += text;
    if (request_id_.empty() || held_.size() > held_limit_bytes || log_->claim(this)) flush();
}

void FunctionOutput::flush() {
    if (!held_.empty()) log_->write(held_);
    held_.clear();
}

}  // namespace pawl
