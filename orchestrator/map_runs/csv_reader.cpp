#include "orchestrator/map_runs/csv_reader.hpp"

#include "orchestrator/map_runs/item_source.hpp"

namespace pawl::reading {

CsvReader::CsvReader(std::unique_ptr<ByteSource> bytes, char delimiter)
    : bytes_{std::move(bytes)}, delimiter_{delimiter} {
    // A byte order mark is no text. Half of one is.
    std::string mark;
    for (const int part : {0xef, 0xbb, 0xbf}) {
        if (bytes_.peek() != part) return;
        bytes_.next();
    }
}

std::optional<CsvReader::Row> CsvReader::next() {
    if (error() != nullptr || bytes_.peek() == ByteReader::end) return std::nullopt;
    Row row;
    row_bytes_ = 0;
    for (bool last = false; !last;) {
        row.emplace_back();
        last = field(row.back());
    }
    if (error() != nullptr) return std::nullopt;
    return row;
}

bool CsvReader::field(std::string& text) {
    if (bytes_.peek() == '"') quoted(text);
    while (!too_long_) {
        const int byte = bytes_.next();
        if (byte == ByteReader::end || byte == '\n') return true;
        if (byte == '\r') {
            if (bytes_.peek() == '\n') bytes_.next();
            return true;
        }
        if (byte == static_cast<unsigned char>(delimiter_)) {
            add(text, 0);  // counts it: a row of delimiters alone has a bound too
            text.pop_back();
            return false;
        }
        if (byte == '\\') {
            escaped(text);
        } else {
            add(text, byte);
        }
    }
    return true;
}

void CsvReader::quoted(std::string& text) {
    bytes_.next();
    while (!too_long_) {
        const int byte = bytes_.next();
        if (byte == ByteReader::end) return;
        if (byte == '\\') {
            escaped(text);
        } else if (byte != '"') {
            add(text, byte);
        } else if (bytes_.peek() == '"') {
            add(text, bytes_.next());
        } else {
            return;
        }
    }
}

void CsvReader::escaped(std::string& text) {
    const int byte = bytes_.peek();
    if (byte == '\\' || byte == '"' || byte == static_cast<unsigned char>(delimiter_)) add(text, bytes_.next());
}

void CsvReader::add(std::string& text, int byte) {
    text += static_cast<char>(byte);
    if (++row_bytes_ > max_item_bytes) {
        too_long_ = S3Error{"RowTooLong", "A row has more than " + std::to_string(max_item_bytes) + " bytes."};
    }
}

}  // namespace pawl::reading
