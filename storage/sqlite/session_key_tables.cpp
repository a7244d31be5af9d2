#include "storage/sqlite/session_key_tables.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

// WeChat gives the same key for a while; logins wait while the chain is followed.
constexpr int most_steps = 64;

} // namespace

session_key_tables::session_key_tables(connection& on, login_tables& logins)
    : logins_{logins},
      identities_{
          on, "SELECT i.number, i.openid FROM identity AS i JOIN app AS a ON a.id = i.app "
              "WHERE i.user = ?1 AND a.appid = ?2"},
      account_{
          on, "SELECT number FROM identity "
              "WHERE app = (SELECT id FROM app WHERE appid = ?1) AND openid = ?2"},
      session_{
          on, "SELECT session_key, fingerprint, previous, created FROM session "
              "WHERE sid = ?1 AND identity = ?2"} {}

result<std::vector<stored_session_key>>
session_key_tables::keys_of(const user_id& user, std::string_view appid) {
    std::vector<stored_session_key> keys;
    bind_id(identities_, 1, user);
    identities_.bind(2, appid);
    execution rows{identities_};
    while (rows.step()) follow(identities_.number(0), identities_.text(1), keys);
    if (keys.empty()) return errc::not_found;
    std::ranges::sort(keys, std::ranges::greater{}, &stored_session_key::sid);
    return keys;
}

result<std::vector<stored_session_key>>
session_key_tables::keys_of_account(std::string_view appid, std::string_view openid) {
    std::vector<stored_session_key> keys;
    account_.bind(1, appid);
    account_.bind(2, openid);
    execution account{account_};
    if (account.step()) follow(account_.number(0), openid, keys);
    if (keys.empty()) return errc::not_found;
    return keys;
}

void session_key_tables::follow(
    std::int64_t identity, std::string_view openid, std::vector<stored_session_key>& into) {
    std::vector<std::int64_t> seen; // fingerprints
    auto next = logins_.newest_session_of(identity);
    for (int step = 0; next && step < most_steps && seen.size() < session_key_store::most_keys; ++step) {
        const std::int64_t sid = *next;
        session_.bind(1, sid);
        session_.bind(2, identity);
        execution row{session_};
        if (!row.step()) return; // swept
        next = session_.is_null(2) ? std::nullopt : std::optional{session_.number(2)};
        // Rows of an earlier schema have no key.
        if (session_.is_null(0) || session_.blob(0).empty()) continue;
        const std::int64_t fingerprint = session_.number(1);
        if (std::ranges::find(seen, fingerprint) != seen.end()) continue;
        seen.push_back(fingerprint);
        into.push_back(
            {.sid = sid,
             .openid = std::string{openid},
             .envelope = std::string{session_.blob(0)},
             .since = time_in(session_, 3)});
    }
}

} // namespace wxlogind::storage::sqlite
