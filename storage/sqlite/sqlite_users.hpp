// Users, in an SQLite file.
#pragma once

#include "storage/sqlite/long_reads.hpp"
#include "storage/sqlite/table_write.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_users final : public user_store {
public:
    // Both outlive this.
    sqlite_users(write_gate& writes, long_reads& reads) : writes_{writes}, reads_{reads} {}

    task<result<user_record>> change_profile(user_id id, profile_change change, unix_millis now) override;
    task<result<void>> erase(user_id id, revoking when) override;
    task<result<merge_outcome>> merge(user_id one, user_id other, revoking when) override;
    task<result<user_id>> unmerge(user_id merged, revoking when) override;
    task<result<user_page>>
    list(user_filter filter, std::optional<user_position> behind, std::size_t limit) override;
    task<result<std::vector<identity_record>>> identities_of(user_id id) override;
    task<result<std::vector<merged_record>>> merged_into(user_id survivor) override;
    task<result<std::vector<std::string>>> unused_avatars(std::vector<std::string> avatar_urls) override;
    task<result<session_trail>> trail_of_sessions(user_id id) override;
    task<result<session_page>> sessions_on(session_trail trail) override;

private:
    write_gate& writes_;
    long_reads& reads_;
};

} // namespace wxlogind::storage::sqlite
