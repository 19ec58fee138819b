// What the Step Functions service adds to JSONata. Integer arguments are truncated.
// Spec: AWS Step Functions Developer Guide, "Transforming data with JSONata", "JSONata functions provided by …".
#include <openssl/evp.h>

#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

// Beyond it the list that the service collects the items in would grow past its limit on memory.
constexpr double largest_range = 360'145;
constexpr std::string_view hex_digits = "0123456789abcdef";

// What no code of its own stands for, in the service's words.
Fault refused(std::string message) { return Fault{"D3137"}.with("message", Json(std::move(message))); }

// An argument that the signature lets be absent and the function does not.
Fault absent(int index) { return Fault{"T0410"}.with("index", Json(index)); }

Value partition(Call& call) {
    if (!call.has(0)) return {};
    // As a check of the elements' types would say it.
    if (!call[0].is_array()) throw Fault{"T0412"}.showing("value", call[0]).with("index", Json(1));
    const std::size_t size = call[0].size();
    const double chunk = call.has(1) ? std::trunc(call[1].as_number()) : static_cast<double>(size);
    if (chunk < 0) throw refused("Second argument must be zero or greater");
    if (size == 0 || !(chunk >= 1)) return {};
    const std::size_t step = chunk < 1e12 ? static_cast<std::size_t>(chunk) : size;
    auto result = make_array(call.heap);
    for (std::size_t begin = 0; begin < size; begin += step) {
        auto part = make_array(call.heap);
        for (std::size_t i = begin; i < std::min(size, begin + step); ++i) {
            call.budget().burn();
            part->push(call[0].at(i));
        }
        result->push(as_value(std::move(part)));
    }
    return as_value(std::move(result));
}

Value range(Call& call) {
    if (!call.has(0)) throw absent(1);
    if (!call.has(1)) throw absent(2);
    const double first = std::trunc(call[0].as_number());
    const double last = std::trunc(call[1].as_number());
    const double step = call.has(2) ? std::trunc(call[2].as_number()) : 0;
    const double size = step == 0 ? 0 : std::floor((last - first) / step) + 1;
    if (!(size >= 1)) return {};
    if (size > largest_range) Budget::out_of_memory();
    auto result = make_sequence(call.heap);
    result->reserve(static_cast<std::size_t>(size));
    for (double i = 0; i < size; ++i) {
        call.budget().burn();
        result->push(Value::number(first + i * step));
    }
    return as_value(std::move(result));
}

const EVP_MD* digest_named(std::string_view name) {
    if (name == "MD5") return EVP_md5();
    if (name == "SHA-1") return EVP_sha1();
    if (name == "SHA-256") return EVP_sha256();
    if (name == "SHA-384") return EVP_sha384();
    if (name == "SHA-512") return EVP_sha512();
    return nullptr;
}

Value hash(Call& call) {
    if (!call.has(0)) throw absent(1);
    if (!call.has(1)) return {};
    const std::string name{call[1].as_string()};
    const EVP_MD* const digest = digest_named(name);
    if (!digest) throw refused("Hash algorithm '" + name + "' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5");
    const std::string_view data = call[0].as_string();
    call.budget().burn_text(data.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), bytes.data(), &size, digest, nullptr) != 1) {
        throw refused("Hash algorithm '" + name + "' is not available");
    }
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += hex_digits[bytes[i] >> 4];
        text += hex_digits[bytes[i] & 15];
    }
    return make_text(call.heap, std::move(text));
}

Value uuid(Call& call) {  // version 4
    std::uint64_t high = call.evaluator.random_bits();
    std::uint64_t low = call.evaluator.random_bits();
    high = (high & ~std::uint64_t{0xF000}) | 0x4000;
    low = (low & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
    std::string text;
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
        const std::uint64_t half = i < 16 ? high : low;
        text += hex_digits[(half >> (60 - 4 * (i % 16))) & 15];
    }
    return make_text(call.heap, std::move(text));
}

// The members that a JSON text writes: its colons outside of strings.
std::size_t members_written(std::string_view text) {
    std::size_t colons = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (in_string && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && text[i] == ':') {
            ++colons;
        }
    }
    return colons;
}

// The members of a value at any depth: fewer than were written when an object had a key twice.
std::size_t members_kept(const Json& value) {
    if (!value.is_structured()) return 0;
    std::size_t members = value.is_object() ? value.size() : 0;
    for (const Json& part : value) members += members_kept(part);
    return members;
}

Value parse(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    call.budget().burn(1 + text.size() / 4);
    call.budget().allocate(text.size() * 4);  // until the evaluation ends
    auto parsed = parse_json(text);
    if (!parsed || members_kept(*parsed) != members_written(text)) throw refused("Invalid JSON");
    return call.evaluator.keep(*std::move(parsed));
}

constexpr std::array functions{
    Builtin{"partition", "<x?n?:x>", 2, partition, Part::aws},
    Builtin{"range", "<nnn?:x>", 3, range, Part::aws},
    Builtin{"hash", "<ss?:s>", 2, hash, Part::aws},
    Builtin{"uuid", "<:s>", 0, uuid, Part::aws},
    Builtin{"parse", "<s-:x>", 1, parse, Part::aws},
};

}  // namespace

std::span<const Builtin> aws_functions() { return functions; }

}  // namespace pawl::jsonata
