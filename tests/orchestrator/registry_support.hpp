// A registry with all it needs, on a memory store, that can be made anew on the same store: as a restart would.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "function_support.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/functions/registry/event_queue.hpp"
#include "orchestrator/functions/registry/function_invoker.hpp"
#include "orchestrator/functions/registry/function_registry.hpp"
#include "persistence/journal.hpp"
#include "persistence/memory_store.hpp"
#include "zip_support.hpp"

namespace pawl::test {

class RegistryWorld {
  public:
    explicit RegistryWorld(std::vector<FunctionConfig> given = {}) : given_{std::move(given)} { start(); }

    void start(EventQueue::Settings events = {.pace = 0.0002}) {
        stop();
        parts_ = std::make_unique<Parts>(store, clock, given_, folder_.path("code"), events);
    }
    void stop() { parts_.reset(); }

    FunctionRegistry& registry() { return parts_->registry; }
    FunctionPool& pool() { return parts_->pool; }
    FunctionInvoker& invoker() { return parts_->invoker; }
    EventQueue& events() { return parts_->events; }
    std::string code_folder() const { return folder_.path("code"); }

    static CodeSource code(const std::string& text = "print(1)") { return {zip_of({{"app.py", text}}), {}, {}}; }
    static CreateFunction request(const std::string& name, const std::string& text = "print(1)") {
        CreateFunction request;
        request.name = name;
        request.settings =
            Json{{"Runtime", "python3.11"}, {"Handler", "app.handler"}, {"Role", "arn:aws:iam::1:role/r"}};
        request.code = code(text);
        return request;
    }
    // What `create` says: "" for success.
    std::string create(const std::string& name, const std::string& text = "print(1)") {
        return said(registry().create(request(name, text)));
    }

    template <class T>
    static std::string said(const ApiResult<T>& result) {
        return result ? "" : result.error().type + ": " + result.error().message;
    }

    MemoryStore store;
    SystemClock clock;

  private:
    struct Parts {
        Parts(Store& store, const Clock& clock, const std::vector<FunctionConfig>& given, const std::string& folder,
              EventQueue::Settings settings)
            : journal{store},
              pool{given, {}},
              registry{store, journal, pool, clock, given, {.code_folder = folder}},
              invoker{registry, pool},
              events{store, journal, registry, invoker, clock, settings} {
            events.start();
        }
        Journal journal;
        FunctionPool pool;
        FunctionRegistry registry;
        FunctionInvoker invoker;
        EventQueue events;
    };

    TemporaryFolder folder_;
    std::vector<FunctionConfig> given_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pawl::test
