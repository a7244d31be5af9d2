#include "storage/sqlite/sqlite_store.hpp"

#include "storage/sqlite/start_checks.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// Everything that has to be in order before the database is opened for good.
location prepared(const location& where) {
    make_private_file(where);
    check_before_use(where);
    return where;
}

} // namespace

sqlite_store::sqlite_store(
    const location& where, const limits& limits, store_counters& counters, revocation_observer* observer)
    : lock_{where.path},
      path_{prepared(where), limits, counters, observer},
      readers_{where},
      long_reads_{where, [this] { return path_.openings(); }},
      writer_{write_queue{limits.max_batch_rows, limits.max_queued_rows}, path_, counters},
      gate_{writer_, path_.takes_writes()},
      sessions_{gate_, long_reads_, counters},
      users_{gate_, long_reads_},
      audit_{gate_, long_reads_},
      sealed_{gate_, long_reads_},
      session_keys_{gate_},
      phones_{gate_} {}

sqlite_store::~sqlite_store() {
    close();
}

task<result<login_outcome>> sqlite_store::record_login(login_record record) {
    return gate_.write([record = std::move(record)](tables& to) { return to.logins.record(record); });
}

task<result<user_record>> sqlite_store::find_user(user_id id) {
    co_return readers_.read(
        path_.openings(), [&](read_tables& from) { return from.users.find_survivor(id); });
}

task<result<void>> sqlite_store::probe(unix_millis now) {
    return gate_.write([now](tables& to) { to.logins.mark_probe(now); });
}

void sqlite_store::close() {
    writer_.stop_and_join();
    // The last connection to close folds the log back, and a read-only one cannot: readers first.
    readers_.close();
    long_reads_.close();
    path_.close();
}

} // namespace wxlogind::storage::sqlite
