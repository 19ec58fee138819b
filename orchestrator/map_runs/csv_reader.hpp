// Rows of delimited text, as Step Functions reads it.
// Spec: AWS Step Functions developer guide, "ItemReader (Map)", the rules on text delimited files:
// - Newlines end a row, the delimiter ends a field; inside double quotes both are text. A doubled quote is a quote.
// - A backslash makes text of a backslash, a quote or the delimiter that follows; before anything else it vanishes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/map_runs/byte_source.hpp"

namespace pawl::reading {

class CsvReader {
  public:
    CsvReader(std::unique_ptr<ByteSource> bytes, char delimiter);

    using Row = std::vector<std::string>;
    // Nothing: the end, or a failure that `error` then tells. An empty line is a row with one empty field.
    std::optional<Row> next();
    const S3Error* error() const { return too_long_ ? &*too_long_ : bytes_.error(); }

  private:
    // True when the field ended the row.
    bool field(std::string& text);
    void quoted(std::string& text);
    void escaped(std::string& text);
    void add(std::string& text, int byte);

    ByteReader bytes_;
    const char delimiter_;
    std::size_t row_bytes_ = 0;
    std::optional<S3Error> too_long_;
};

}  // namespace pawl::reading
