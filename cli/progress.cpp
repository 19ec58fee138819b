#include "cli/progress.hpp"

#include <unistd.h>

#include "states/utf8.hpp"

namespace pawl::cli {
namespace {

constexpr std::size_t cause_limit = 160;  // characters of a cause on a progress line

std::string short_cause(const AslError& error) {
    auto text = error.name.value_or("an error without a name");
    if (error.cause && !error.cause->empty()) text += ": " + *error.cause;
    for (auto& c : text) {
        if (static_cast<unsigned char>(c) < ' ') c = ' ';  // also keeps escape sequences off the terminal
    }
    if (text.size() > cause_limit) text = text.substr(0, cut_before(text, cause_limit)) + "…";
    return text;
}

}  // namespace

std::string duration_text(Millis duration) {
    const auto ms = duration.count();
    if (ms < 1000) return std::to_string(ms) + " ms";
    if (ms < 60'000) return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
    if (ms < 3'600'000) return std::to_string(ms / 60'000) + " min " + std::to_string(ms % 60'000 / 1000) + " s";
    const auto minutes = ms / 60'000;
    if (minutes < 48 * 60) return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
    return std::to_string(minutes / 1440) + " d " + std::to_string(minutes % 1440 / 60) + " h";
}

Progress::Progress(std::FILE* out) : out_{out}, terminal_{isatty(fileno(out)) == 1} {}

Progress::~Progress() {
    erase_open();
    std::fflush(out_);
}

void Progress::show(const std::vector<RecordedEvent>& events) {
    erase_open();
    for (const auto& event : events) apply(event);
    if (!events.empty()) draw_open(events.back().at);
    std::fflush(out_);
}

void Progress::print(std::string_view function, std::string_view lines) {
    erase_open();
    const auto from = colored("2", std::string{function} + " |") + " ";
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        std::string text{lines.substr(0, end)};  // without what would end the line or begin it anew
        std::erase_if(text, [](char c) { return c == '\0' || c == '\r'; });
        line(from + text);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    std::fflush(out_);
}

void Progress::tick(Instant now) {
    if (!terminal_) return;
    erase_open();
    draw_open(now);
    std::fflush(out_);
}

void Progress::apply(const RecordedEvent& event) {
    std::visit(
        overloaded{
            [&](const StateEntered& e) { entered(event, e); },
            [&](const StateExited&) {
                const bool caught = open_.contains(event.frame) && open_[event.frame].failed;
                left(event, caught ? colored("33", "↷") : colored("32", "✓"), caught ? " caught" : "");
            },
            [&](const TaskScheduled&) { failed(event, false); },
            [&](const ParallelStateStarted&) { failed(event, false); },
            [&](const MapStateStarted&) { failed(event, false); },
            [&](const ParallelStateFailed&) { failed(event, true); },
            [&](const MapStateFailed&) { failed(event, true); },
            [&](const StateAborted&) { left(event, colored("33", "■"), " aborted"); },
            [&](const MapIterationStarted& e) { depths_[event.frame] = depths_[e.map] + 1; },
            [&](const TaskFailed& e) { trouble(event, e.error); },
            [&](const TaskTimedOut& e) { trouble(event, e.error); },
            [&](const ExecutionFailed& e) { line(colored("31", "✗ failed") + "  " + short_cause(e.error)); },
            [&](const ExecutionTimedOut& e) { line(colored("31", "✗ timed out") + "  " + short_cause(e.error)); },
            [&](const ExecutionAborted& e) { line(colored("33", "■ aborted") + "  " + short_cause(e.error)); },
            [](const auto&) {},
        },
        event.event);
}

void Progress::entered(const RecordedEvent& event, const StateEntered& state) {
    // A branch has no event of its own start; whatever frame appears beside another is drawn one deeper than it.
    const auto depth = depths_.contains(event.frame) ? depths_[event.frame] : event.frame == root_frame ? 0 : 1;
    depths_[event.frame] = depth;
    open_[event.frame] = {state.name, event.at, depth};
    if (!terminal_) line(std::string(static_cast<std::size_t>(depth) * 2, ' ') + "> " + state.name);
}

void Progress::left(const RecordedEvent& event, const std::string& mark, const std::string& note) {
    const auto found = open_.find(event.frame);
    if (found == open_.end()) return;
    const auto& open = found->second;
    line(std::string(static_cast<std::size_t>(open.depth) * 2, ' ') + mark + " " + open.name + note + "  " +
         colored("2", duration_text(event.at - open.entered)));
    open_.erase(found);
}

void Progress::failed(const RecordedEvent& event, bool now) {
    if (const auto found = open_.find(event.frame); found != open_.end()) found->second.failed = now;
}

void Progress::trouble(const RecordedEvent& event, const AslError& error) {
    failed(event, true);
    const auto found = open_.find(event.frame);
    const auto name = found == open_.end() ? std::string{} : found->second.name;
    line(std::string(static_cast<std::size_t>(depths_[event.frame]) * 2, ' ') + colored("31", "!") + " " + name + "  " +
         short_cause(error));
}

void Progress::line(const std::string& text) { std::fprintf(out_, "%s\n", text.c_str()); }

void Progress::erase_open() {
    if (drawn_ > 0) std::fprintf(out_, "\033[%zuA\033[J", drawn_);
    drawn_ = 0;
}

void Progress::draw_open(Instant now) {
    if (!terminal_) return;
    for (const auto& [frame, open] : open_) {
        if (drawn_ == 20) break;  // a Map may have forty at once; the screen has its end
        line(std::string(static_cast<std::size_t>(open.depth) * 2, ' ') + colored("36", "…") + " " + open.name + "  " +
             colored("2", duration_text(std::max(now - open.entered, Millis{0}))));
        ++drawn_;
    }
}

std::string Progress::colored(const char* color, const std::string& text) const {
    return terminal_ ? "\033[" + std::string{color} + "m" + text + "\033[0m" : text;
}

}  // namespace pawl::cli
