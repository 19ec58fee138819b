// The objects of a bucket: as items of their own (ListObjectsV2), or as the places that items are read from.
#include "orchestrator/map_runs/reading.hpp"

namespace pawl::reading {
namespace {

// Seconds since the epoch as AWS writes them into items: a Java double, "1.789180622E9".
std::string java_seconds(Instant instant) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
    auto digits = std::to_string(seconds);
    if (digits.size() < 8 || digits.front() == '-') return digits + ".0";
    const auto exponent = digits.size() - 1;
    digits.erase(std::max<std::size_t>(digits.find_last_not_of('0') + 1, 1));
    if (digits.size() == 1) digits += '0';
    return digits.insert(1, 1, '.') + "E" + std::to_string(exponent);
}

class ObjectListItems final : public ItemSource {
  public:
    ObjectListItems(std::unique_ptr<ObjectList> list, const std::string& bucket)
        : list_{std::move(list)}, source_{"s3://" + bucket} {}

    Result<std::optional<Item>> next() override {
        auto object = list_->next();
        if (!object) return failed(object.error());
        if (!*object) return std::optional<Item>{};
        const auto& info = **object;
        auto text = "{\"Etag\":" + to_text(info.etag) + ",\"Key\":" + to_text(info.key) +
                    ",\"LastModified\":" + java_seconds(info.last_modified) +
                    ",\"Size\":" + std::to_string(info.size_bytes) +
                    ",\"StorageClass\":" + to_text(info.storage_class) + "}";
        return std::optional{Item{Payload::from_text(std::move(text)), {}, source_}};
    }

  private:
    std::unique_ptr<ObjectList> list_;
    const std::string source_;
};

class ListedPlaces final : public PlaceSource {
  public:
    ListedPlaces(std::unique_ptr<ObjectList> list, std::string bucket)
        : list_{std::move(list)}, bucket_{std::move(bucket)} {}

    Result<std::optional<Place>> next() override {
        auto object = list_->next();
        if (!object) return failed(object.error());
        if (!*object) return std::optional<Place>{};
        return std::optional{Place{bucket_, (**object).key}};
    }

  private:
    std::unique_ptr<ObjectList> list_;
    const std::string bucket_;
};

class ItemsOfPlaces final : public ItemSource {
  public:
    ItemsOfPlaces(std::unique_ptr<PlaceSource> places, ReadPlace read)
        : places_{std::move(places)}, read_{std::move(read)} {}

    Result<std::optional<Item>> next() override {
        while (true) {
            if (items_) {
                auto item = items_->next();
                if (!item || *item) return item;
                items_.reset();
            }
            auto place = places_->next();
            if (!place) return place.error();
            if (!*place) return std::optional<Item>{};
            auto items = read_(**place);
            if (!items) return items.error();
            items_ = *std::move(items);
        }
    }

  private:
    std::unique_ptr<PlaceSource> places_;
    const ReadPlace read_;
    std::unique_ptr<ItemSource> items_;  // of the place that is being read
};

}  // namespace

std::unique_ptr<ItemSource> object_list_items(std::unique_ptr<ObjectList> list, const std::string& bucket) {
    return std::make_unique<ObjectListItems>(std::move(list), bucket);
}

std::unique_ptr<PlaceSource> listed_places(std::unique_ptr<ObjectList> list, std::string bucket) {
    return std::make_unique<ListedPlaces>(std::move(list), std::move(bucket));
}

std::unique_ptr<ItemSource> items_of_places(std::unique_ptr<PlaceSource> places, ReadPlace read) {
    return std::make_unique<ItemsOfPlaces>(std::move(places), std::move(read));
}

}  // namespace pawl::reading
