#include "orchestrator/functions/registry/function_registry.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/names.hpp"
#include "persistence/store.hpp"

namespace pawl {
namespace {

constexpr Millis longest_invocation = std::chrono::minutes{16};  // Lambda's longest time-out, and a moment

// What is set for a function of a file is stored under a name that no function can have.
constexpr std::string_view given_prefix = "file/";

// As many at once as the pool has processes for all functions together, unless less is reserved.
constexpr std::size_t unreserved_concurrency = 64;
constexpr std::int64_t default_timeout_seconds = 3;

std::string row_name(const FunctionRecord& function) {
    return (function.given ? std::string{given_prefix} : std::string{}) + function.name;
}

std::string pool_name(std::string_view function, std::int64_t version) {
    return std::string{function} + (version == latest_version ? "" : ":" + std::to_string(version));
}

// From 0 to 1, without 1.
double random_share() { return static_cast<double>(new_seed() >> 11U) * 0x1.0p-53; }

std::int64_t choose_version(const FunctionAlias& alias) {
    double left = random_share();
    for (const auto& [version, weight] : alias.weights) {
        if (left < weight) return version;
        left -= weight;
    }
    return alias.version;
}

}  // namespace

const FunctionVersion* FunctionView::stored() const {
    const auto found = function->versions.find(version);
    return found == function->versions.end() ? nullptr : &found->second;
}

FunctionRegistry::FunctionRegistry(Store& store, Journal& journal, FunctionPool& pool, const Clock& clock,
                                   std::vector<FunctionConfig> given, Settings settings)
    : store_{store},
      journal_{journal},
      pool_{pool},
      clock_{clock},
      settings_{std::move(settings)},
      code_{settings_.code_folder} {
    load(std::move(given));
}

void FunctionRegistry::load(std::vector<FunctionConfig> given) {
    std::map<std::string, FunctionRecord> read;
    for (auto& config : given) {
        const auto key = std::string{given_prefix} + config.name;
        read[key].given = std::make_shared<const FunctionConfig>(std::move(config));
    }
    bool all_read = true;
    for (const auto& row : store_.functions()) {
        // Of a function that its file does not name any more: kept for the day when it does again.
        if (row.name.starts_with(given_prefix) && !read.contains(row.name)) continue;
        if (add_part(read[row.name], row)) continue;
        all_read = false;
        std::fprintf(stderr, "pawl: a stored part of the function %s can't be read: %s\n", row.name.c_str(),
                     row.part.c_str());
    }
    std::set<std::string> used;
    for (auto& [key, record] : read) {
        for (const auto& [number, version] : record.versions) used.insert(version.code.id);
        const bool hidden = !record.given && read.contains(std::string{given_prefix} + key);
        if (hidden || (!record.given && !record.versions.contains(latest_version))) {
            for (const auto& [number, version] : record.versions) hidden_code_.insert(version.code.id);
            if (!hidden) last_numbers_[key] = record.last_version;
            continue;
        }
        record.name = record.given ? record.given->name : key;
        const auto function = std::make_shared<const FunctionRecord>(std::move(record));
        tell_pool(nullptr, function.get());
        functions_[function->name] = function;
    }
    if (all_read) code_.keep_only(used);  // what can't be read may need code that is not known
}

std::string FunctionRegistry::arn_of(std::string_view function, std::string_view qualifier) const {
    return "arn:aws:lambda:" + settings_.region + ":" + settings_.account + ":function:" + std::string{function} +
           (qualifier.empty() ? "" : ":" + std::string{qualifier});
}

bool FunctionRegistry::is_elsewhere(std::string_view function) const {
    constexpr std::string_view service = ":lambda:";
    const auto own = settings_.region + ":" + settings_.account + ":function:";
    if (function.starts_with("arn:")) {
        const auto at = function.find(service);
        return at == std::string_view::npos || !function.substr(at + service.size()).starts_with(own);
    }
    const auto at = function.find(":function:");
    return at != std::string_view::npos && function.substr(0, at) != settings_.account;
}

ApiError FunctionRegistry::not_found(std::string_view function, std::string_view qualifier) const {
    return {"ResourceNotFoundException", "Function not found: " + arn_of(function, qualifier)};
}

ApiResult<FunctionPtr> FunctionRegistry::find(std::string_view function) const {
    const std::shared_lock lock{state_};
    const auto found = functions_.find(function);
    if (found == functions_.end()) return not_found(function);
    return found->second;
}

std::vector<FunctionPtr> FunctionRegistry::list(std::string_view after, std::size_t limit) const {
    const std::shared_lock lock{state_};
    std::vector<FunctionPtr> found;
    for (auto next = functions_.upper_bound(after); next != functions_.end() && found.size() < limit; ++next) {
        found.push_back(next->second);
    }
    return found;
}

ApiResult<FunctionView> FunctionRegistry::view(const FunctionName& name) const {
    const auto function = find(name.name);
    if (!function) return not_found(name.name, name.qualifier);
    const auto& record = **function;
    FunctionView view{*function, latest_version, name.qualifier};
    if (name.qualifier.empty() || name.qualifier == "$LATEST") return view;
    if (const auto alias = record.aliases.find(name.qualifier); alias != record.aliases.end()) {
        view.version = alias->second.version;
        return view;
    }
    const auto number = parse_version(name.qualifier);
    if (!number || !record.versions.contains(*number)) return not_found(name.name, name.qualifier);
    view.version = *number;
    return view;
}

ApiResult<FunctionTarget> FunctionRegistry::resolve(const FunctionName& name) const {
    const auto function = find(name.name);
    if (!function) return not_found(name.name, name.qualifier);
    const auto& record = **function;
    FunctionTarget target{*function, latest_version, arn_of(name.name, name.qualifier), name.name};
    if (const auto alias = record.aliases.find(name.qualifier); alias != record.aliases.end()) {
        target.version = choose_version(alias->second);
    } else if (record.given) {
        // One program is behind all its versions and aliases: workflows come as they are from other places.
        target.version = parse_version(name.qualifier).value_or(latest_version);
        return target;
    } else if (!name.qualifier.empty()) {
        const auto number = parse_version(name.qualifier);
        if (!number || !record.versions.contains(*number)) return not_found(name.name, name.qualifier);
        target.version = *number;
    }
    if (!record.given) target.pool = pool_name(name.name, target.version);
    return target;
}

FunctionConfig FunctionRegistry::config_of(const FunctionRecord& function, const FunctionVersion& version) const {
    FunctionConfig config;
    config.name = pool_name(function.name, version.number);
    const auto& settings = version.settings;
    config.runtime = settings.value("Runtime", "");
    config.handler = settings.value("Handler", "");
    config.code_folder = code_.folder_of(version.code);
    config.working_directory = config.code_folder;
    config.hot_reload = !version.code.folder.empty();
    config.revision = version.code.id;
    config.timeout = std::chrono::seconds{settings.value("Timeout", default_timeout_seconds)};
    config.memory_megabytes = static_cast<std::size_t>(settings.value("MemorySize", std::int64_t{128}));
    config.max_concurrency = unreserved_concurrency;
    if (function.reserved_concurrency) {
        config.max_concurrency =
            std::min(config.max_concurrency, static_cast<std::size_t>(*function.reserved_concurrency));
    }
    if (const auto environment = settings.find("Environment"); environment != settings.end()) {
        const auto variables = environment->value("Variables", Json::object());
        for (const auto& [name, value] : variables.items()) config.environment[name] = value.get<std::string>();
    }
    return config;
}

void FunctionRegistry::tell_pool(const FunctionRecord* before, const FunctionRecord* after) {
    static const FunctionRecord nothing;
    const auto& old_record = before == nullptr ? nothing : *before;
    const auto& new_record = after == nullptr ? nothing : *after;
    for (const auto& [number, version] : old_record.versions) {
        if (!new_record.versions.contains(number)) pool_.remove(pool_name(old_record.name, number));
    }
    for (const auto& [number, version] : new_record.versions) {
        const auto was = old_record.versions.find(number);
        const bool same = was != old_record.versions.end() && was->second.code == version.code &&
                          was->second.settings == version.settings &&
                          old_record.reserved_concurrency == new_record.reserved_concurrency;
        if (!same) pool_.put(config_of(new_record, version));
    }
}

// Stores the difference, then shows it. `after` null: the function goes.
void FunctionRegistry::commit(const FunctionRecord* before, const FunctionPtr& after, std::string_view name) {
    const auto old_parts = before == nullptr ? std::map<std::string, std::string>{} : parts_of(*before);
    const auto new_parts = after == nullptr ? remains_of(*before) : parts_of(*after);
    const auto row = row_name(before == nullptr ? *after : *before);
    Changes changes;
    for (const auto& [part, document] : new_parts) {
        const auto old = old_parts.find(part);
        if (old == old_parts.end() || old->second != document) changes.push_back(PutFunction{{row, part, document}});
    }
    for (const auto& [part, document] : old_parts) {
        if (!new_parts.contains(part)) changes.push_back(RemoveFunction{row, part});
    }
    if (!changes.empty()) commit_and_wait(journal_, std::move(changes));
    if (after == nullptr) last_numbers_[std::string{name}] = before->last_version;
    tell_pool(before, after.get());  // first: who finds it may call it
    const std::unique_lock lock{state_};
    if (after == nullptr) {
        functions_.erase(functions_.find(name));
    } else {
        functions_.insert_or_assign(std::string{name}, after);
    }
}

// With the lock on changes. What runs there may still import: the code stays for as long as an invocation may take, and
// what is left by then goes at the next change, or the next start.
void FunctionRegistry::drop_unused_code(const FunctionRecord& before) {
    std::set<std::string> used = hidden_code_;
    for (const auto& function : list()) {
        for (const auto& [number, version] : function->versions) used.insert(version.code.id);
    }
    const auto now = clock_.now();
    for (const auto& [number, version] : before.versions) {
        if (!version.code.id.empty()) unused_code_.try_emplace(version.code.id, now);
    }
    std::erase_if(unused_code_, [&](const auto& unused) {
        if (used.contains(unused.first)) return true;
        if (now - unused.second < longest_invocation) return false;
        code_.remove(unused.first);
        return true;
    });
}

ApiResult<FunctionPtr> FunctionRegistry::change(std::string_view name, const Change& change) {
    const std::lock_guard lock{changes_};
    auto before = find(name);
    if (!before) return before;
    auto after = std::make_shared<FunctionRecord>(**before);
    if (auto error = change(*after)) return *std::move(error);
    commit(before->get(), after, name);
    return FunctionPtr{after};
}

std::int64_t FunctionRegistry::code_bytes() const {
    std::map<std::string, std::int64_t> sizes;
    for (const auto& function : list()) {
        for (const auto& [number, version] : function->versions) sizes[version.code.id] = version.code.size;
    }
    std::int64_t bytes = 0;
    for (const auto& [id, size] : sizes) bytes += size;
    return bytes;
}

}  // namespace pawl
