// Where time comes from: a parameter everywhere, so tests turn it by hand.
#pragma once
#include <atomic>
#include <cstdint>

#include "states/time.hpp"

namespace pawl {

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;  // from any thread; never goes back
};

class SystemClock final : public Clock {
  public:
    Instant now() const override;
};

class ManualClock final : public Clock {
  public:
    explicit ManualClock(Instant start) : now_{start.time_since_epoch().count()} {}
    Instant now() const override { return Instant{Millis{now_.load()}}; }
    void advance(Millis by) { now_ += by.count(); }

  private:
    std::atomic<std::int64_t> now_;
};

}  // namespace pawl
