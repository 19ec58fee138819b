// Regular expressions as JavaScript writes them, run by PCRE2 within limits. A Regex is immutable and shared.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/budget.hpp"

namespace pawl::jsonata {

// What is searched: looked at once, however many matches it has. The text is borrowed.
class RegexSubject {
  public:
    explicit RegexSubject(std::string_view text);
    std::string_view text() const { return text_; }
    bool is_utf8() const { return is_utf8_; }                    // else half surrogate pairs stand in it
    bool ends_lines_by_line_feed() const { return line_feed_; }  // or not at all

  private:
    std::string_view text_;
    bool is_utf8_;
    bool line_feed_;
};

struct RegexMatch {
    std::size_t start;  // in bytes
    std::size_t end;
    std::vector<std::optional<std::string_view>> groups;  // of the subject; absent when a group took no part
};

class Regex {
  public:
    // Throws a Fault: S0303 (ours; the reference leaves it to JavaScript's SyntaxError) for a pattern that is wrong.
    static std::shared_ptr<const Regex> compile(std::string_view pattern, bool ignore_case, bool multiline);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    const std::string& source() const { return source_; }
    // The first match at or after byte `from`. Burns fuel; throws U1001 when the pattern backtracks without end.
    std::optional<RegexMatch> search(const RegexSubject& subject, std::size_t from, Budget& budget) const;

  private:
    class Code;
    Regex(std::string source, std::unique_ptr<Code> code);

    std::string source_;
    std::unique_ptr<Code> code_;
};

// The ends of lines that a subject may have: those of JavaScript, or the only one that PCRE2's `.` is told of.
enum class LineEnds : std::uint8_t { all, line_feed };

// The pattern in PCRE2's dialect; nullopt when JavaScript would refuse it for a reason PCRE2 would not see.
std::optional<std::string> to_pcre2(std::string_view pattern, bool multiline, LineEnds ends);

}  // namespace pawl::jsonata
