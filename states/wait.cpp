// Holds its frame for a time or until an instant, then passes the input on. Spec: states-language.net, "Wait State".
#include "states/error_names.hpp"
#include "states/states.hpp"
#include "states/whole_number.hpp"

namespace pawl {
namespace {

constexpr std::int64_t longest_wait_seconds = (std::int64_t{1} << 31) - 1;  // beyond it AWS refuses

// "$.input.waitSeconds == -1"
std::string shown(const data::JsonPath& path, const Json& value) {
    return path.text() + " == " + (value.is_string() ? value.get<std::string>() : to_text(value));
}

Result<std::int64_t> seconds_of(const asl::Wait& wait, Place& place, const Json& input) {
    if (const auto* seconds = wait.seconds.value()) return *seconds;
    if (const auto* query = wait.seconds.query()) return place.whole_number(*query, 0, asl::longest_seconds);
    const auto& path = *wait.seconds.path();
    const auto selected = path.select(place.scope(input));
    if (!selected) {
        return place.runtime_error("The SecondsPath parameter does not reference an input value: " + path.text());
    }
    const Json& value = **selected;
    if (!value.is_number_integer()) {
        return place.runtime_error("The SecondsPath parameter cannot be parsed as a long value: " + shown(path, value));
    }
    const auto seconds = whole_number_of(value);
    if (seconds < 0) {
        return place.runtime_error("The SecondsPath parameter references a negative value: " + shown(path, value));
    }
    return std::min<std::int64_t>(seconds, longest_wait_seconds + 1);
}

Result<Instant> timestamp_of(const asl::Wait& wait, Place& place, const Json& input) {
    if (const auto* text = wait.timestamp.value()) return parse_iso8601(*text).value_or(place.turn.now());
    if (const auto* query = wait.timestamp.query()) {
        const auto text = place.query(*query, data::Wanted::String);
        if (!text) return text.error();
        if (const auto instant = parse_iso8601(text->get_ref<const std::string&>())) return *instant;
        return place.evaluation_failed({query->location(),
                                        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time "
                                        "format string: " +
                                            text->get<std::string>()});
    }
    const auto& path = *wait.timestamp.path();
    const auto selected = path.select(place.scope(input));
    if (!selected) {
        return place.runtime_error("The TimestampPath parameter does not reference an input value: " + path.text());
    }
    const Json& value = **selected;
    const auto instant = value.is_string() ? parse_iso8601(value.get_ref<const std::string&>()) : std::nullopt;
    if (!instant) {
        return place.runtime_error(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format "
            "string: " +
            shown(path, value));
    }
    return *instant;
}

Result<Instant> end_of(const asl::Wait& wait, Place& place, const Json& input) {
    if (wait.timestamp.present()) return timestamp_of(wait, place, input);
    const auto seconds = seconds_of(wait, place, input);
    if (!seconds) return seconds.error();
    if (*seconds > longest_wait_seconds) return place.runtime_error("Wait state delay is too long.");
    return place.turn.now() + std::chrono::seconds{*seconds};
}

}  // namespace

Step enter(const asl::Wait& wait, Place& place) {
    const auto input = place.input_path();
    if (!input) return Raise{input.error()};
    const auto until = end_of(wait, place, input->json());
    if (!until) return Raise{until.error()};
    if (*until > place.turn.now() + std::chrono::seconds{longest_wait_seconds}) {
        return Raise{place.runtime_error("Wait state delay is too long.")};
    }
    if (*until <= place.turn.now()) return resume(wait, place);
    place.turn.record(place.frame, WaitScheduled{*until});
    return Suspend{};
}

Step resume(const asl::Wait&, Place& place) {
    const auto input = place.input_path();
    if (!input) return Raise{input.error()};
    return place.pass_on(*input, place.state.next, place.state.assign, place.state.output);
}

}  // namespace pawl
