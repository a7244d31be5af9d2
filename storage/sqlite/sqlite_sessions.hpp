// The life of sessions, in an SQLite file.
#pragma once

#include "storage/session_store.hpp"
#include "storage/sqlite/location.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_sessions final : public session_store {
public:
    sqlite_sessions(write_gate& writes, location where) : writes_{writes}, where_{std::move(where)} {}

    task<result<void>> revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) override;
    task<result<void>> revoke_sessions_of(user_id user, revoking when) override;
    task<result<void>> ban_user(user_id user, revoking when) override;
    task<result<void>> unban_user(user_id user, unix_millis now) override;
    [[nodiscard]] result<std::vector<revocation>> revocations_at(unix_millis now) override;

private:
    write_gate& writes_;
    const location where_;
};

} // namespace wxlogind::storage::sqlite
