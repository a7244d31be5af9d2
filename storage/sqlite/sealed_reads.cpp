#include "storage/sqlite/sealed_reads.hpp"

#include "core/base/sealing.hpp"
#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

constexpr std::size_t values_a_page = 100;
constexpr std::size_t rows_a_page = 5000;

} // namespace

sealed_reads::sealed_reads(connection& on)
    : sessions_{on, "SELECT sid, session_key, user, app, identity FROM session WHERE sid > ?1 ORDER BY sid LIMIT ?2"},
      place_{
          on, "SELECT a.appid, i.openid FROM identity AS i JOIN app AS a ON a.id = i.app "
              "WHERE i.user = ifnull((SELECT survivor FROM merged_user WHERE id = ?1), ?1) "
              "AND i.app = ?2 AND i.number = ?3"},
      // No id is in both.
      phones_{
          on, "SELECT id, phone, ifnull(phone_sealed_for, id) FROM user WHERE id > ?1 UNION ALL "
              "SELECT id, phone, phone_sealed_for FROM merged_user WHERE id > ?1 ORDER BY 1 LIMIT ?2"},
      newest_sessions_{on, "SELECT sid, session_key FROM session WHERE sid < ?1 ORDER BY sid DESC LIMIT ?2"},
      newest_phones_{
          on, "SELECT id, phone FROM user WHERE id < ?1 UNION ALL "
              "SELECT id, phone FROM merged_user WHERE id < ?1 ORDER BY 1 DESC LIMIT ?2"} {}

sealed_page sealed_reads::find_others_than(std::string_view prefix, std::int64_t behind) {
    sealed_page page;
    page.seen_through = behind;
    sessions_.bind(1, behind);
    sessions_.bind(2, static_cast<std::int64_t>(rows_a_page));
    execution rows{sessions_};
    std::size_t seen = 0;
    for (; page.values.size() < values_a_page && rows.step(); ++seen) {
        page.seen_through = sessions_.number(0);
        const std::string_view envelope = sessions_.blob(1);
        if (envelope.empty() || envelope.starts_with(prefix)) continue;

        const std::string user{sessions_.blob(2)};
        place_.bind_blob(1, user.data(), user.size());
        place_.bind(2, sessions_.number(3));
        place_.bind(3, sessions_.number(4));
        execution place{place_};
        sealed_value& value = page.values.emplace_back();
        value.sid = page.seen_through;
        value.envelope = envelope;
        if (!place.step()) continue;
        value.appid = place_.text(0);
        value.openid = place_.text(1);
    }
    page.is_at_end = page.values.size() < values_a_page && seen < rows_a_page;
    return page;
}

sealed_phone_page sealed_reads::find_phones_other_than(std::string_view prefix, const user_id& behind) {
    sealed_phone_page page;
    page.seen_through = behind;
    bind_id(phones_, 1, behind);
    phones_.bind(2, static_cast<std::int64_t>(rows_a_page));
    execution rows{phones_};
    std::size_t seen = 0;
    for (; page.phones.size() < values_a_page && rows.step(); ++seen) {
        page.seen_through = id_in(phones_.blob(0));
        const std::string_view envelope = phones_.blob(1);
        if (envelope.empty() || envelope.starts_with(prefix)) continue;
        page.phones.push_back({page.seen_through, id_in(phones_.blob(2)), std::string{envelope}});
    }
    page.is_at_end = page.phones.size() < values_a_page && seen < rows_a_page;
    return page;
}

sealed_tally<std::int64_t> sealed_reads::count_session_keys(std::int64_t before) {
    sealed_tally<std::int64_t> counted{.by_key = {}, .seen_through = before};
    newest_sessions_.bind(1, before);
    newest_sessions_.bind(2, static_cast<std::int64_t>(rows_a_page));
    execution rows{newest_sessions_};
    for (; rows.step(); ++counted.rows) {
        counted.seen_through = newest_sessions_.number(0);
        if (const auto key = key_of_envelope(newest_sessions_.blob(1))) ++counted.by_key[*key];
    }
    counted.is_at_end = counted.rows < rows_a_page;
    return counted;
}

sealed_tally<user_id> sealed_reads::count_phones(user_id before) {
    sealed_tally<user_id> counted{.by_key = {}, .seen_through = before};
    bind_id(newest_phones_, 1, before);
    newest_phones_.bind(2, static_cast<std::int64_t>(rows_a_page));
    execution rows{newest_phones_};
    for (; rows.step(); ++counted.rows) {
        counted.seen_through = id_in(newest_phones_.blob(0));
        if (const auto key = key_of_envelope(newest_phones_.blob(1))) ++counted.by_key[*key];
    }
    counted.is_at_end = counted.rows < rows_a_page;
    return counted;
}

} // namespace wxlogind::storage::sqlite
