#include "storage/sqlite/user_tables.hpp"

namespace wxlogind::storage::sqlite {

result<user_record>
user_tables::change_profile(const user_id& id, const profile_change& change, unix_millis now) {
    auto user = reads_.find(id);
    if (!user) return user;
    if (user->state == user_state::banned) return errc::user_blocked;
    logins_.change_profile(id, change, now);
    return reads_.find(id);
}

} // namespace wxlogind::storage::sqlite
