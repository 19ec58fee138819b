#include "persistence/event_codec.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "persistence/store.hpp"
#include "states/assert.hpp"

namespace pawl {
namespace {

constexpr unsigned char format_version = 1;

// The tag's upper bits.
constexpr unsigned char not_shown = 0x80;   // the id is 0 and not stored
constexpr unsigned char same_frame = 0x40;  // as the event before
constexpr unsigned char index_mask = 0x3f;

// An event's index is its tag in every database out there. Append to Event, add its fields below, then count here.
static_assert(std::variant_size_v<Event> == 34);
static_assert(std::variant_size_v<Event> <= index_mask + 1);

template <class E>
constexpr std::uint8_t values_of = 0;  // how many an enumeration has; they are stored as one byte
template <>
constexpr std::uint8_t values_of<StateType> = 8;
template <>
constexpr std::uint8_t values_of<TaskFamily> = 4;
template <>
constexpr std::uint8_t values_of<TaskFailure> = 4;

// Differences wrap around, so that any two numbers have one.
constexpr std::int64_t minus(std::int64_t a, std::int64_t b) {
    return std::bit_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) {
    return std::bit_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

template <class T, class E>
concept Is = std::same_as<std::remove_const_t<T>, E>;
template <class T>
concept Fieldless = std::is_empty_v<T>;

// The fields of each event, in stored order; `io` writes or reads them: one list for both directions. Bindings, so that
// an event that gets another field does not compile until it is here.
constexpr overloaded fields{
    [](auto& io, Is<ExecutionStarted> auto& event) {
        auto& [input, role_arn, deadline] = event;
        io(input, role_arn, deadline);
    },
    [](auto& io, Is<ExecutionSucceeded> auto& event) {
        auto& [output] = event;
        io(output);
    },
    [](auto& io, Is<ExecutionFailed> auto& event) {
        auto& [error] = event;
        io(error);
    },
    [](auto& io, Is<ExecutionTimedOut> auto& event) {
        auto& [error] = event;
        io(error);
    },
    [](auto& io, Is<ExecutionAborted> auto& event) {
        auto& [error] = event;
        io(error);
    },
    [](auto& io, Is<StateEntered> auto& event) {
        auto& [type, name, input] = event;
        io(type, name, input);
    },
    [](auto& io, Is<StateExited> auto& event) {
        auto& [type, name, output, next, assigned] = event;
        io(type, name, output, next, assigned);
    },
    [](auto& io, Is<StateAborted> auto& event) {
        auto& [type] = event;
        io(type);
    },
    [](auto& io, Is<EvaluationFailed> auto& event) {
        auto& [state, location, error] = event;
        io(state, location, error);
    },
    [](auto& io, Is<WaitScheduled> auto& event) {
        auto& [until] = event;
        io(until);
    },
    [](auto& io, Is<RetryScheduled> auto& event) {
        auto& [retrier, due] = event;
        io(retrier, due);
    },
    [](auto& io, Is<TaskScheduled> auto& event) {
        auto& [family, resource, parameters, timeout, heartbeat, credentials] = event;
        io(family, resource, parameters, timeout, heartbeat, credentials);
    },
    [](auto& io, Is<TaskStarted> auto& event) {
        auto& [family, resource, worker] = event;
        io(family, resource, worker);
    },
    [](auto& io, Is<TaskSubmitted> auto& event) {
        auto& [resource, output] = event;
        io(resource, output);
    },
    [](auto& io, Is<TaskSucceeded> auto& event) {
        auto& [family, resource, output] = event;
        io(family, resource, output);
    },
    [](auto& io, Is<TaskFailed> auto& event) {
        auto& [family, failure, resource, error] = event;
        io(family, failure, resource, error);
    },
    [](auto& io, Is<TaskTimedOut> auto& event) {
        auto& [family, resource, error] = event;
        io(family, resource, error);
    },
    [](auto& io, Is<ParallelStateStarted> auto& event) {
        auto& [input, branches] = event;
        io(input, branches);
    },
    [](auto& io, Is<MapStateStarted> auto& event) {
        auto& [items, length, max_concurrency] = event;
        io(items, length, max_concurrency);
    },
    [](auto& io, Is<MapIterationStarted> auto& event) {
        auto& [map, name, index] = event;
        io(map, name, index);
    },
    [](auto& io, Is<MapIterationSucceeded> auto& event) {
        auto& [name, index] = event;
        io(name, index);
    },
    [](auto& io, Is<MapIterationFailed> auto& event) {
        auto& [name, index] = event;
        io(name, index);
    },
    [](auto& io, Is<MapIterationAborted> auto& event) {
        auto& [name, index] = event;
        io(name, index);
    },
    [](auto& io, Is<MapRunStarted> auto& event) {
        auto& [arn, plan] = event;
        io(arn, plan);
    },
    [](auto& io, Is<ExecutionRedriven> auto& event) {
        auto& [redrive_count, deadline, client_token] = event;
        io(redrive_count, deadline, client_token);
    },
    [](auto& io, Is<MapRunRedriven> auto& event) {
        auto& [arn, redrive_count] = event;
        io(arn, redrive_count);
    },
    [](auto& io, Is<MapRunFailed> auto& event) {
        auto& [error] = event;
        io(error);
    },
    [](auto&, Fieldless auto&) {},
};

// What the header of an event is a difference to.
struct Position {
    std::int64_t id = 0;  // of the last shown event
    std::int64_t at = 0;
    FrameId frame = root_frame;
};

class Writer {
  public:
    explicit Writer(std::size_t events) {
        bytes_.reserve(64 * events + 64);
        bytes_.push_back(static_cast<char>(format_version));
        number(events);
    }

    void event(const RecordedEvent& e) {
        const bool shown = e.id != 0;
        const bool stayed = e.frame == before_.frame;
        byte(static_cast<unsigned char>(e.event.index() | (shown ? 0U : not_shown) | (stayed ? same_frame : 0U)));
        if (shown) difference(e.id, std::exchange(before_.id, e.id));
        difference(before_.id, e.previous);
        const auto at = e.at.time_since_epoch().count();
        difference(at, std::exchange(before_.at, at));
        if (!stayed) difference(e.frame, std::exchange(before_.frame, e.frame));
        std::visit([this](const auto& alternative) { fields(*this, alternative); }, e.event);
    }

    template <class... Fields>
    void operator()(const Fields&... values) {
        (put(values), ...);
    }

    std::string take() { return std::move(bytes_); }

  private:
    void byte(unsigned char value) { bytes_.push_back(static_cast<char>(value)); }
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned char>(value | 0x80));
        byte(static_cast<unsigned char>(value));
    }
    void difference(std::int64_t a, std::int64_t b) { put(minus(a, b)); }

    void put(std::int64_t value) {  // zigzag: small negative numbers stay short
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void put(Instant value) { difference(value.time_since_epoch().count(), before_.at); }
    void put(std::chrono::seconds value) { put(std::int64_t{value.count()}); }
    template <class E>
    requires std::is_enum_v<E>
    void put(E value) {
        static_assert(values_of<E> > 0);
        PAWL_ASSERT(static_cast<std::uint8_t>(value) < values_of<E>, "what is written can be read");
        byte(static_cast<unsigned char>(value));
    }
    template <class T>
    void put(const std::optional<T>& value) {
        byte(value ? 1 : 0);
        if (value) put(*value);
    }
    void put(const AslError& error) { (*this)(error.name, error.cause); }
    void put(const Assigned& assigned) {
        number(assigned.size());
        for (const auto& [name, value] : assigned) (*this)(name, value);
    }
    void put(const std::string& value) { text(value); }
    void put(const Payload& payload) {
        // The text's address stands for the payload's identity: most repeats are found without looking at the text.
        if (const auto known = by_identity_.find(&payload.text()); known != by_identity_.end()) {
            number(known->second);
        } else {
            by_identity_.emplace(&payload.text(), text(payload.text()));
        }
    }

    // Writes a text, or the number of its like. Returns its number.
    std::uint64_t text(std::string_view value) {
        const auto [known, is_new] = by_text_.try_emplace(value, by_text_.size() + 1);
        number(is_new ? 0 : known->second);
        if (is_new) {
            number(value.size());
            bytes_.append(value);
        }
        return known->second;
    }

    std::string bytes_;
    Position before_;
    std::unordered_map<const std::string*, std::uint64_t> by_identity_;
    std::unordered_map<std::string_view, std::uint64_t> by_text_;  // views into the events
};

// Reads what Writer wrote. Believes nothing: every length is checked against what is left.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_{bytes}, left_{bytes} {
        if (const auto version = byte(); version != format_version) {
            fail("format " + std::to_string(version) + " is not known to this version of Pawl");
        }
    }

    std::vector<RecordedEvent> events() {
        const auto count = number();
        if (count > left_.size() / 3) fail("it ends too early");  // no event is shorter than its header
        std::vector<RecordedEvent> events;
        events.reserve(static_cast<std::size_t>(count));
        for (std::uint64_t i = 0; i < count; ++i) events.push_back(event());
        if (!left_.empty()) fail("bytes are left over");
        return events;
    }

    template <class... Fields>
    void operator()(Fields&... values) {
        (get(values), ...);
    }

  private:
    struct Text {
        std::string_view text;
        std::optional<Payload> payload;  // made when the first payload needs it
    };

    RecordedEvent event() {
        const auto tag = byte();
        RecordedEvent e;
        if ((tag & not_shown) == 0) {
            before_.id = plus(before_.id, integer());
            e.id = before_.id;
        }
        e.previous = minus(before_.id, integer());
        before_.at = plus(before_.at, integer());
        e.at = Instant{Millis{before_.at}};
        if ((tag & same_frame) == 0) before_.frame = plus(before_.frame, integer());
        e.frame = before_.frame;
        read_alternative(tag & index_mask, e.event, std::make_index_sequence<std::variant_size_v<Event>>{});
        return e;
    }

    template <std::size_t... Index>
    void read_alternative(std::size_t index, Event& out, std::index_sequence<Index...>) {
        static constexpr std::array<void (Reader::*)(Event&), sizeof...(Index)> readers{&Reader::read_as<Index>...};
        if (index >= readers.size()) fail("event " + std::to_string(index) + " is not known to this version of Pawl");
        (this->*readers[index])(out);
    }
    template <std::size_t Index>
    void read_as(Event& out) {
        std::variant_alternative_t<Index, Event> alternative{};
        fields(*this, alternative);
        out.emplace<Index>(std::move(alternative));
    }

    unsigned char byte() {
        if (left_.empty()) fail("it ends too early");
        const auto value = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return value;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint64_t next = byte();
            if (shift == 63 && next > 1) break;
            value |= (next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        fail("a number is too long");
    }
    std::int64_t integer() {
        const auto zigzag = number();
        return std::bit_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
    }

    void get(std::int64_t& value) { value = integer(); }
    void get(Instant& value) { value = Instant{Millis{plus(before_.at, integer())}}; }
    void get(std::chrono::seconds& value) { value = std::chrono::seconds{integer()}; }
    template <class E>
    requires std::is_enum_v<E>
    void get(E& value) {
        const auto stored = byte();
        if (stored >= values_of<E>) fail("a value is out of range");
        value = static_cast<E>(stored);
    }
    template <class T>
    void get(std::optional<T>& value) {
        const auto present = byte();
        if (present > 1) fail("a value is out of range");
        if (present == 1) get(value.emplace());
    }
    void get(AslError& error) { (*this)(error.name, error.cause); }
    void get(Assigned& assigned) {
        const auto count = number();
        if (count > left_.size() / 2) fail("it ends too early");  // a name and a value each
        assigned.resize(static_cast<std::size_t>(count));
        for (auto& [name, value] : assigned) (*this)(name, value);
    }
    void get(std::string& value) { value = text().text; }
    void get(Payload& value) {
        auto& source = text();
        if (!source.payload) source.payload = Payload::from_text(std::string{source.text});
        value = *source.payload;
    }

    Text& text() {
        const auto which = number();
        if (which > texts_.size()) fail("a text is missing");
        if (which > 0) return texts_[static_cast<std::size_t>(which - 1)];
        const auto length = number();
        if (length > left_.size()) fail("it ends too early");
        const auto size = static_cast<std::size_t>(length);
        texts_.push_back({left_.substr(0, size), std::nullopt});
        left_.remove_prefix(size);
        return texts_.back();
    }

    [[noreturn]] void fail(const std::string& why) const {
        throw DamagedError{"stored events are damaged at byte " + std::to_string(bytes_.size() - left_.size()) +
                           " of " + std::to_string(bytes_.size()) + ": " + why};
    }

    std::string_view bytes_;
    std::string_view left_;
    Position before_;
    std::vector<Text> texts_;
};

}  // namespace

std::string encode_events(std::span<const RecordedEvent> events) {
    Writer writer{events.size()};
    for (const auto& event : events) writer.event(event);
    return writer.take();
}

std::vector<RecordedEvent> decode_events(std::string_view bytes) { return Reader{bytes}.events(); }

}  // namespace pawl
