#include "orchestrator/map_runs/item_source.hpp"
namespace pawl {
namespace {
class StateItems final : public ItemSource {
  public:
    explicit StateItems(Payload items) : items_{std::move(items)} {}
    Result<std::optional<Item>> next() override {
        const auto& json = items_.json();
        if (next_ >= json.size()) return std::optional<Item>{};
        const auto i = next_++;
        if (json.is_array()) return std::optional{Item{Payload::from_json(json[i]), {}, {}}};
        const auto& [key, value] = *(json.get_ref<const Json::object_t&>().begin() + static_cast<std::ptrdiff_t>(i));
        return std::optional{Item{Payload::from_json({{"Key", key}, {"Value", value}}), key, {}}};
    }

  private:
    Payload items_;
    std::size_t next_ = 0;
};
}  // namespace
std::unique_ptr<ItemSource> state_items(Payload items) { return std::make_unique<StateItems>(std::move(items)); }
Result<std::unique_ptr<ItemSource>> read_items(const ReaderRequest&, const Buckets&) {
    return AslError{"States.ItemReaderFailed", "none"};
}
}  // namespace pawl
