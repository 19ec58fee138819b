// Folders that stand for S3 buckets: each sub-folder of one folder is a bucket, the files below it are its objects, and
// their keys are their relative paths. Nothing outside a bucket's folder is read or written through it, also not by way
// of symbolic links. Safe from several threads.
// Spec: Amazon S3 API, GetObject, PutObject, ListObjectsV2 and their errors.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/map_runs/byte_source.hpp"
#include "states/time.hpp"

namespace pawl {

// An object as ListObjectsV2 shows it.
struct ObjectInfo {
    std::string key;
    std::int64_t size_bytes = 0;
    Instant last_modified;
    // In double quotes. Made of the object's place, size and time: it changes with the object, but is no MD5 of it.
    std::string etag;
    std::string storage_class = "STANDARD";
};

// The objects of a bucket in the order of their keys' bytes. Holds no more than one folder's names at each depth.
class ObjectList {
  public:
    virtual ~ObjectList() = default;
    virtual S3Result<std::optional<ObjectInfo>> next() = 0;  // nothing: the end
};

// An object that comes into being: all of it with `finish`, or none of it.
class ObjectWriter {
  public:
    virtual ~ObjectWriter() = default;
    virtual std::optional<S3Error> write(std::string_view bytes) = 0;
    // On disk and under its name when it returns nothing; takes the place of an object that has the key already.
    virtual std::optional<S3Error> finish() = 0;
};

class Buckets {
  public:
    Buckets() = default;                             // there are none
    explicit Buckets(std::filesystem::path folder);  // an existing one

    bool has(std::string_view bucket) const { return bool{folder_of(bucket)}; }
    S3Result<std::unique_ptr<ByteSource>> get(std::string_view bucket, std::string_view key) const;
    S3Result<std::unique_ptr<ObjectWriter>> put(std::string_view bucket, std::string_view key) const;
    S3Result<std::unique_ptr<ObjectList>> list(std::string_view bucket, std::string_view prefix) const;

  private:
    S3Result<std::filesystem::path> folder_of(std::string_view bucket) const;

    std::filesystem::path folder_;  // canonical; empty: there are no buckets
};

}  // namespace pawl
