// JSON as text: what an evaluation gives back, and strings in quotes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "states/jsonata/made.hpp"
#include "states/jsonata/text_builder.hpp"

namespace pawl::jsonata {

// What becomes of half a surrogate pair: "\ud800" as JSON.stringify has it, or U+FFFD.
enum class LoneSurrogates : std::uint8_t { escaped, replaced };

void append_quoted(TextBuilder& text, std::string_view raw, LoneSurrogates lone);

// The value as JSON text, in the words of export.hpp's exported(), without making a Json on the way. Over what `text`
// held; false for undefined.
bool export_text(const Value& value, std::string& text, Budget& budget, NonFinite non_finite);

}  // namespace pawl::jsonata
