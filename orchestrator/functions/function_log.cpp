#include "orchestrator/functions/function_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "orchestrator/functions/write_all.hpp"

namespace pawl {
namespace {

constexpr std::size_t held_limit_bytes = 256 * 1024;  // more of one invocation is written, among others' lines
constexpr int blocks_a_drain = 16;                    // 1 MB: then others get their turn
constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::string_view start_mark = "START RequestId: ";
constexpr std::string_view end_mark = "END RequestId: ";
constexpr std::string_view report_mark = "REPORT RequestId: ";

std::size_t size_of(const FileDescriptor& file) {
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return static_cast<std::size_t>(status.st_size);
}

// What follows the mark, to the first space, tab or line end.
std::string_view id_after(std::string_view mark, std::string_view line) {
    const auto rest = line.substr(mark.size());
    return rest.substr(0, rest.find_first_of(" \t\n"));
}

}  // namespace

bool ends_invocation(std::string_view line, std::string_view line_before, std::string_view request_id) {
    return line.starts_with(report_mark) && id_after(report_mark, line) == request_id &&
           line_before.starts_with(end_mark) && id_after(end_mark, line_before) == request_id;
}

FunctionLog::FunctionLog(std::string path, std::size_t limit_bytes)
    : path_{std::move(path)}, limit_bytes_{limit_bytes} {
    if (path_.empty()) return;
    old_file_ = FileDescriptor{::open((path_ + ".1").c_str(), O_RDONLY | O_CLOEXEC)};
    old_bytes_ = size_of(old_file_);
    base_ = old_bytes_;
    open();
}

void FunctionLog::open() {
    file_ = FileDescriptor{::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640)};
    size_bytes_ = size_of(file_);
    char last = '\n';
    if (size_bytes_ > 0 && ::pread(file_.get(), &last, 1, static_cast<off_t>(size_bytes_ - 1)) != 1) last = '\n';
    in_line_ = last != '\n';
}

void FunctionLog::rotate() {
    if (path_.empty()) {
        const auto surplus = memory_.size() / 2;
        memory_.erase(0, surplus);
        base_ += surplus;
        size_bytes_ = memory_.size();
        return;
    }
    base_ += size_bytes_;
    // Somebody may have removed it, and then it is made anew. Otherwise what can't be put aside is given up: it must
    // not grow, and what PATH.1 has is not what stood before what comes now.
    if (std::rename(path_.c_str(), (path_ + ".1").c_str()) != 0 && errno != ENOENT) {
        if (::ftruncate(file_.get(), 0) != 0) file_.reset();  // then it drops what it gets
        old_file_.reset();
        old_bytes_ = size_bytes_ = 0;
        in_line_ = false;
        return;
    }
    old_bytes_ = size_bytes_;
    old_file_ = std::move(file_);
    open();
    old_bytes_ = std::min(old_bytes_, size_of(old_file_));
}

void FunctionLog::write(std::string_view text) {
    if (text.empty()) return;
    const std::lock_guard lock{mutex_};
    if (in_line_ && text.starts_with(start_mark)) append("\n");
    append(text);
    in_line_ = text.back() != '\n';
}

// A log that can't be written (full disk, folder gone) is no reason to fail a function.
void FunctionLog::append(std::string_view text) {
    if (path_.empty()) {
        memory_ += text.substr(text.size() - std::min(text.size(), function_log_memory_bytes));
        size_bytes_ = memory_.size();
        while (memory_.size() > function_log_memory_bytes) rotate();
        return;
    }
    if (size_bytes_ > 0 && size_bytes_ + text.size() > limit_bytes_) rotate();
    if (file_) size_bytes_ += write_all(file_.get(), text);
}

std::string FunctionLog::read_locked(std::uint64_t position, std::size_t limit_bytes) const {
    std::string text;
    while (text.size() < limit_bytes && position < end()) {
        const bool is_old = position < base_;
        const auto from = is_old ? position - begin() : position - base_;
        const auto there = is_old ? base_ - position : end() - position;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(limit_bytes - text.size(), there));
        if (path_.empty()) return memory_.substr(static_cast<std::size_t>(from), wanted);
        const auto before = text.size();
        text.resize(before + wanted);
        const auto& file = is_old ? old_file_ : file_;
        const auto got = ::pread(file.get(), text.data() + before, wanted, static_cast<off_t>(from));
        text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got <= 0) break;
        position += static_cast<std::uint64_t>(got);
    }
    return text;
}

FunctionLog::Piece FunctionLog::read(std::uint64_t position, std::size_t limit_bytes) const {
    const std::lock_guard lock{mutex_};
    Piece piece;
    piece.begin = std::clamp(position, begin(), end());
    piece.text = read_locked(piece.begin, limit_bytes);
    piece.next = piece.begin + piece.text.size();
    return piece;
}

FunctionLog::Piece FunctionLog::tail(std::size_t limit_bytes) const {
    const std::lock_guard lock{mutex_};
    Piece piece;
    piece.begin = end() - std::min<std::uint64_t>(limit_bytes, end() - begin());
    piece.text = read_locked(piece.begin, limit_bytes);
    piece.next = piece.begin + piece.text.size();
    if (piece.begin == begin()) return piece;
    const auto line = piece.text.find('\n');  // the first one may have lost its beginning
    const auto cut = line == std::string::npos ? 0 : line + 1;
    piece.text.erase(0, cut);
    piece.begin += cut;
    return piece;
}

std::optional<std::string> FunctionLog::of(std::string_view request_id, std::size_t limit_bytes) const {
    const auto start = std::string{start_mark} + std::string{request_id} + " ";
    std::optional<std::string> found;
    std::string line, other;  // `other`: the id of an invocation in whose lines we are
    std::string before;       // the line before, if it is an END
    for (auto piece = read(0, block_bytes);; piece = read(piece.next, block_bytes)) {
        if (piece.text.empty()) return found;
        line += piece.text;
        std::size_t at = 0;
        for (auto end = line.find('\n'); end != std::string::npos; end = line.find('\n', at)) {
            const auto whole = std::string_view{line}.substr(at, end + 1 - at);
            at = end + 1;
            if (whole.starts_with(start)) {
                found = "";
            } else if (found && other.empty() && whole.starts_with(start_mark)) {
                other = id_after(start_mark, whole);
            }
            if (!found) continue;
            if (other.empty() && found->size() < limit_bytes) *found += whole;
            if (!other.empty() && ends_invocation(whole, before, other)) other.clear();
            if (ends_invocation(whole, before, request_id)) return found;
            before = whole.starts_with(end_mark) ? whole : std::string_view{};
        }
        line.erase(0, at);
        if (line.size() > block_bytes) line.clear();  // longer than any line that matters
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

FunctionOutput::FunctionOutput(std::shared_ptr<FunctionLog> log, FileDescriptor pipe, Listener listener)
    : log_{std::move(log)}, pipe_{std::move(pipe)}, listener_{std::move(listener)} {
    fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
}

FunctionOutput::~FunctionOutput() {
    tell_rest();
    flush();
    log_->release(this);
}

void FunctionOutput::show() {
    const std::lock_guard lock{mutex_};
    if (!std::exchange(starting_, false)) return;
    flush();
}

void FunctionOutput::begin(std::string_view request_id, std::string_view version) {
    const std::lock_guard lock{mutex_};
    drain_locked();  // what initialising printed stands before START
    starting_ = false;
    flush();
    tail_.clear();
    request_id_ = request_id;
    add(std::string{start_mark} + request_id_ + " Version: " + std::string{version} + "\n");
}

bool FunctionOutput::drain() {
    const std::lock_guard lock{mutex_};
    return drain_locked();
}

std::string FunctionOutput::end(std::string_view report, std::string_view last_lines) {
    const std::lock_guard lock{mutex_};
    if (request_id_.empty()) return {};
    drain_locked();
    return end_locked(report, last_lines);
}

std::string FunctionOutput::never_began(std::string_view request_id, std::string_view version, std::string_view report,
                                        std::string_view last_lines) {
    const std::lock_guard lock{mutex_};
    drain_locked();
    if (start_.empty()) start_ = std::exchange(tail_, {});
    const auto lines = std::exchange(starting_, false) ? std::exchange(held_, {}) : start_;
    tail_.clear();
    request_id_ = request_id;
    add(std::string{start_mark} + request_id_ + " Version: " + std::string{version} + "\n" + lines);
    return end_locked(report, last_lines);
}

std::string FunctionOutput::end_locked(std::string_view report, std::string_view last_lines) {
    tell_rest();
    if (!tail_.empty() && tail_.back() != '\n') add("\n");
    add(last_lines);
    add(std::string{end_mark} + request_id_ + "\n" + std::string{report_mark} + request_id_ + "\t" +
        std::string{report} + "\n");
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
        const std::string_view text{block.data(), static_cast<std::size_t>(got)};
        tell(text);
        add(text);
    }
    return true;
}

void FunctionOutput::tell(std::string_view text) {
    if (!listener_) return;
    untold_ += text;
    const auto end = untold_.size() > block_bytes ? untold_.size() : untold_.rfind('\n') + 1;  // npos + 1 is 0
    if (end == 0) return;
    listener_(std::string_view{untold_}.substr(0, end));
    untold_.erase(0, end);
}

// Nothing more comes to a line that the process or its invocation has left without an end.
void FunctionOutput::tell_rest() {
    if (!untold_.empty()) listener_(untold_);
    untold_.clear();
}

void FunctionOutput::add(std::string_view text) {
    tail_.append(text.substr(text.size() - std::min(text.size(), log_tail_bytes)));
    if (tail_.size() > log_tail_bytes) tail_.erase(0, tail_.size() - log_tail_bytes);
    held_ += text;
    if (held_.size() > held_limit_bytes) return flush();
    if (!starting_ && (request_id_.empty() || log_->claim(this))) flush();
}

void FunctionOutput::flush() {
    if (!held_.empty()) log_->write(held_);
    held_.clear();
}

}  // namespace pawl
