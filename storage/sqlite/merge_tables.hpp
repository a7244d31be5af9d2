// Users who turn out to be one person, in SQL.
#pragma once

#include "storage/merge_note.hpp"
#include "storage/sqlite/audit_tables.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/merged_phones.hpp"
#include "storage/sqlite/merged_users.hpp"
#include "storage/sqlite/session_tables.hpp"
#include "storage/store_counters.hpp"
#include "storage/user_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class merge_tables {
public:
    // The references outlive this.
    merge_tables(connection& on, session_tables& sessions, audit_tables& audit, store_counters& counters);

    // As user_store::merge.
    [[nodiscard]] result<merge_outcome> merge(const user_id& one, const user_id& other, const revoking& when);

    struct revival {
        user_id survivor;
        std::vector<std::int64_t> identities; // that have gone back
    };
    // As user_store::unmerge, but for the rows of the sessions.
    [[nodiscard]] result<revival> unmerge(const user_id& merged, const revoking& when);

    // Merges from before `time` cannot be undone any more: what is kept for that alone goes, a hundred rows
    // at a time; true while there may be more.
    [[nodiscard]] bool forget_undoing_before(unix_millis time) {
        return phones_.forget_set_aside_before(time);
    }

    // Who answers to the id: the survivor, where its user was merged, else the id itself.
    [[nodiscard]] user_id meant_by(const user_id& id) { return merged_.survivor_of(id).value_or(id); }

    // With the survivor goes what leads to it.
    void forget_merged_into(const user_id& survivor) { merged_.forget(survivor); }

    // What this transaction has changed, in order.
    [[nodiscard]] const std::vector<user_alias>& renamed() const noexcept { return merged_.renamed(); }
    // It is over, and whoever has to know it knows.
    void forget_transaction() noexcept { merged_.forget_transaction(); }

private:
    struct person {
        user_id id;
        unix_millis created;
        unix_millis updated;
        user_state state{user_state::active};
        std::optional<std::string> unionid;
        std::int64_t revoked_through{0};
    };
    [[nodiscard]] std::optional<person> find(const user_id& id);
    [[nodiscard]] std::optional<merge_note> find_note(const user_id& merged, const user_id& into);
    [[nodiscard]] merge_outcome join(const person& survivor, const person& merged, const revoking& when);
    [[nodiscard]] merge_note take_over(const person& survivor, const person& merged, unix_millis now);
    void give_back(const merge_note& note, const person& survivor);

    connection& on_;
    session_tables& sessions_;
    audit_tables& audit_;
    store_counters& counters_;
    merged_users merged_;
    merged_phones phones_;

    statement find_;
    statement what_is_lacking_;
    statement take_profile_;
    statement identities_;
    statement move_identities_;
    statement move_identity_;
    statement set_unionid_;
    statement erase_user_;
    statement revive_user_;
    statement find_note_;
};

} // namespace wxlogind::storage::sqlite
