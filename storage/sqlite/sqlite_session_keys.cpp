#include "storage/sqlite/sqlite_session_keys.hpp"

namespace wxlogind::storage::sqlite {

// Asked of the writer, though nothing is written: the readers would have to look through all sessions that
// are not written behind yet.
task<result<std::vector<stored_session_key>>> sqlite_session_keys::keys_of(user_id user, std::string appid) {
    return writes_.write(
        [user, appid = std::move(appid)](tables& in) { return in.session_keys.keys_of(user, appid); });
}

} // namespace wxlogind::storage::sqlite
