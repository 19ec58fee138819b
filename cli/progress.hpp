// Shows an execution's states as they are entered and left: live on a terminal, plain lines elsewhere.
#pragma once
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "states/event.hpp"

namespace pawl::cli {

class Progress {
  public:
    // Writes to `out`; redraws lines when that is a terminal.
    explicit Progress(std::FILE* out);
    ~Progress();  // leaves no half-drawn line
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(const std::vector<RecordedEvent>& events);
    void print(std::string_view function, std::string_view lines);  // what a function said
    void tick(Instant now);  // on a terminal: the states that are open, and for how long

  private:
    struct Open {
        std::string name;
        Instant entered;
        int depth = 0;
        bool failed = false;  // what it did last; leaving the state then means that a Catcher took over
    };

    void apply(const RecordedEvent& event);
    void entered(const RecordedEvent& event, const StateEntered& state);
    void left(const RecordedEvent& event, const std::string& mark, const std::string& note);
    void failed(const RecordedEvent& event, bool now);
    void trouble(const RecordedEvent& event, const AslError& error);
    void line(const std::string& text);
    void erase_open();
    void draw_open(Instant now);
    std::string colored(const char* color, const std::string& text) const;

    std::FILE* out_;
    const bool terminal_;
    std::map<FrameId, Open> open_;
    std::map<FrameId, int> depths_;
    std::size_t drawn_ = 0;  // lines below the finished ones
};

// "12 ms", "3.4 s", "2 min 5 s", "3 h 20 min", "4 d 7 h"
std::string duration_text(Millis duration);

}  // namespace pawl::cli
