#include "storage/sqlite/sqlite_store.hpp"

#include "storage/sqlite/start_checks.hpp"

#include <boost/asio/this_coro.hpp>

namespace wxlogind::storage::sqlite {

namespace {

// Everything that has to be in order before the database is opened for good.
location prepared(const location& where) {
    make_private_file(where);
    check_before_use(where);
    return where;
}

class login_write final : public table_write {
public:
    explicit login_write(const login_record& record) : record_{record} {}

    void apply(login_tables& to) override { outcome = to.record(record_); }
    void fail(errc why) noexcept override { outcome = why; }

    result<login_outcome> outcome{errc::internal};

private:
    const login_record& record_;
};

class probe_write final : public table_write {
public:
    explicit probe_write(unix_millis now) : now_{now} {}

    void apply(login_tables& to) override {
        to.mark_probe(now_);
        outcome = result<void>{};
    }
    void fail(errc why) noexcept override { outcome = why; }

    result<void> outcome{errc::internal};

private:
    unix_millis now_;
};

} // namespace

sqlite_store::sqlite_store(const location& where, const limits& limits, store_counters& counters)
    : lock_{where.path},
      path_{prepared(where), limits.checkpoint_pages, limits.pauses, counters},
      readers_{where},
      writer_{write_queue{limits.max_batch_rows, limits.max_queued_rows}, path_, counters} {}

sqlite_store::~sqlite_store() {
    close();
}

task<result<login_outcome>> sqlite_store::record_login(login_record record) {
    if (!path_.takes_writes()) co_return errc::storage_unavailable;
    login_write write{record};
    auto hand_over = [&](parked& waiter) {
        write.waiter = &waiter;
        writer_.push(write);
    };
    const executor home = co_await asio::this_coro::executor;
    co_await park(home, hand_over);
    co_return std::move(write.outcome);
}

task<result<user_record>> sqlite_store::find_user(user_id id) {
    co_return readers_.find_user(id, path_.openings());
}

task<result<void>> sqlite_store::probe(unix_millis now) {
    if (!path_.takes_writes()) co_return errc::storage_unavailable;
    probe_write write{now};
    auto hand_over = [&](parked& waiter) {
        write.waiter = &waiter;
        writer_.push(write);
    };
    const executor home = co_await asio::this_coro::executor;
    co_await park(home, hand_over);
    co_return write.outcome;
}

void sqlite_store::close() {
    writer_.stop_and_join();
    // The last connection to close folds the log back, and a read-only one cannot: readers first.
    readers_.close();
    path_.close();
}

} // namespace wxlogind::storage::sqlite
