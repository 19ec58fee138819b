#include "orchestrator/commit.hpp"

#include <future>
#include <memory>

namespace pawl {

void commit_and_wait(Journal& journal, Changes changes) {
    auto done = std::make_shared<std::promise<void>>();
    auto future = done->get_future();
    journal.submit({std::move(changes), [done] { done->set_value(); },
                    [done](const std::string& why) { done->set_exception(std::make_exception_ptr(StoreError{why})); }});
    future.get();
}

}  // namespace pawl
