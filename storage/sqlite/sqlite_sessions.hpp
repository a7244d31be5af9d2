// The life of sessions, in an SQLite file.
#pragma once

#include "storage/session_store.hpp"
#include "storage/sqlite/long_reads.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_sessions final : public session_store {
public:
    // The references outlive this.
    sqlite_sessions(write_gate& writes, long_reads& reads, store_counters& counters)
        : writes_{writes}, reads_{reads}, counters_{counters} {}

    task<result<refresh_outcome>> refresh(refresh_request request) override;
    task<result<session_state>> find_session(std::int64_t sid) override;
    task<result<void>> revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) override;
    task<result<void>> revoke_sessions_of(user_id user, revoking when) override;
    task<result<void>> ban_user(user_id user, revoking when) override;
    task<result<void>> unban_user(user_id user, revoking when) override;
    task<result<std::vector<revocation>>> revocations_at(unix_millis now) override;
    task<result<sweep_outcome>> sweep(sweep_request what) override;

private:
    write_gate& writes_;
    long_reads& reads_;
    store_counters& counters_;
};

} // namespace wxlogind::storage::sqlite
