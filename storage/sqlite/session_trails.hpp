// The sessions of one user, from the newest back: each row says which was before it. Throws sqlite_error.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

class session_trails {
public:
    explicit session_trails(connection& on); // which outlives this

    // As user_store::sessions_on.
    [[nodiscard]] session_page follow(session_trail trail);

private:
    statement find_;
};

} // namespace wxlogind::storage::sqlite
