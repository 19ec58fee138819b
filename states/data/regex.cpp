#include "states/data/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace pawl::data {
namespace {

constexpr std::size_t max_pattern_bytes = 2'000;
constexpr std::uint32_t match_limit = 200'000;  // backtracking steps: about 10 ms
constexpr std::uint32_t heap_limit_kib = 4'096;

struct FreeCode {
    void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
};
struct FreeContext {
    void operator()(pcre2_match_context* context) const noexcept { pcre2_match_context_free(context); }
};
struct FreeMatch {
    void operator()(pcre2_match_data* match) const noexcept { pcre2_match_data_free(match); }
};

std::uint32_t option(char flag) {
    switch (flag) {
        case 'i':
            return PCRE2_CASELESS;
        case 'm':
            return PCRE2_MULTILINE;
        case 's':
            return PCRE2_DOTALL;
        case 'x':
            return PCRE2_EXTENDED;
        case 'u':
            return PCRE2_UCP;
        default:
            return 0;
    }
}

}  // namespace

struct Regex::Compiled {
    std::unique_ptr<pcre2_code, FreeCode> code;
};

Result<Regex, std::string> Regex::compile(std::string_view pattern, std::string_view flags) {
    if (pattern.size() > max_pattern_bytes) return std::string{"the regular expression is too long"};
    std::uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C;
    for (const char flag : flags) {
        if (std::string_view{"idmsux"}.find(flag) == std::string_view::npos) {
            return std::string{"unknown flag of a regular expression: "} + flag;
        }
        options |= option(flag);
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto* code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &offset, nullptr);
    if (code == nullptr) {
        PCRE2_UCHAR text[200];
        pcre2_get_error_message(error, text, sizeof text);
        return "bad regular expression: " + std::string{reinterpret_cast<const char*>(text)};
    }
    auto compiled = std::make_shared<Compiled>();
    compiled->code.reset(code);
    return Regex{std::move(compiled)};
}

bool Regex::matches(std::string_view subject) const {
    const std::unique_ptr<pcre2_match_context, FreeContext> limits{pcre2_match_context_create(nullptr)};
    pcre2_set_match_limit(limits.get(), match_limit);
    pcre2_set_heap_limit(limits.get(), heap_limit_kib);
    const std::unique_ptr<pcre2_match_data, FreeMatch> match{
        pcre2_match_data_create_from_pattern(compiled_->code.get(), nullptr)};
    return pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0,
                       match.get(), limits.get()) >= 0;
}

}  // namespace pawl::data
