#include "storage/sqlite/sqlite_sealed.hpp"

#include <limits>
#include <map>

namespace wxlogind::storage::sqlite {

task<result<sealed_page>> sqlite_sealed::find_others_than(std::string prefix, std::int64_t behind) {
    return reads_.read([prefix = std::move(prefix), behind](read_tables& from) -> result<sealed_page> {
        return from.sealed.find_others_than(prefix, behind);
    });
}

task<result<std::size_t>> sqlite_sealed::replace(std::vector<resealed_value> values) {
    return writes_.write_when_idle([values = std::move(values)](tables& to) {
        std::size_t replaced = 0;
        for (const resealed_value& each : values) replaced += to.sealed.replace(each) ? 1 : 0;
        // What the old key opens is not to be found in the log either.
        to.wants_empty_log = true;
        return replaced;
    });
}

task<result<sealed_phone_page>> sqlite_sealed::find_phones_other_than(std::string prefix, user_id behind) {
    return reads_.read([prefix = std::move(prefix), behind](read_tables& from) -> result<sealed_phone_page> {
        return from.sealed.find_phones_other_than(prefix, behind);
    });
}

task<result<std::size_t>> sqlite_sealed::replace_phones(std::vector<resealed_phone> phones) {
    return writes_.write_when_idle([phones = std::move(phones)](tables& to) {
        std::size_t replaced = 0;
        for (const resealed_phone& each : phones) replaced += to.phones.replace(each) ? 1 : 0;
        to.wants_empty_log = true;
        return replaced;
    });
}

namespace {

// Counts page by page, each by `count`, into `all`; gives whether it has come to the end.
template <class Cursor>
task<result<bool>> count_pages(
    long_reads& reads, sealed_tally<Cursor> (sealed_reads::*count)(Cursor), Cursor newest,
    std::size_t most_rows, std::map<std::uint32_t, std::uint64_t>& all) {
    Cursor before = newest;
    for (std::size_t rows = 0; rows < most_rows;) {
        const auto page =
            co_await reads.read([count, before](read_tables& from) -> result<sealed_tally<Cursor>> {
                return (from.sealed.*count)(before);
            });
        if (!page) co_return page.error();
        for (const auto& [key, values] : page->by_key) all[key] += values;
        if (page->is_at_end) co_return true;
        before = page->seen_through;
        rows += page->rows;
    }
    co_return false;
}

constexpr user_id behind_all_users() {
    user_id last;
    last.bytes.fill(0xff);
    return last;
}

} // namespace

task<result<sealed_counts>> sqlite_sealed::count_by_key(std::size_t most_rows) {
    sealed_counts found;
    const auto sessions = co_await count_pages(
        reads_, &sealed_reads::count_session_keys, std::numeric_limits<std::int64_t>::max(), most_rows,
        found.session_keys);
    if (!sessions) co_return sessions.error();
    const auto users = co_await count_pages(
        reads_, &sealed_reads::count_phones, behind_all_users(), most_rows, found.phones);
    if (!users) co_return users.error();
    found.is_whole = *sessions && *users;
    co_return found;
}

} // namespace wxlogind::storage::sqlite
