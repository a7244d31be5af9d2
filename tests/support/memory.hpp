// What this process occupies.
#pragma once

#include <cstddef>
#include <fstream>

#include <unistd.h>

namespace wxlogind::test {

[[nodiscard]] inline std::size_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// The sanitizers keep what was freed and shadow what is used: sizes say nothing under them.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool memory_can_be_measured = false;
#else
inline constexpr bool memory_can_be_measured = true;
#endif

} // namespace wxlogind::test
