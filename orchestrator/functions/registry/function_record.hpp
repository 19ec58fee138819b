// What is known about a function, as plain data, and the stored pieces of it.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/registry/code_store.hpp"
#include "persistence/rows.hpp"
#include "states/json.hpp"
#include "states/time.hpp"

namespace pawl {

inline constexpr std::int64_t latest_version = 0;  // what "$LATEST" counts as

// $LATEST, or a published version, which never changes.
struct FunctionVersion {
    std::int64_t number = latest_version;
    Json settings =
        empty_object();  // members of the API that callers choose, with defaults: Runtime, Handler, Timeout…
    FunctionCode code;
    std::string revision_id;
    Instant modified;
    // Of a published one: what $LATEST's description was. Nothing: it was published before this was kept.
    std::optional<std::string> latest_description = {};
};

struct FunctionAlias {
    std::string name;
    std::string description;
    std::int64_t version = latest_version;
    std::map<std::int64_t, double> weights;  // of further versions, from 0 to 1; the rest goes to `version`
    std::string revision_id;
};

struct FunctionRecord {
    std::string name;
    // Set: a file (functions.json, SAM, CDK) says what it is; then `versions` is empty.
    std::shared_ptr<const FunctionConfig> given;
    std::map<std::int64_t, FunctionVersion> versions;  // $LATEST among them
    std::int64_t last_version = 0;                     // numbers are never given again
    std::map<std::string, FunctionAlias> aliases;
    Json tags = empty_object();
    std::optional<std::int64_t> reserved_concurrency;
    // By qualifier ("" for the function itself and its $LATEST, a version, an alias), as the API shows them but for
    // what depends on who asks.
    std::map<std::string, Json> urls, event_configs, policies;
};

// "$LATEST" or the number.
std::string version_text(std::int64_t version);
std::optional<std::int64_t> parse_version(std::string_view text);

// By the row's `part`; functions without a row are not there.
std::map<std::string, std::string> parts_of(const FunctionRecord& function);
// What stays of a function that is deleted: the number of its last version, since numbers are never given again.
std::map<std::string, std::string> remains_of(const FunctionRecord& function);
// Adds a stored piece. False: it can't be read.
bool add_part(FunctionRecord& function, const FunctionRow& row);

}  // namespace pawl
