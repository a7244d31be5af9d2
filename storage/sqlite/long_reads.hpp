// Reads that may take long (lists, searches, exports), on a thread of their own.
#pragma once

#include "core/base/async.hpp"
#include "core/base/parking.hpp"
#include "storage/batch_writer.hpp"
#include "storage/sqlite/table_reader.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>
#include <utility>

namespace wxlogind::storage::sqlite {

// One after the other, through a connection of its own. Any thread; a task belongs to the reactor that awaits
// it.
class long_reads final : public batch_target {
public:
    // `openings`: of the writer, see table_reader. More than max_queued reads at once are errc::overloaded.
    long_reads(location where, std::function<std::uint64_t()> openings, std::size_t max_queued = 64);

    // read(read_tables&) gives a result, and runs on the reading thread. A read that goes on for seconds
    // keeps the log from being folded back, and others waiting: cut it into pages. errc::overloaded,
    // errc::storage_unavailable, and what `read` gives.
    template <class Read>
    task<std::invoke_result_t<Read&, read_tables&>> read(Read read) {
        pending<Read> mine{read};
        auto hand_over = [&](parked& waiter) {
            mine.waiter = &waiter;
            thread_.push(mine);
        };
        const executor home = co_await asio::this_coro::executor;
        co_await park(home, hand_over);
        co_return std::move(mine.outcome);
    }

    // Finishes what is queued, takes no more and closes the connection. Blocks.
    void close();

private:
    class pending_read : public pending_write {
    public:
        virtual void run(table_reader& with, std::uint64_t openings) = 0;
        virtual void fail(errc why) noexcept = 0;

    protected:
        ~pending_read() = default;
    };

    template <class Read>
    class pending final : public pending_read {
    public:
        explicit pending(Read& read) : read_{read} {}
        void run(table_reader& with, std::uint64_t openings) override {
            outcome = with.read(openings, read_);
        }
        void fail(errc why) noexcept override { outcome = why; }

        std::invoke_result_t<Read&, read_tables&> outcome{errc::internal};

    private:
        Read& read_;
    };

    // batch_writer's side of it: a queue that a thread works off.
    void write(pending_write* first) noexcept override;
    void refuse(pending_write& write) noexcept override;
    std::optional<steady_clock::time_point> rest() noexcept override { return std::nullopt; }

    table_reader reader_;
    const std::function<std::uint64_t()> openings_;
    store_counters unused_counters_; // a batch_writer counts
    batch_writer thread_;
};

} // namespace wxlogind::storage::sqlite
