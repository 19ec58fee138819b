// The suite that every Store passes, whatever it is made of. Its tests lie in store_conformance_*test.cpp.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "persistence/store.hpp"
#include "tests/persistence/temp_folder.hpp"

namespace pawl::store_conformance {

struct StoreKind {
    std::string name;
    std::function<std::string(const TempFolder&)> address;
    bool durable;  // opening the address again finds what was stored
};

class StoreConformance : public testing::TestWithParam<StoreKind> {
  protected:
    void commit(Changes changes) { store->commit(std::vector<Changes>{std::move(changes)}); }

    // Closes and opens a store that keeps its data; leaves others alone. So every test sees both.
    void reopen() {
        if (!GetParam().durable) return;
        store.reset();
        store = open_store(GetParam().address(folder));
    }

    TempFolder folder;
    std::unique_ptr<Store> store = open_store(GetParam().address(folder));
};

inline std::vector<std::int64_t> numbers(const std::vector<ExecutionRow>& rows) {
    std::vector<std::int64_t> found;
    for (const auto& row : rows) found.push_back(row.number);
    return found;
}

inline std::vector<std::int64_t> ids(const std::vector<RecordedEvent>& events) {
    std::vector<std::int64_t> found;
    for (const auto& event : events) found.push_back(event.id);
    return found;
}

}  // namespace pawl::store_conformance
