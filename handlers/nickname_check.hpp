// What becomes of a nickname that WeChat's content check does not like.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/net/http.hpp"
#include "core/session/token.hpp"
#include "handlers/services.hpp"
#include "storage/store.hpp"

namespace wxlogind::handlers {

// Asks WeChat about the nickname in `change`, where there is one and the app's policy is not "off".
// errc::invalid_request: it is risky, and the policy "refuse". With it a nickname that could not be checked
// is not taken either: the failure of the check. With "review" every nickname is taken, and one that is not
// plainly passed is put into the audit log, for a person to look at.
task<result<void>> check_nickname(
    const storage::profile_change& change, const session::token_claims& of, const net::request& incoming,
    services& with);

// The openid of the user in that app. errc::not_found: none.
task<result<std::string>> openid_of(user_id user, std::string appid, services& with);

} // namespace wxlogind::handlers
