// What a Map Run iterates over, one item after the other: the state's own data, or what an ItemReader reads from
// buckets. Sources that read buckets hold one item at a time, however long the data are.
// Spec: AWS Step Functions developer guide, "ItemReader (Map)".
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "orchestrator/map_runs/buckets.hpp"
#include "states/payload.hpp"
#include "states/result.hpp"

namespace pawl {

// A longer item is refused: AWS reads items of up to 8 MB, for an ItemSelector to shrink.
inline constexpr std::size_t max_item_bytes = 8U << 20U;

struct Item {
    Payload value;                   // of an object's member: {"Key": …, "Value": …}
    std::optional<std::string> key;  // of an object's member
    // "s3://bucket/key"; of a list of objects "s3://bucket"; empty: the state's own data.
    std::string source;
};

class ItemSource {
  public:
    virtual ~ItemSource() = default;
    // Nothing: the end. An error is a States.ItemReaderFailed, and the end as well.
    virtual Result<std::optional<Item>> next() = 0;
};

// The elements of an array, the members of an object; nothing else has items.
std::unique_ptr<ItemSource> state_items(Payload array_or_object);

struct ReaderRequest {
    std::string resource;  // "arn:aws:states:::s3:getObject" or "…:s3:listObjectsV2"
    Json config;           // ReaderConfig as written, MaxItems evaluated to a number or absent
    Json arguments;        // evaluated Parameters or Arguments: Bucket, Key, Prefix, VersionId
};

// `buckets` must live as long as the source. What cannot be read at all is an error here or at the first `next`.
Result<std::unique_ptr<ItemSource>> read_items(const ReaderRequest& request, const Buckets& buckets);

// All that one object of this text gives, as ReaderConfig says: an array of items, or the object whose members are the
// items.
Result<Json> all_items(const Json& config, std::string text);

}  // namespace pawl
