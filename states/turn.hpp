// One call of decide, while it runs: every event it records goes through evolve at once, so what it reads is always
// what a replay would see.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "states/decide.hpp"
#include "states/entropy.hpp"

namespace pawl {

// Thrown when the history has room for nothing but the execution's end; decide catches it.
struct HistoryFull {};

class Turn {
  public:
    Turn(const asl::Definition& definition, Execution& execution, const Stimulus& stimulus,
         const Surroundings& surroundings)
        : definition_{definition},
          execution_{execution},
          surroundings_{surroundings},
          now_{stimulus.now},
          random_{stimulus.seed} {}

    const asl::Definition& definition() const { return definition_; }
    const Execution& execution() const { return execution_; }
    const Surroundings& surroundings() const { return surroundings_; }
    const Limits& limits() const { return surroundings_.limits; }
    Instant now() const { return now_; }
    SeededRandom& random() { return random_; }

    // Records and applies. `previous` is the event that it follows; by default the frame's last one.
    void record(FrameId frame, Event event, std::optional<std::int64_t> previous = std::nullopt);
    void ask(Effect effect) { decision_.effects.push_back(std::move(effect)); }
    void refuse() { decision_.accepted = false; }
    void leave_the_rest() { decision_.more = true; }
    bool long_enough() const { return decision_.events.size() >= decision_events_limit; }
    Decision take() { return std::move(decision_); }

    const Visit& visit(FrameId frame) const;
    const asl::State& state(const Visit& visit) const;
    // The block of states that a frame walks through.
    const asl::States& block(FrameId frame) const;
    // The id that the next shown event gets.
    std::int64_t next_event() const { return execution_.last_event + 1; }

  private:
    const asl::Definition& definition_;
    Execution& execution_;
    const Surroundings& surroundings_;
    Instant now_;
    SeededRandom random_;
    Decision decision_;
};

}  // namespace pawl
