// How many logins failed, and why: counted here, and written to the audit log now and then as one record a
// reason, so that a flood of them is neither a flood of rows nor of waiting.
#pragma once

#include "core/base/errors.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace wxlogind::handlers {

// Any thread.
class failed_logins {
public:
    void note(errc why) noexcept {
        counts_.at(static_cast<std::size_t>(why)).fetch_add(1, std::memory_order_relaxed);
    }

    // Calls visit(errc, count) for every reason of which there were some, and begins anew.
    template <class Visit>
    void take(Visit visit) {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            if (const auto count = counts_[i].exchange(0, std::memory_order_relaxed); count != 0)
                visit(static_cast<errc>(i), count);
    }

private:
    std::array<std::atomic<std::uint32_t>, 64> counts_{}; // by errc
};

} // namespace wxlogind::handlers
