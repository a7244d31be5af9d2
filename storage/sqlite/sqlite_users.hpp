// Users, in an SQLite file.
#pragma once

#include "storage/sqlite/table_write.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_users final : public user_store {
public:
    explicit sqlite_users(write_gate& writes) : writes_{writes} {}

    task<result<user_record>> change_profile(user_id id, profile_change change, unix_millis now) override;

private:
    write_gate& writes_;
};

} // namespace wxlogind::storage::sqlite
