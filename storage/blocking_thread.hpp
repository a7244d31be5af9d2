// Work that waits for the disk, on a thread of its own, for coroutines of all reactors.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/parking.hpp"
#include "storage/batch_writer.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wxlogind::storage {

// One after the other. Any thread; a task belongs to the reactor that awaits it.
class blocking_thread final : public batch_target {
public:
    // More than max_queued at once are errc::overloaded.
    blocking_thread(std::string_view name, std::size_t max_queued)
        : thread_{write_queue{1, max_queued}, *this, unused_counters_, name} {}

    // work() gives a result, and runs on the thread. errc::overloaded; errc::storage_unavailable when it
    // throws.
    template <class Work>
    task<std::invoke_result_t<Work&>> run(Work work) {
        pending<Work> mine{work};
        auto hand_over = [&](parked& waiter) {
            mine.waiter = &waiter;
            thread_.push(mine);
        };
        const executor home = co_await asio::this_coro::executor;
        co_await park(home, hand_over);
        co_return std::move(mine.outcome);
    }

    // Finishes what is queued and takes no more. Blocks.
    void close() { thread_.stop_and_join(); }

private:
    class pending_work : public pending_write {
    public:
        virtual void run() = 0;
        virtual void fail(errc why) noexcept = 0;

    protected:
        ~pending_work() = default;
    };

    template <class Work>
    class pending final : public pending_work {
    public:
        explicit pending(Work& work) : work_{work} {}
        void run() override { outcome = work_(); }
        void fail(errc why) noexcept override { outcome = why; }

        std::invoke_result_t<Work&> outcome{errc::internal};

    private:
        Work& work_;
    };

    // batch_writer's side of it: a queue that a thread works off.
    void write(pending_write* first) noexcept override {
        auto& work = static_cast<pending_work&>(*first); // only these are ever pushed, and taken one by one
        try {
            work.run();
        } catch (const std::exception&) { // no memory
            work.fail(errc::storage_unavailable);
        }
    }
    void refuse(pending_write& write) noexcept override {
        static_cast<pending_work&>(write).fail(errc::overloaded);
    }
    std::optional<steady_clock::time_point> rest() noexcept override { return std::nullopt; }

    store_counters unused_counters_; // a batch_writer counts
    batch_writer thread_;
};

} // namespace wxlogind::storage
