// When the write-ahead log is folded back into the database.
#pragma once

#include <cstddef>

namespace wxlogind::storage::sqlite {

// Once the log has so many pages. If a reader kept some of them from being folded, the next try waits for as
// many pages again: trying after every batch would cost each of them a scan of the log.
class checkpoint_plan {
public:
    explicit constexpr checkpoint_plan(std::size_t every_pages) noexcept
        : every_{every_pages == 0 ? 1 : every_pages}, next_at_{every_} {}

    [[nodiscard]] constexpr bool is_due(std::size_t pages_in_log) const noexcept {
        return pages_in_log >= next_at_;
    }

    // After a whole fold the next commit starts the log again from its beginning.
    constexpr void was_tried(std::size_t pages_in_log, std::size_t pages_moved) noexcept {
        next_at_ = pages_moved < pages_in_log ? pages_in_log + every_ : every_;
    }

private:
    std::size_t every_;
    std::size_t next_at_;
};

} // namespace wxlogind::storage::sqlite
