// When the write-ahead log is folded back into the database.
#pragma once

#include <cstddef>

namespace wxlogind::storage::sqlite {

// Once the log has grown by so many pages. If a reader kept some of it from being folded, the next try waits
// for as many pages again: trying after every batch would cost each of them a scan of the log.
class checkpoint_plan {
public:
    explicit constexpr checkpoint_plan(std::size_t every_pages) noexcept
        : every_{every_pages == 0 ? 1 : every_pages}, next_at_{every_} {}

    [[nodiscard]] constexpr bool is_due(std::size_t pages_in_log) noexcept {
        // The log has started again from its beginning: a whole fold allowed that.
        if (pages_in_log < last_seen_) next_at_ = every_;
        last_seen_ = pages_in_log;
        return pages_in_log >= next_at_;
    }

    constexpr void was_tried(std::size_t pages_in_log) noexcept { next_at_ = pages_in_log + every_; }

private:
    std::size_t every_;
    std::size_t next_at_;
    std::size_t last_seen_{0};
};

} // namespace wxlogind::storage::sqlite
