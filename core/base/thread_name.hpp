// What a thread is called in `top -H`, a debugger and a core.
#pragma once

#include <pthread.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace wxlogind {

// The kernel keeps 15 characters. Any thread, of itself.
inline void name_this_thread(std::string_view name) noexcept {
    std::array<char, 16> kept{};
    name.copy(kept.data(), kept.size() - 1);
    ::pthread_setname_np(::pthread_self(), kept.data());
}

} // namespace wxlogind
