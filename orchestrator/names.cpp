#include "orchestrator/names.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace pawl {
namespace {

using Bytes = std::array<unsigned char, 16>;

Bytes random_bytes() {
    // One call of the generator serves many names: it costs more than a whole decision.
    thread_local std::array<unsigned char, 1024> pool;
    thread_local std::size_t used = pool.size();
    if (used + sizeof(Bytes) > pool.size()) {
        if (RAND_bytes(pool.data(), static_cast<int>(pool.size())) != 1) throw std::runtime_error{"no random numbers"};
        used = 0;
    }
    Bytes bytes;
    std::memcpy(bytes.data(), pool.data() + used, bytes.size());
    used += bytes.size();
    return bytes;
}

std::string uuid_text(Bytes bytes, unsigned char version) {
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | (version << 4));
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex[bytes[i] >> 4];
        text += hex[bytes[i] & 0xf];
    }
    return text;
}

}  // namespace

std::string ArnSpace::state_machine(std::string_view name) const {
    return "arn:aws:states:" + region + ":" + account + ":stateMachine:" + std::string{name};
}

std::string ArnSpace::test_execution(std::string_view machine, std::string_view name) const {
    return "arn:aws:states:" + region + ":" + account + ":express:" + std::string{machine} + ":" + std::string{name};
}

std::string ArnSpace::activity(std::string_view name) const {
    return "arn:aws:states:" + region + ":" + account + ":activity:" + std::string{name};
}

std::string ArnSpace::execution(std::string_view machine, std::string_view name) const {
    return "arn:aws:states:" + region + ":" + account + ":execution:" + std::string{machine} + ":" + std::string{name};
}

std::string ArnSpace::express(std::string_view machine, std::string_view name, std::string_view uuid) const {
    return test_execution(machine, name) + ":" + std::string{uuid};
}

QualifiedArn split_machine_arn(std::string_view arn) {
    constexpr std::string_view mark = ":stateMachine:";
    const auto at = arn.find(mark);
    if (at == std::string_view::npos) return {std::string{arn}, {}};
    const auto colon = arn.find(':', at + mark.size());
    if (colon == std::string_view::npos) return {std::string{arn}, {}};
    return {std::string{arn.substr(0, colon)}, std::string{arn.substr(colon + 1)}};
}

std::string qualified_arn(std::string_view machine_arn, std::string_view qualifier) {
    return std::string{machine_arn} + ":" + std::string{qualifier};
}

std::optional<std::int64_t> version_number(std::string_view qualifier) {
    if (qualifier.starts_with('0')) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(qualifier.data(), qualifier.data() + qualifier.size(), number);
    if (error != std::errc{} || end != qualifier.data() + qualifier.size() || number < 1) return std::nullopt;
    return number;
}

namespace {

// The resource's type in an execution's ARN, with its colons.
constexpr std::string_view standard_mark = ":execution:";
constexpr std::string_view express_mark = ":express:";

std::size_t find_mark(std::string_view execution_arn) {
    return std::min(execution_arn.find(standard_mark), execution_arn.find(express_mark));
}

}  // namespace

bool is_express(std::string_view execution_arn) {
    const auto at = find_mark(execution_arn);
    return at != std::string_view::npos && execution_arn.substr(at).starts_with(express_mark);
}

std::string machine_name_of(std::string_view execution_arn) {
    const auto at = find_mark(execution_arn);
    if (at == std::string_view::npos) return {};
    const auto rest = execution_arn.substr(execution_arn.find(':', at + 1) + 1);
    return std::string{rest.substr(0, rest.find(':'))};
}

std::string machine_arn_of(std::string_view execution_arn) {
    return std::string{execution_arn.substr(0, find_mark(execution_arn))} +
           ":stateMachine:" + machine_name_of(execution_arn);
}

std::string execution_arn_of(std::string_view machine_arn, std::string_view name) {
    constexpr std::string_view mark = ":stateMachine:";
    const auto at = std::min(machine_arn.find(mark), machine_arn.size());
    const auto machine = machine_arn.substr(std::min(at + mark.size(), machine_arn.size()));
    return std::string{machine_arn.substr(0, at)} + std::string{standard_mark} + std::string{machine} + ":" +
           std::string{name};
}

std::string new_execution_name(Instant now) {
    auto bytes = random_bytes();
    const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(millis >> (40 - 8 * i));
    return uuid_text(bytes, 7);
}

std::string execution_name_for(std::string_view retry_key) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    SHA256(reinterpret_cast<const unsigned char*>(retry_key.data()), retry_key.size(), digest.data());
    Bytes bytes;
    std::memcpy(bytes.data(), digest.data(), bytes.size());
    return uuid_text(bytes, 8);
}

std::string new_uuid() { return uuid_text(random_bytes(), 4); }

std::uint64_t new_seed() {
    const auto bytes = random_bytes();
    std::uint64_t seed;
    std::memcpy(&seed, bytes.data(), sizeof seed);
    return seed;
}

}  // namespace pawl
