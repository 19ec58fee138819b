#include "states/jsonata/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "states/jsonata/document.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

// PCRE2 limits the backtracking steps of each place where a match may begin, not those of a search. So a search is done
// in stretches: of many places as long as few steps will do at each, of fewer ones, that cost more, where they won't.
struct Effort {
    std::uint32_t steps;  // at each place
    std::size_t places;   // bytes of the text
    std::uint64_t price;  // of a place, in sixteenths of a unit of fuel
};
constexpr auto efforts = std::to_array<Effort>({{8, 4096, 4},
                                                {32, 1024, 128},
                                                {128, 256, 512},
                                                {512, 64, 2'048},
                                                {2'048, 16, 8'192},
                                                {8'192, 4, 32'768},
                                                {32'768, 1, 131'072},
                                                {200'000, 1, 1'600'000}});
constexpr std::uint32_t heap_limit_kib = 8 * 1024;
constexpr std::uint32_t nesting_limit = 10'000;

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

MatchContext match_context() {
    MatchContext context{pcre2_match_context_create(nullptr)};
    pcre2_set_heap_limit(context.get(), heap_limit_kib);
    pcre2_set_depth_limit(context.get(), nesting_limit);
    return context;
}

}  // namespace

namespace {

CodePtr compiled(const std::string& pattern, std::uint32_t options, std::string_view source) {
    options |= PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
               PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES | PCRE2_USE_OFFSET_LIMIT;
    const CompileContext context{pcre2_compile_context_create(nullptr)};
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);  // with others, a search steps over "\r\n" as one
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

// Most texts are UTF-8 with line feeds, where PCRE2 is quickest: its own `.` is one that it can optimise, and a text
// that may not be UTF-8 it looks at as a whole in every search. For other texts the pattern is compiled when one comes.
class Regex::Code {
  public:
    Code(std::string_view source, bool multiline, std::uint32_t options)
        : source_{source}, multiline_{multiline}, options_{options} {
        usual_ = made(LineEnds::line_feed, 0);
    }
    const pcre2_code* of(const RegexSubject& subject) const {
        if (subject.is_utf8() && subject.ends_lines_by_line_feed()) return usual_.get();
        if (subject.is_utf8()) {
            std::call_once(any_lines_wanted_, [&] { any_lines_ = made(LineEnds::all, 0); });
            return any_lines_.get();
        }
        std::call_once(tolerant_wanted_, [&] { tolerant_ = made(LineEnds::all, PCRE2_MATCH_INVALID_UTF); });
        return tolerant_.get();
    }

  private:
    CodePtr made(LineEnds ends, std::uint32_t more_options) const {
        const auto pattern = to_pcre2(source_, multiline_, ends);
        if (!pattern) throw wrong_pattern(source_, "not a JavaScript regular expression");
        return compiled(*pattern, options_ | more_options, source_);
    }

    const std::string source_;
    const bool multiline_;
    const std::uint32_t options_;
    CodePtr usual_;
    mutable std::once_flag any_lines_wanted_;
    mutable std::once_flag tolerant_wanted_;
    mutable CodePtr any_lines_;
    mutable CodePtr tolerant_;
};

Regex::Regex(std::string source, std::unique_ptr<Code> code) : source_{std::move(source)}, code_{std::move(code)} {}
Regex::~Regex() = default;

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, bool ignore_case, bool multiline) {
    return std::shared_ptr<const Regex>{
        new Regex{std::string{pattern}, std::make_unique<Code>(pattern, multiline, ignore_case ? PCRE2_CASELESS : 0)}};
}

RegexSubject::RegexSubject(std::string_view text)
    : text_{text},
      is_utf8_{Document::is_utf8(text)},
      line_feed_{text.find('\r') == std::string_view::npos && text.find("\u2028") == std::string_view::npos &&
                 text.find("\u2029") == std::string_view::npos} {}

std::optional<RegexMatch> Regex::search(const RegexSubject& subject, std::size_t from, Budget& budget) const {
    thread_local const MatchContext limits = match_context();
    const std::string_view text = subject.text();
    const pcre2_code* const code = code_->of(subject);
    const MatchData data{pcre2_match_data_create_from_pattern(code, nullptr)};
    const auto is_inside_a_character = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    budget.burn(10);
    if (!subject.is_utf8()) budget.burn((text.size() - from) / 32);  // PCRE2 looks at all that follows

    const Effort* effort = efforts.data();
    std::size_t places = effort->places;
    while (true) {
        std::size_t next = std::min(text.size(), from + places - 1) + 1;
        while (is_inside_a_character(next)) ++next;
        pcre2_set_offset_limit(limits.get(), next - 1);
        pcre2_set_match_limit(limits.get(), effort->steps);
        const int found = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                                      subject.is_utf8() ? PCRE2_NO_UTF_CHECK : 0, data.get(), limits.get());
        if (found == PCRE2_ERROR_MATCHLIMIT && effort != &efforts.back()) {
            budget.burn(effort->steps / 8);
            places = (++effort)->places;
            continue;
        }
        const std::size_t reached = found > 0 ? pcre2_get_ovector_pointer(data.get())[0] + 1 : next;
        budget.burn((reached - std::min(from, reached)) * effort->price / 16);
        if (found > 0) break;
        if (found != PCRE2_ERROR_NOMATCH) throw limit_exceeded("A regular expression needs too many steps");
        if (next > text.size()) return std::nullopt;
        from = next;
        // Of the next stretch less is expected. One that is easy already may be longer: each looks, to the text's end,
        // for a byte that a match has to begin with.
        places = effort == efforts.data() ? places * 2 : (--effort)->places;
    }
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
