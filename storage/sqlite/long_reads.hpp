// Reads that may take long (lists, searches, exports), on a thread of their own.
#pragma once

#include "storage/blocking_thread.hpp"
#include "storage/sqlite/table_reader.hpp"

#include <functional>
#include <utility>

namespace wxlogind::storage::sqlite {

// One after the other, through a connection of its own. Any thread; a task belongs to the reactor that awaits
// it.
class long_reads {
public:
    // `openings`: of the writer, see table_reader. More than max_queued reads at once are errc::overloaded.
    long_reads(location where, std::function<std::uint64_t()> openings, std::size_t max_queued = 64)
        : reader_{std::move(where)}, openings_{std::move(openings)}, thread_{"long-reads", max_queued} {}

    // read(read_tables&) gives a result, and runs on the reading thread. A read that goes on for seconds
    // keeps the log from being folded back, and others waiting: cut it into pages. errc::overloaded,
    // errc::storage_unavailable, and what `read` gives.
    template <class Read>
    task<std::invoke_result_t<Read&, read_tables&>> read(Read read) {
        auto on_the_thread = [this, read = std::move(read)]() mutable {
            return reader_.read(openings_(), read);
        };
        return thread_.run(std::move(on_the_thread));
    }

    // Finishes what is queued, takes no more and closes the connection. Blocks.
    void close() {
        thread_.close();
        reader_.close();
    }

private:
    table_reader reader_;
    const std::function<std::uint64_t()> openings_;
    blocking_thread thread_;
};

} // namespace wxlogind::storage::sqlite
