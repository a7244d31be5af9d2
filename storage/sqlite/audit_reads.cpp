#include "storage/sqlite/audit_reads.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

// A few milliseconds for one page, however rare what is looked for may be.
constexpr std::size_t rows_a_page = 20'000;

audit_record record_in(const statement& row) {
    audit_record record;
    record.at = row.number(0);
    record.event = parse_audit_event(row.text(1)).value_or(audit_event::other);
    record.actor = row.text(2);
    if (!row.is_null(3)) record.user = id_in(row.blob(3));
    record.sid = row.number(4);
    record.appid = row.text(5);
    record.detail = row.text(6);
    record.count = row.number(7);
    return record;
}

audit_record login_in(const statement& row) {
    audit_record record;
    record.event = audit_event::login;
    record.actor = "user";
    record.at = row.number(0);
    record.sid = row.number(0); // a sid is the time of its login, in microseconds
    record.user = id_in(row.blob(1));
    record.appid = row.text(2);
    return record;
}

} // namespace

audit_reads::audit_reads(connection& on)
    : records_{
          on, "SELECT id, event, actor, user, sid, appid, detail, count FROM audit WHERE id < ?1 "
              "ORDER BY id DESC"},
      records_of_user_{
          on, "SELECT id, event, actor, user, sid, appid, detail, count FROM audit WHERE user = ?2 "
              "AND id < ?1 ORDER BY id DESC"},
      sessions_{
          on, "SELECT s.sid, s.user, a.appid FROM session AS s JOIN app AS a ON a.id = s.app "
              "WHERE s.sid < ?1 ORDER BY s.sid DESC"} {}

audit_reads::part audit_reads::own_records(const audit_query& query) {
    part found;
    statement& from = query.user ? records_of_user_ : records_;
    from.bind(1, query.before);
    if (query.user) bind_id(from, 2, *query.user);
    execution rows{from};
    for (std::size_t seen = 1; rows.step(); ++seen) {
        audit_record record = record_in(from);
        const audit_position at = record.at;
        if (!query.event || record.event == *query.event) found.records.push_back(std::move(record));
        if (seen == rows_a_page || found.records.size() == query.limit) {
            found.end = at;
            break;
        }
    }
    return found;
}

audit_reads::part audit_reads::logins(const audit_query& query) {
    part found;
    if (!query.with_logins || (query.event && *query.event != audit_event::login)) return found;
    sessions_.bind(1, query.before);
    execution rows{sessions_};
    for (std::size_t seen = 1; rows.step(); ++seen) {
        if (!query.user || id_in(sessions_.blob(1)) == *query.user)
            found.records.push_back(login_in(sessions_));
        if (seen == rows_a_page || found.records.size() == query.limit) {
            found.end = sessions_.number(0);
            break;
        }
    }
    return found;
}

audit_page audit_reads::page(const audit_query& query) {
    part own = own_records(query);
    part logins = this->logins(query);
    audit_page page;
    page.records = std::move(own.records);
    std::ranges::move(logins.records, std::back_inserter(page.records));
    std::ranges::sort(page.records, std::greater{}, &audit_record::at);

    // Further back only one of the two has been looked at, or neither.
    audit_position end = std::max(own.end, logins.end);
    // A page of `limit`, but never half of those that share a position.
    if (page.records.size() > query.limit) end = std::max(end, page.records[query.limit - 1].at);
    std::erase_if(page.records, [end](const audit_record& each) { return each.at < end; });
    if (end != 0) page.next = end;
    return page;
}

} // namespace wxlogind::storage::sqlite
