// PAWL_ASSERT: what must hold whatever users, workflows and disks do. On in release builds too: a broken invariant
// would otherwise be made durable.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>

namespace pawl {

[[noreturn]] inline void assertion_failed(const char* file, int line, const char* condition, const std::string& text) {
    std::fprintf(stderr, "%s:%d: %s (%s does not hold)\n", file, line, text.c_str(), condition);
    std::fflush(stderr);
    std::abort();
}

}  // namespace pawl

// `text` (anything a std::string is made from) says what is wrong, for people; evaluated only then.
#define PAWL_ASSERT(condition, text) \
    ((condition) ? static_cast<void>(0) : ::pawl::assertion_failed(__FILE__, __LINE__, #condition, (text)))
