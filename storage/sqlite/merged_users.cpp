#include "storage/sqlite/merged_users.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

merged_users::merged_users(connection& on)
    : find_survivor_{on, "SELECT survivor FROM merged_user WHERE id = ?1"},
      find_{on, "SELECT survivor, into_user, created, merged FROM merged_user WHERE id = ?1"},
      lead_{
          on,
          "INSERT INTO merged_user (id, survivor, into_user, created, merged, revoked_through, tokens_until) "
          "VALUES (?2, ?1, ?1, ?3, ?4, ?5, ?6)"},
      lead_on_{on, "UPDATE merged_user SET survivor = ?1 WHERE survivor = ?2"},
      lead_back_{
          on, "WITH RECURSIVE own (id) AS (SELECT ?1 UNION "
              "SELECT m.id FROM own JOIN merged_user AS m ON m.into_user = own.id WHERE m.survivor = ?2) "
              "UPDATE merged_user SET survivor = ?1 WHERE survivor = ?2 AND id IN (SELECT id FROM own)"},
      lead_no_more_{on, "DELETE FROM merged_user WHERE id = ?1"},
      forget_{on, "DELETE FROM merged_user WHERE survivor = ?1"},
      aliases_{on, "SELECT id, tokens_until FROM merged_user WHERE survivor = ?1 AND tokens_until > ?2"} {}

std::optional<user_id> merged_users::survivor_of(const user_id& id) {
    bind_id(find_survivor_, 1, id);
    execution row{find_survivor_};
    if (!row.step()) return std::nullopt;
    return id_in(find_survivor_.blob(0));
}

std::optional<merged_users::past_merge> merged_users::find(const user_id& merged) {
    bind_id(find_, 1, merged);
    execution row{find_};
    if (!row.step()) return std::nullopt;
    return past_merge{
        .survivor = id_in(find_.blob(0)),
        .into = id_in(find_.blob(1)),
        .created = time_in(find_, 2),
        .at = time_in(find_, 3)};
}

void merged_users::lead(const leaving& merged, const user_id& survivor, unix_millis now) {
    bind_id(lead_on_, 1, survivor);
    bind_id(lead_on_, 2, merged.id);
    run(lead_on_);
    bind_id(lead_, 1, survivor);
    bind_id(lead_, 2, merged.id);
    lead_.bind(3, count_of(merged.created));
    lead_.bind(4, count_of(now));
    lead_.bind(5, merged.revoked_through);
    lead_.bind(6, count_of(merged.tokens_until));
    run(lead_);
    tell_aliases_of(survivor, now);
}

void merged_users::lead_back(const user_id& merged, const user_id& survivor, const revoking& when) {
    bind_id(lead_no_more_, 1, merged);
    run(lead_no_more_);
    bind_id(lead_back_, 1, merged);
    bind_id(lead_back_, 2, survivor);
    run(lead_back_);
    renamed_.push_back({.merged = merged, .until = when.until});
    tell_aliases_of(merged, when.now);
}

void merged_users::tell_aliases_of(const user_id& survivor, unix_millis now) {
    bind_id(aliases_, 1, survivor);
    aliases_.bind(2, count_of(now));
    execution rows{aliases_};
    while (rows.step())
        renamed_.push_back(
            {.merged = id_in(aliases_.blob(0)), .survivor = survivor, .until = time_in(aliases_, 1)});
}

void merged_users::forget(const user_id& survivor) {
    bind_id(forget_, 1, survivor);
    run(forget_);
}

} // namespace wxlogind::storage::sqlite
