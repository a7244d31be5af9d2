#include "storage/sqlite/audit_reads.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

// Some 20 ms for one page, however rare what is looked for may be.
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
              "WHERE s.sid < ?1 ORDER BY s.sid DESC"},
      session_{
          on, "SELECT s.sid, s.user, a.appid, s.previous FROM session AS s JOIN app AS a ON a.id = s.app "
              "WHERE s.sid = ?1"},
      names_{
          on, "WITH now (id) AS (SELECT ifnull((SELECT survivor FROM merged_user WHERE id = ?1), ?1)) "
              "SELECT id FROM now UNION ALL "
              "SELECT m.id FROM now JOIN merged_user AS m ON m.survivor = now.id"} {}

std::vector<user_id> audit_reads::names_of(const user_id& user) {
    std::vector<user_id> names;
    bind_id(names_, 1, user);
    execution rows{names_};
    while (rows.step()) names.push_back(id_in(names_.blob(0)));
    return names;
}

audit_reads::part audit_reads::own_records(const audit_query& query, const std::optional<user_id>& name) {
    part found;
    statement& from = name ? records_of_user_ : records_;
    from.bind(1, query.before);
    if (name) bind_id(from, 2, *name);
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

audit_reads::part audit_reads::logins(const audit_query& query, const std::vector<user_id>& names) {
    part found;
    sessions_.bind(1, query.before);
    execution rows{sessions_};
    for (std::size_t seen = 1; rows.step(); ++seen) {
        if (names.empty() || std::ranges::find(names, id_in(sessions_.blob(1))) != names.end())
            found.records.push_back(login_in(sessions_));
        if (seen == rows_a_page || found.records.size() == query.limit) {
            found.end = sessions_.number(0);
            break;
        }
    }
    return found;
}

std::optional<audit_reads::part> audit_reads::logins_on(session_trail trail, const audit_query& query) {
    part found;
    for (std::size_t seen = 1; !trail.empty(); ++seen) {
        const auto newest = std::ranges::max_element(trail); // of the sessions that the accounts are at
        const audit_position at = *newest;
        session_.bind(1, at);
        execution row{session_};
        const bool is_there = row.step(); // else it was swept, and all before it
        if (is_there && at < query.before) found.records.push_back(login_in(session_));
        if (is_there && !session_.is_null(3))
            *newest = session_.number(3);
        else
            trail.erase(newest);
        if (trail.empty()) break;
        if (found.records.size() == query.limit) {
            found.end = at;
            break;
        }
        if (seen < rows_a_page) continue;
        if (at >= query.before) return std::nullopt;
        found.end = at;
        break;
    }
    return found;
}

audit_page audit_reads::page(const audit_query& query, const std::optional<session_trail>& trail) {
    const std::vector<user_id> names = query.user ? names_of(*query.user) : std::vector<user_id>{};
    std::vector<part> parts;
    if (shows_logins(query)) {
        auto on_trail = trail ? logins_on(*trail, query) : std::nullopt;
        parts.push_back(on_trail ? std::move(*on_trail) : logins(query, names));
    }
    if (!query.user) parts.push_back(own_records(query, std::nullopt));
    for (const user_id& name : names) parts.push_back(own_records(query, name));

    audit_page page;
    audit_position end = 0; // further back not all parts have been looked at, or none
    for (part& each : parts) {
        std::ranges::move(each.records, std::back_inserter(page.records));
        end = std::max(end, each.end);
    }
    std::ranges::sort(page.records, std::greater{}, &audit_record::at);
    // A page of `limit`, but never half of those that share a position.
    if (page.records.size() > query.limit) end = std::max(end, page.records[query.limit - 1].at);
    std::erase_if(page.records, [end](const audit_record& each) { return each.at < end; });
    if (end != 0) page.next = end;
    return page;
}

} // namespace wxlogind::storage::sqlite
