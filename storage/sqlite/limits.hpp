// How much the store takes in, and when it tidies up.
#pragma once

#include "storage/sqlite/back_off.hpp"
#include "storage/sqlite/newest_sessions.hpp"

#include <cstddef>

namespace wxlogind::storage::sqlite {

struct limits {
    std::size_t max_batch_rows{256};
    std::size_t max_queued_rows{8192};
    std::size_t checkpoint_pages{1000};
    std::size_t cache_bytes{80 * 1024 * 1024}; // of the writer's pages in memory
    back_off pauses;                           // between tries to open a database again that failed
    newest_sessions::limits newest;
};

} // namespace wxlogind::storage::sqlite
