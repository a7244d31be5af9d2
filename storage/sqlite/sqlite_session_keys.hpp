// The session_keys of users, in an SQLite file.
#pragma once

#include "storage/session_key_store.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_session_keys final : public session_key_store {
public:
    explicit sqlite_session_keys(write_gate& writes) : writes_{writes} {} // which outlives this

    task<result<std::vector<stored_session_key>>> keys_of(user_id user, std::string appid) override;
    task<result<std::vector<stored_session_key>>>
    keys_of_account(std::string appid, std::string openid) override;

    task<result<bool>>
    replace(stored_session_key which, std::string envelope, std::uint64_t fingerprint) override;

private:
    write_gate& writes_;
};

} // namespace wxlogind::storage::sqlite
