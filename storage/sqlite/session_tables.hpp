// How sessions end, in SQL.
#pragma once

#include "storage/session_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/id_sources.hpp"
#include "storage/store.hpp"

#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
//
// Sessions are not found by their user: an index for it would cost each login a page at a random place. "All
// sessions of the user" is the one number user.revoked_through instead, which every refresh looks at.
class session_tables {
public:
    // The references outlive this.
    session_tables(connection& on, id_sources& ids);

    // errc::not_found: neither is there such a session, nor is it said whose it was.
    [[nodiscard]] result<void>
    revoke(std::int64_t sid, const std::optional<user_id>& user, const revoking& when);
    // For whatever ends all sessions of a user, and of those who were merged into it: also before the user is
    // deleted.
    void revoke_all_of(const user_id& user, const revoking& when);
    // The sessions up to `through` of those who were merged into `survivor`.
    void revoke_merged_into(const user_id& survivor, std::int64_t through, const revoking& when);
    // `newest` was opened just now: ends those of the user's sessions in this app that are too many.
    void keep_newest(
        std::int64_t newest, const user_id& user, std::int64_t app, std::uint32_t most, const revoking& when);
    // Deletes the row if it is over for one of the reasons that sweep() knows.
    [[nodiscard]] bool sweep(std::int64_t sid, const sweep_request& what);
    // Deletes the oldest revocations that concern nobody any more.
    void sweep_revocations(unix_millis now);
    // errc::not_found.
    [[nodiscard]] result<void> set_state(const user_id& user, user_state state, unix_millis now);

    // Until when it has to be remembered: when.until, or later where sessions were opened or refreshed by a
    // clock that was ahead of when.now, and set back since. Their tokens count when it has caught up again.
    [[nodiscard]] unix_millis until_of(const revoking& when) const noexcept;

    // No refresh of before the database was opened was later. Of those since, whoever signs the tokens knows.
    [[nodiscard]] unix_millis refreshed_before() const noexcept { return refreshed_before_; }

    // What this transaction has revoked.
    [[nodiscard]] const std::vector<revocation>& revoked() const noexcept { return revoked_; }
    // It is over, and whoever has to know it knows.
    void forget_transaction() noexcept { revoked_.clear(); }

private:
    void note(const revocation& what);
    void note_for_survivors(const user_id& merged, std::int64_t sid, const revoking& when);

    id_sources& ids_;
    const unix_millis refreshed_before_;
    std::vector<revocation> revoked_;

    statement find_owner_;
    statement find_survivors_;
    statement revoke_one_;
    statement revoke_all_;
    statement revoke_merged_;
    statement raise_floor_;
    statement note_revocation_;
    statement set_state_;
    statement limit_one_;
    statement find_surplus_;
    statement sweep_one_;
    statement sweep_revocations_;
};

} // namespace wxlogind::storage::sqlite
