#include "storage/sqlite/user_reads.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

user_record user_in(const statement& row, const user_id& id) {
    user_record user;
    user.id = id;
    if (!row.is_null(0)) user.unionid.emplace(row.text(0));
    user.profile.nick_name = row.text(1);
    user.profile.avatar_url = row.text(2);
    user.profile.gender = static_cast<int>(row.number(3));
    user.profile.country = row.text(4);
    user.profile.province = row.text(5);
    user.profile.city = row.text(6);
    user.profile.language = row.text(7);
    user.state = static_cast<user_state>(row.number(8));
    user.created = time_in(row, 9);
    user.updated = time_in(row, 10);
    if (!row.is_null(11)) user.sealed_phone = row.blob(11);
    user.phone_sealed_for = row.is_null(12) ? id : id_in(row.blob(12));
    return user;
}

user_reads::user_reads(connection& on)
    : find_{on, "SELECT " + std::string{user_columns} + " FROM user WHERE id = ?1"},
      find_survivor_{on, "SELECT survivor FROM merged_user WHERE id = ?1"} {}

result<user_record> user_reads::find(const user_id& id) {
    bind_id(find_, 1, id);
    execution user{find_};
    if (!user.step()) return errc::not_found;
    return user_in(find_, id);
}

result<user_record> user_reads::find_survivor(const user_id& id) {
    auto user = find(id);
    if (user) return user;
    bind_id(find_survivor_, 1, id);
    execution row{find_survivor_};
    if (!row.step()) return user;
    return find(id_in(find_survivor_.blob(0)));
}

} // namespace wxlogind::storage::sqlite
