// The functions there are: those of files and those made through the API, with versions, aliases and what else is set
// for them. Kept in the store, their code beside it; every change is durable when a call returns, and known to the
// pool. Safe from any thread. What the API's members may hold has been checked for type and range by the caller. Spec:
// AWS Lambda API Reference; AWS Lambda Developer Guide, "Versions", "Aliases", "Reserved concurrency".
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/api_error.hpp"
#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/registry/function_record.hpp"

namespace pawl {

class Buckets;
class Clock;
class Journal;
class Store;

// Where code comes from: an archive, or an object of a bucket; in the bucket "hot-reload" the key is an absolute path.
struct CodeSource {
    std::optional<std::string> zip;
    std::string bucket, key;
};

struct CreateFunction {
    std::string name;
    Json settings;  // as FunctionVersion has them, without defaults
    CodeSource code;
    Json tags = empty_object();
    bool publish = false;
};

struct UpdateFunctionCode {
    FunctionName function;
    CodeSource code;
    std::optional<std::string> revision_id;
    Json settings = empty_object();  // Architectures
    bool publish = false;
    bool dry_run = false;
};

struct PublishFunction {
    std::string name;
    std::optional<std::string> description, revision_id, code_sha256;
};

struct AliasChange {  // what is absent stays, or has its default in a new alias
    std::string function, name;
    std::optional<std::string> version, description, revision_id;
    std::optional<Json> weights;  // version -> weight
};

using FunctionPtr = std::shared_ptr<const FunctionRecord>;

// One version of a function as it is now.
struct FunctionView {
    FunctionPtr function;
    std::int64_t version = latest_version;
    std::string qualifier;  // as it was asked for; may be empty
    // Null when a file says what it is.
    const FunctionVersion* stored() const;
};

// Where an invocation goes.
struct FunctionTarget {
    FunctionPtr function;
    std::int64_t version = latest_version;
    std::string arn;   // as invoked: with the qualifier that was given
    std::string pool;  // its name there
};

class FunctionRegistry {
  public:
    struct Settings {
        std::string region = "us-east-1";
        std::string account = "000000000000";
        std::filesystem::path code_folder;  // empty: a temporary one
        const Buckets* buckets = nullptr;   // outlives the registry
    };
    // All outlive the registry. `given`: what files say; a stored function of such a name is hidden until it is gone.
    FunctionRegistry(Store& store, Journal& journal, FunctionPool& pool, const Clock& clock,
                     std::vector<FunctionConfig> given, Settings settings);

    std::string arn_of(std::string_view function, std::string_view qualifier = {}) const;
    // Whether a name in one of its forms says a region or an account that is not this one.
    bool is_elsewhere(std::string_view function) const;
    // ResourceNotFoundException unless it is there.
    ApiResult<FunctionPtr> find(std::string_view function) const;
    ApiResult<FunctionView> view(const FunctionName& function) const;
    std::vector<FunctionPtr> list(std::string_view after = {}, std::size_t limit = SIZE_MAX) const;  // by name
    // Aliases with weights choose anew each time.
    ApiResult<FunctionTarget> resolve(const FunctionName& function) const;

    ApiResult<FunctionView> create(CreateFunction request);
    ApiResult<FunctionView> update_code(UpdateFunctionCode request);
    ApiResult<FunctionView> update_configuration(const FunctionName& function, const Json& settings,
                                                 const std::optional<std::string>& revision_id);
    ApiResult<Done> remove(const FunctionName& function);
    ApiResult<FunctionView> publish(const PublishFunction& request);

    ApiResult<FunctionAlias> create_alias(const AliasChange& request);
    ApiResult<FunctionAlias> update_alias(const AliasChange& request);
    ApiResult<FunctionAlias> alias(std::string_view function, std::string_view name) const;
    ApiResult<Done> remove_alias(std::string_view function, std::string_view name);

    ApiResult<Done> set_reserved_concurrency(std::string_view function, std::optional<std::int64_t> reserved);
    ApiResult<Done> set_tags(std::string_view function, const Json& added, const std::vector<std::string>& removed);

    // URL configurations, those of event invocations, and policies, by qualifier. `change` gets the one there is, or
    // null, and gives the new one, or null for none.
    enum class Extra { Url, EventInvoke, Policy };
    ApiResult<Json> change_extra(Extra which, const FunctionName& function,
                                 const std::function<ApiResult<Json>(const Json& present)>& change);
    ApiResult<Json> extra(Extra which, const FunctionName& function) const;  // ResourceNotFoundException when none

    std::int64_t code_bytes() const;  // of all archives that are kept
    std::filesystem::path archive_of(std::string_view code_id) const { return code_.archive_of(code_id); }

  private:
    using Change = std::function<std::optional<ApiError>(FunctionRecord& function)>;

    // What a request brings: unpacked, unless it lies in a folder of the user's own.
    struct NewCode {
        FunctionCode code;
        std::optional<CodeDraft> draft;
    };
    ApiResult<NewCode> fetch_code(const CodeSource& source);
    FunctionCode keep_code(NewCode code);
    ApiResult<FunctionPtr> change(std::string_view function, const Change& change);
    void commit(const FunctionRecord* before, const FunctionPtr& after, std::string_view name);
    void tell_pool(const FunctionRecord* before, const FunctionRecord* after);
    void drop_unused_code(const FunctionRecord& before);
    FunctionConfig config_of(const FunctionRecord& function, const FunctionVersion& version) const;
    void load(std::vector<FunctionConfig> given);
    ApiError not_found(std::string_view function, std::string_view qualifier = {}) const;
    ApiResult<std::int64_t> publish_into(FunctionRecord& function, const std::optional<std::string>& description);
    std::optional<ApiError> check_qualifier(const FunctionRecord& function, const std::string& qualifier) const;

    Store& store_;
    Journal& journal_;
    FunctionPool& pool_;
    const Clock& clock_;
    const Settings settings_;
    CodeStore code_;

    std::mutex changes_;               // one change at a time: it is decided, stored and told to the pool
    mutable std::shared_mutex state_;  // for the pointers below alone
    std::map<std::string, FunctionPtr, std::less<>> functions_;
    std::map<std::string, Instant> unused_code_;        // by id: since when
    std::set<std::string> hidden_code_;                 // of stored functions that a file has taken the name of
    std::map<std::string, std::int64_t> last_numbers_;  // of versions, by the name of a function that is gone
};

}  // namespace pawl
