// Users as they are read. Throws sqlite_error.
#pragma once

#include "core/base/errors.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/store.hpp"

#include <string_view>

namespace wxlogind::storage::sqlite {

// What user_in reads: these columns, from the first of the row on.
inline constexpr std::string_view user_columns{
    "unionid, nick_name, avatar_url, gender, country, province, "
    "city, language, state, created, updated, phone, phone_sealed_for"};
inline constexpr int user_column_count = 13;
[[nodiscard]] user_record user_in(const statement& row, const user_id& id);

class user_reads {
public:
    explicit user_reads(connection& on); // which outlives this

    // errc::not_found.
    [[nodiscard]] result<user_record> find(const user_id& id);
    // Also by the id of a user that was merged: gives the survivor.
    [[nodiscard]] result<user_record> find_survivor(const user_id& id);

private:
    statement find_;
    statement find_survivor_;
};

} // namespace wxlogind::storage::sqlite
