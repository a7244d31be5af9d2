#include "storage/sqlite/user_tables.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

user_tables::user_tables(connection& on, login_tables& logins)
    : logins_{logins},
      reads_{on},
      erase_user_{on, "DELETE FROM user WHERE id = ?1"},
      erase_identities_{on, "DELETE FROM identity WHERE user = ?1"},
      identities_{on, "SELECT number FROM identity WHERE user = ?1"},
      erase_session_{on, "DELETE FROM session WHERE sid = ?1 AND user = ?2 RETURNING previous"} {}

result<user_record>
user_tables::change_profile(const user_id& id, const profile_change& change, unix_millis now) {
    auto user = reads_.find(id);
    if (!user) return user;
    if (user->state == user_state::banned) return errc::user_blocked;
    logins_.change_profile(id, change, now);
    return reads_.find(id);
}

void user_tables::erase_sessions(const user_id& user, std::int64_t identity) {
    constexpr int most = 256; // logins wait meanwhile
    auto next = logins_.newest_session_of(identity);
    for (int erased = 0; next && erased < most; ++erased) {
        erase_session_.bind(1, *next);
        bind_id(erase_session_, 2, user);
        execution row{erase_session_};
        const bool is_there = row.step();
        next =
            is_there && !erase_session_.is_null(0) ? std::optional{erase_session_.number(0)} : std::nullopt;
        // Deleted only when it has run to its end.
        while (is_there && row.step()) {
        }
    }
}

result<void> user_tables::erase(const user_id& id) {
    if (const auto user = reads_.find(id); !user) return user.error();
    std::vector<std::int64_t> identities;
    {
        bind_id(identities_, 1, id);
        execution rows{identities_};
        while (rows.step()) identities.push_back(identities_.number(0));
    }
    for (const std::int64_t each : identities) erase_sessions(id, each);
    // Their rows in newest_session stay, which are numbers and no more: so none is given to another identity.
    bind_id(erase_identities_, 1, id);
    run(erase_identities_);
    bind_id(erase_user_, 1, id);
    run(erase_user_);
    return {};
}

} // namespace wxlogind::storage::sqlite
