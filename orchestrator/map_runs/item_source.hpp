// Where a distributed Map's items come from, one at a time.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "states/payload.hpp"
#include "states/result.hpp"

namespace pawl {

class Buckets;

struct Item {
    Payload value;
    std::optional<std::string> key;  // of an object's member
    std::string source;              // "s3://bucket/key"; empty: the state's own data
};

class ItemSource {
  public:
    virtual ~ItemSource() = default;
    // Nothing: that was the last. Errors: States.ItemReaderFailed.
    virtual Result<std::optional<Item>> next() = 0;
};

// The items of an array; of an object its members, as {"Key", "Value"}.
std::unique_ptr<ItemSource> state_items(Payload items);

struct ReaderRequest {
    std::string resource;  // "arn:aws:states:::s3:getObject"
    Json config;           // ReaderConfig, MaxItems evaluated
    Json arguments;        // Bucket, Key, Prefix
};
Result<std::unique_ptr<ItemSource>> read_items(const ReaderRequest& request, const Buckets& buckets);

}  // namespace pawl
