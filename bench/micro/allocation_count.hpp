// How often the program has allocated: operator new, counted.
#pragma once

#include <cstddef>

namespace wxlogind::bench {

// Of all threads since the start.
[[nodiscard]] std::size_t allocation_count() noexcept;

} // namespace wxlogind::bench
