// Makes archives, also such as no tool would make.
#pragma once
#include <sys/stat.h>
#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace pawl::test {

struct ZipEntry {
    std::string name;
    std::string content;
    std::uint32_t mode = S_IFREG | 0644;
};

namespace zip_bytes {

inline void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
}

inline std::string deflated(const std::string& content) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error{"zlib"};
    std::string out(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace zip_bytes

// By hand: a library would not write two entries of one name.
inline std::string zip_of(const std::vector<ZipEntry>& entries, const std::string& in_front = "") {
    using zip_bytes::put;
    std::string out = in_front, directory;
    for (const auto& entry : entries) {
        const auto packed = zip_bytes::deflated(entry.content);
        const auto offset = out.size();
        const auto crc =
            crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()), static_cast<uInt>(entry.content.size()));
        std::string shared;  // of both headers
        put(shared, 20, 2);  // version
        put(shared, 0, 2);   // flags
        put(shared, 8, 2);   // deflate
        put(shared, 0, 2);   // time
        put(shared, 0x21, 2);
        put(shared, crc, 4);
        put(shared, packed.size(), 4);
        put(shared, entry.content.size(), 4);
        put(shared, entry.name.size(), 2);
        put(shared, 0, 2);  // extra
        out += "PK\3\4" + shared + entry.name + packed;
        directory += "PK\1\2";
        put(directory, 3 << 8 | 20, 2);  // made on Unix
        directory += shared;
        put(directory, 0, 2);  // comment
        put(directory, 0, 2);  // disk
        put(directory, 0, 2);  // internal attributes
        put(directory, std::uint64_t{entry.mode} << 16, 4);
        put(directory, offset, 4);
        directory += entry.name;
    }
    const auto start = out.size();
    out += directory + std::string("PK\5\6\0\0\0\0", 8);
    put(out, entries.size(), 2);
    put(out, entries.size(), 2);
    put(out, directory.size(), 4);
    put(out, start, 4);
    put(out, 0, 2);
    return out;
}

}  // namespace pawl::test
