// The rows of a text delimited file as items: objects whose keys are the headers, whose values are all strings.
#include <set>

#include "orchestrator/map_runs/csv_reader.hpp"
#include "orchestrator/map_runs/reading.hpp"

namespace pawl::reading {
namespace {

constexpr std::size_t max_header_bytes = 10'240;  // AWS's: 10 KiB

class CsvItems final : public ItemSource {
  public:
    CsvItems(std::unique_ptr<ByteSource> bytes, CsvFormat format, std::string source)
        : rows_{std::move(bytes), format.delimiter}, headers_{std::move(format.headers)}, source_{std::move(source)} {}

    Result<std::optional<Item>> next() override {
        if (!checked_) {
            checked_ = true;
            if (auto wrong = check_headers()) return *std::move(wrong);
        }
        auto row = rows_.next();
        if (!row) {
            if (const auto* error = rows_.error()) return failed(*error);
            return std::optional<Item>{};
        }
        Json value = Json::object();
        for (std::size_t i = 0; i < headers_->size(); ++i) {
            value[(*headers_)[i]] = i < row->size() ? std::move((*row)[i]) : std::string{};
        }
        return std::optional{Item{Payload::from_text(to_text(value)), {}, source_}};
    }

  private:
    std::optional<AslError> check_headers() {
        if (!headers_) headers_ = rows_.next();
        if (const auto* error = rows_.error()) return failed(*error);
        if (!headers_) headers_.emplace();  // an empty file
        std::set<std::string_view> names;
        std::size_t bytes = 0;
        for (const auto& header : *headers_) {
            if (!names.insert(header).second) return failed("CSV headers cannot contain duplicates.");
            bytes += header.size() + 1;
        }
        if (bytes > max_header_bytes + 1) return failed("CSV headers cannot be longer than 10 KiB.");
        return std::nullopt;
    }

    CsvReader rows_;
    std::optional<std::vector<std::string>> headers_;
    const std::string source_;
    bool checked_ = false;
};

}  // namespace

std::unique_ptr<ItemSource> csv_items(std::unique_ptr<ByteSource> bytes, CsvFormat format, std::string source) {
    return std::make_unique<CsvItems>(std::move(bytes), std::move(format), std::move(source));
}

}  // namespace pawl::reading
