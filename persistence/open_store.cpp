// The stores that an address can name.
#include "persistence/memory_store.hpp"
#include "persistence/sqlite/sqlite_store.hpp"
#include "persistence/store.hpp"

namespace pawl {

std::unique_ptr<Store> open_store(const std::string& address) {
    constexpr std::string_view sqlite = "sqlite:";
    if (address == "memory:") return std::make_unique<MemoryStore>();
    if (address.starts_with(sqlite) && address.size() > sqlite.size()) {
        return std::make_unique<sqlite::SqliteStore>(address.substr(sqlite.size()));
    }
    throw StoreError{"no store is called \"" + address + "\": use sqlite:FILE, or memory: to keep nothing"};
}

}  // namespace pawl
