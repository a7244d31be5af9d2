// Whom the ids of merged users mean: the rows of merged_user.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/user_id.hpp"
#include "storage/session_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
//
// The rows of sessions keep the id of the user that they were opened for, since there may be thousands: a row
// of merged_user leads from there to the survivor. It stays for as long as the survivor does.
class merged_users {
public:
    explicit merged_users(connection& on); // which outlives this

    [[nodiscard]] std::optional<user_id> survivor_of(const user_id& id);

    struct past_merge {
        user_id survivor; // today
        user_id into;     // then
        unix_millis created;
        unix_millis at;
    };
    [[nodiscard]] std::optional<past_merge> find(const user_id& merged);

    struct leaving {
        user_id id;
        unix_millis created;
        std::int64_t revoked_through{0};
        unix_millis tokens_until; // the last token that names it has expired by then
    };
    // From now on it means the survivor, and so do those who had been merged into it.
    void lead(const leaving& merged, const user_id& survivor, unix_millis now);

    // It means itself again, and so do those who had been merged into it before it was merged itself.
    void lead_back(const user_id& merged, const user_id& survivor, const revoking& when);

    // With the survivor goes what leads to it.
    void forget(const user_id& survivor);

    // What this transaction has changed, in order.
    [[nodiscard]] const std::vector<user_alias>& renamed() const noexcept { return renamed_; }
    // It is over, and whoever has to know it knows.
    void forget_transaction() noexcept { renamed_.clear(); }

private:
    void tell_aliases_of(const user_id& survivor, unix_millis now);

    std::vector<user_alias> renamed_;
    statement find_survivor_;
    statement find_;
    statement lead_;
    statement lead_on_;
    statement lead_back_;
    statement lead_no_more_;
    statement forget_;
    statement aliases_;
};

} // namespace wxlogind::storage::sqlite
