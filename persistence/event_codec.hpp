// A batch of events as bytes, and back. A short tagged header an event, then its fields; every text is stored once a
// batch: a payload that states pass on untouched costs a byte where it comes again.
//
//   batch  = version(1 byte) count event*
//   event  = tag(1 byte: index in Event | flags) [id] previous at [frame] field*
//   text   = 0 length bytes   a new one; the n-th of the batch is from then on called n
//          | n                the n-th, again
// Numbers are varints (7 bits a byte, low bits first); signed ones, and differences to the event before, zigzag.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "states/event.hpp"

namespace pawl {

std::string encode_events(std::span<const RecordedEvent> events);

// StoreError when the bytes are no such batch: damaged, or of a format that this version does not know.
// Payloads that were stored once share their memory again.
std::vector<RecordedEvent> decode_events(std::string_view bytes);

}  // namespace pawl
