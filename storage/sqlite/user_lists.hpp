// Users found by other things than their id, page by page. Throws sqlite_error.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/user_store.hpp"

#include <vector>

namespace wxlogind::storage::sqlite {

class user_lists {
public:
    explicit user_lists(connection& on); // which outlives this

    // As user_store::list.
    [[nodiscard]] user_page
    page(const user_filter& filter, const std::optional<user_position>& behind, std::size_t limit);
    [[nodiscard]] std::vector<identity_record> identities_of(const user_id& id);
    [[nodiscard]] std::vector<merged_record> merged_into(const user_id& survivor);
    // See user_store::unused_avatars.
    [[nodiscard]] bool is_avatar_used(std::string_view avatar_url);

private:
    statement all_;
    statement by_id_;
    statement by_unionid_;
    statement by_openid_;
    statement by_nick_name_;
    statement by_state_;
    statement by_phone_;
    statement identities_;
    statement merged_;
    statement by_avatar_;
};

} // namespace wxlogind::storage::sqlite
