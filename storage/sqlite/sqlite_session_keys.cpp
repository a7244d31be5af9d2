#include "storage/sqlite/sqlite_session_keys.hpp"

namespace wxlogind::storage::sqlite {

task<result<bool>>
sqlite_session_keys::replace(stored_session_key which, std::string envelope, std::uint64_t fingerprint) {
    resealed_value change{which.sid, std::move(which.envelope), std::move(envelope), fingerprint};
    return writes_.write([change = std::move(change)](tables& in) { return in.sealed.replace(change); });
}

// Asked of the writer, though nothing is written: the readers would have to look through all sessions that
// are not written behind yet.
task<result<std::vector<stored_session_key>>> sqlite_session_keys::keys_of(user_id user, std::string appid) {
    return writes_.write(
        [user, appid = std::move(appid)](tables& in) { return in.session_keys.keys_of(user, appid); });
}

task<result<std::vector<stored_session_key>>>
sqlite_session_keys::keys_of_account(std::string appid, std::string openid) {
    return writes_.write([appid = std::move(appid), openid = std::move(openid)](tables& in) {
        return in.session_keys.keys_of_account(appid, openid);
    });
}

} // namespace wxlogind::storage::sqlite
