#include "storage/sqlite/long_reads.hpp"

namespace wxlogind::storage::sqlite {

long_reads::long_reads(location where, std::function<std::uint64_t()> openings, std::size_t max_queued)
    : reader_{std::move(where)},
      openings_{std::move(openings)},
      thread_{write_queue{1, max_queued}, *this, unused_counters_, "long-reads"} {}

void long_reads::write(pending_write* first) noexcept {
    auto& read = static_cast<pending_read&>(*first); // only these are ever pushed, and taken one by one
    try {
        read.run(reader_, openings_());
    } catch (const std::exception&) { // no memory
        read.fail(errc::storage_unavailable);
    }
}

void long_reads::refuse(pending_write& write) noexcept {
    static_cast<pending_read&>(write).fail(errc::overloaded);
}

void long_reads::close() {
    thread_.stop_and_join();
    reader_.close();
}

} // namespace wxlogind::storage::sqlite
