// Writes to a descriptor until all is written.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

namespace pawl {

// How many bytes were written: fewer than there are when it failed, and then errno says why.
inline std::size_t write_all(int fd, std::string_view bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

}  // namespace pawl
