#include "states/jsonata/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <mutex>

#include "states/jsonata/document.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

// A match is first tried with few backtracking steps. One that needs more gets many, and pays for them in fuel.
constexpr std::uint32_t few_steps = 5'000;
constexpr std::uint32_t many_steps = 200'000;
constexpr std::uint32_t heap_limit_kib = 8 * 1024;
constexpr std::uint32_t nesting_limit = 10'000;
constexpr std::uint64_t fuel_of_many_steps = many_steps / 8;

template <auto free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        free(pointer);
    }
};
using CodePtr = std::unique_ptr<pcre2_code, Freed<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Freed<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Freed<pcre2_compile_context_free>>;

Fault wrong_pattern(std::string_view pattern, std::string_view reason) {
    return Fault{"S0303"}.with("value", Json(std::string{pattern})).with("reason", Json(std::string{reason}));
}

MatchContext match_context(std::uint32_t steps) {
    MatchContext context{pcre2_match_context_create(nullptr)};
    pcre2_set_match_limit(context.get(), steps);
    pcre2_set_heap_limit(context.get(), heap_limit_kib);
    pcre2_set_depth_limit(context.get(), nesting_limit);
    return context;
}

}  // namespace

namespace {

CodePtr compiled(const std::string& pattern, std::uint32_t options, std::string_view source) {
    options |= PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
               PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES;
    const CompileContext context{pcre2_compile_context_create(nullptr)};
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_parens_nest_limit(context.get(), 100);
    int error = 0;
    std::size_t offset = 0;
    CodePtr code{pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &offset,
                               context.get())};
    if (code) return code;
    PCRE2_UCHAR reason[160];
    pcre2_get_error_message(error, reason, sizeof reason);
    throw wrong_pattern(source, reinterpret_cast<const char*>(reason));
}

}  // namespace

// Told that a text may not be UTF-8, PCRE2 looks at all of it in every search, so that is left to the texts that are
// not.
class Regex::Code {
  public:
    Code(std::string pattern, std::uint32_t options, std::string_view source)
        : pattern_{std::move(pattern)}, options_{options}, code_{compiled(pattern_, options, source)} {}
    const pcre2_code* of(const RegexSubject& subject) const {
        if (subject.is_utf8()) return code_.get();
        std::call_once(wanted_, [&] { tolerant_ = compiled(pattern_, options_ | PCRE2_MATCH_INVALID_UTF, pattern_); });
        return tolerant_.get();
    }

  private:
    const std::string pattern_;
    const std::uint32_t options_;
    const CodePtr code_;
    mutable std::once_flag wanted_;
    mutable CodePtr tolerant_;
};

Regex::Regex(std::string source, std::unique_ptr<Code> code) : source_{std::move(source)}, code_{std::move(code)} {}
Regex::~Regex() = default;

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, bool ignore_case, bool multiline) {
    auto translated = to_pcre2(pattern);
    if (!translated) throw wrong_pattern(pattern, "not a JavaScript regular expression");
    const std::uint32_t options = (ignore_case ? PCRE2_CASELESS : 0) | (multiline ? PCRE2_MULTILINE : 0);
    return std::shared_ptr<const Regex>{
        new Regex{std::string{pattern}, std::make_unique<Code>(*std::move(translated), options, pattern)}};
}

RegexSubject::RegexSubject(std::string_view text) : text_{text}, is_utf8_{Document::is_utf8(text)} {}

std::optional<RegexMatch> Regex::search(const RegexSubject& subject, std::size_t from, Budget& budget) const {
    static const MatchContext few = match_context(few_steps);
    static const MatchContext many = match_context(many_steps);
    const std::string_view text = subject.text();
    const pcre2_code* const code = code_->of(subject);
    const MatchData data{pcre2_match_data_create_from_pattern(code, nullptr)};
    const auto attempt = [&](const MatchContext& limits) {
        return pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                           subject.is_utf8() ? PCRE2_NO_UTF_CHECK : 0, data.get(), limits.get());
    };
    budget.burn(10);
    if (!subject.is_utf8()) budget.burn((text.size() - from) / 32);  // PCRE2 looks at all that follows
    int found = attempt(few);
    if (found == PCRE2_ERROR_MATCHLIMIT) {
        budget.burn(fuel_of_many_steps);
        found = attempt(many);
    }
    const std::size_t reached = found > 0 ? pcre2_get_ovector_pointer(data.get())[0] : text.size();
    budget.burn_text(reached - std::min(from, reached));
    if (found == PCRE2_ERROR_NOMATCH) return std::nullopt;
    if (found < 0) throw limit_exceeded("A regular expression needs too many steps");
    const std::size_t* const offsets = pcre2_get_ovector_pointer(data.get());
    RegexMatch match{offsets[0], std::max(offsets[0], offsets[1]), {}};
    const std::uint32_t groups = pcre2_get_ovector_count(data.get());
    for (std::uint32_t i = 1; i < groups; ++i) {
        const std::size_t begin = offsets[2 * i];
        if (begin == PCRE2_UNSET) {
            match.groups.emplace_back(std::nullopt);
        } else {
            match.groups.emplace_back(text.substr(begin, offsets[2 * i + 1] - begin));
        }
    }
    return match;
}

}  // namespace pawl::jsonata
