#include "storage/sqlite/sqlite_sessions.hpp"

#include "storage/sqlite/table_reader.hpp"

namespace wxlogind::storage::sqlite {

task<result<void>>
sqlite_sessions::revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) {
    return writes_.write([=](tables& to) { return to.sessions.revoke(sid, user, when); });
}

task<result<void>> sqlite_sessions::revoke_sessions_of(user_id user, revoking when) {
    return writes_.write([=](tables& to) { to.sessions.revoke_all_of(user, when); });
}

task<result<void>> sqlite_sessions::ban_user(user_id user, revoking when) {
    return writes_.write([=](tables& to) {
        auto banned = to.sessions.set_state(user, user_state::banned, when.now);
        if (banned) to.sessions.revoke_all_of(user, when);
        return banned;
    });
}

task<result<void>> sqlite_sessions::unban_user(user_id user, unix_millis now) {
    return writes_.write([=](tables& to) { return to.sessions.set_state(user, user_state::active, now); });
}

result<std::vector<revocation>> sqlite_sessions::revocations_at(unix_millis now) {
    table_reader reader{where_};
    const auto read = [now](read_tables& from) -> result<std::vector<revocation>> {
        return from.sessions.revocations_at(now);
    };
    return reader.read(0, read);
}

} // namespace wxlogind::storage::sqlite
