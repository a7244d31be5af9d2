#include "storage/sqlite/sqlite_users.hpp"

namespace wxlogind::storage::sqlite {

task<result<user_record>> sqlite_users::change_profile(user_id id, profile_change change, unix_millis now) {
    return writes_.write([id, change = std::move(change), now](tables& to) {
        return to.users.change_profile(id, change, now);
    });
}

} // namespace wxlogind::storage::sqlite
