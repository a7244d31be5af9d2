// A kind of write, and how a coroutine hands one to the writer and waits for it.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/parking.hpp"
#include "storage/batch_writer.hpp"
#include "storage/sqlite/tables.hpp"

#include <boost/asio/this_coro.hpp>

#include <type_traits>
#include <utility>

namespace wxlogind::storage::sqlite {

// Each lives in the frame of the coroutine that waits for it.
class table_write : public pending_write {
public:
    // Does its part of a transaction and keeps the outcome. May be called again when the transaction was
    // rolled back. Throws sqlite_error.
    virtual void apply(tables& to) = 0;
    // Takes the place of the outcome.
    virtual void fail(errc why) noexcept = 0;

protected:
    ~table_write() = default;
};

namespace detail {

template <class T>
struct outcome_of {
    using type = result<T>;
};
template <class T>
struct outcome_of<result<T>> {
    using type = result<T>;
};

// Whatever `apply` is made of, called with the tables.
template <class Apply>
class write_of final : public table_write {
public:
    using returned = std::invoke_result_t<Apply&, tables&>;
    using outcome_type = typename outcome_of<returned>::type;

    explicit write_of(Apply& apply) : apply_{apply} {}

    void apply(tables& to) override {
        if constexpr (std::is_void_v<returned>) {
            apply_(to);
            outcome = outcome_type{};
        } else {
            outcome = apply_(to);
        }
    }
    void fail(errc why) noexcept override { outcome = why; }

    outcome_type outcome{errc::internal};

private:
    Apply& apply_;
};

} // namespace detail

// Where writes go. Any thread; a task belongs to the reactor that awaits it.
class write_gate {
public:
    // takes_writes: false while it is pointless to queue any. Both outlive this.
    write_gate(batch_writer& writer, const std::atomic<bool>& takes_writes)
        : writer_{writer}, takes_writes_{takes_writes} {}

    // apply(tables&) runs on the writer thread, in the transaction of a batch, and perhaps again when that
    // was rolled back: what it returns (T, result<T> or nothing) comes back as result<T> when it is durable.
    // errc::overloaded, errc::storage_unavailable. To be awaited where it is called: `apply` may refer to
    // what lives there.
    //
    //     co_return co_await gate.write([&](tables& to) { return to.logins.record(record); });
    template <class Apply>
    task<typename detail::write_of<Apply>::outcome_type> write(Apply apply) {
        return push(std::move(apply), &batch_writer::push);
    }

    // The same for house-keeping: alone in its transaction, when no other write waits. It should touch a
    // hundred rows or so, since a login that comes in meanwhile waits for it.
    template <class Apply>
    task<typename detail::write_of<Apply>::outcome_type> write_when_idle(Apply apply) {
        return push(std::move(apply), &batch_writer::push_when_idle);
    }

private:
    using lane = void (batch_writer::*)(pending_write&);

    template <class Apply>
    task<typename detail::write_of<Apply>::outcome_type> push(Apply apply, lane into) {
        if (!takes_writes_.load(std::memory_order_relaxed)) co_return errc::storage_unavailable;
        detail::write_of<Apply> write{apply};
        auto hand_over = [&](parked& waiter) {
            write.waiter = &waiter;
            (writer_.*into)(write);
        };
        const executor home = co_await asio::this_coro::executor;
        co_await park(home, hand_over);
        if constexpr (requires { write.outcome->took; })
            if (write.outcome) {
                write.outcome->took.queue = write.taken - write.pushed;
                write.outcome->took.commit = steady_clock::now() - write.taken;
            }
        co_return std::move(write.outcome);
    }

    batch_writer& writer_;
    const std::atomic<bool>& takes_writes_;
};

} // namespace wxlogind::storage::sqlite
