// What the Step Functions service adds to JSONata. Integer arguments are rounded down.
// Spec: AWS Step Functions Developer Guide, "Transforming data with JSONata", "JSONata functions provided by …".
#include <openssl/evp.h>

#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

constexpr double largest_range = 1e7;  // as the range operator's
constexpr std::string_view hex_digits = "0123456789abcdef";

Fault invalid(std::string_view function, int index, std::string_view message) {
    return Fault{"D3150"}
        .with("functionName", Json(std::string{function}))
        .with("index", Json(index))
        .with("message", Json(std::string{message}));
}

Value partition(Call& call) {
    if (!call.has(0)) return {};
    const double chunk = call.has(1) ? std::floor(call[1].as_number()) : 0;
    if (!(chunk >= 1)) throw invalid("partition", 2, "the chunk size must be at least 1");
    const std::size_t size = call[0].size();
    const std::size_t step = chunk < 1e12 ? static_cast<std::size_t>(chunk) : size + 1;
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
    if (!call.has(0) || !call.has(1)) return {};
    const double first = std::floor(call[0].as_number());
    const double last = std::floor(call[1].as_number());
    const double step = call.has(2) ? std::floor(call[2].as_number()) : 1;
    if (!std::isfinite(first) || !std::isfinite(last)) throw invalid("range", 1, "the range must be finite");
    if (step == 0 || !std::isfinite(step)) throw invalid("range", 3, "the step must not be 0");
    const double size = std::floor((last - first) / step) + 1;
    if (size > largest_range) throw Fault{"D2014"}.with("value", Json(size));
    auto result = make_array(call.heap);
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
    if (!call.has(0)) return {};
    const EVP_MD* const digest = digest_named(call[1].is_string() ? call[1].as_string() : "");
    if (!digest) throw invalid("hash", 2, "the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
    const std::string_view data = call[0].as_string();
    call.budget().burn_text(data.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), bytes.data(), &size, digest, nullptr) != 1) {
        throw invalid("hash", 2, "the algorithm is not available");
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

Value parse(Call& call) {
    if (!call.has(0)) return {};
    const std::string_view text = call[0].as_string();
    call.budget().burn(1 + text.size() / 4);
    call.budget().allocate(text.size() * 4);  // until the evaluation ends
    auto parsed = parse_json(text);
    if (!parsed) throw invalid("parse", 1, "not JSON: " + parsed.error().message);
    return call.evaluator.keep(*std::move(parsed));
}

constexpr std::array functions{
    Builtin{"partition", "<an:a<a>>", 2, partition, Part::aws},
    Builtin{"range", "<nnn?:a<n>>", 3, range, Part::aws},
    Builtin{"hash", "<s-s:s>", 2, hash, Part::aws},
    Builtin{"uuid", "<:s>", 0, uuid, Part::aws},
    Builtin{"parse", "<s-:x>", 1, parse, Part::aws},
};

}  // namespace

std::span<const Builtin> aws_functions() { return functions; }

}  // namespace pawl::jsonata
