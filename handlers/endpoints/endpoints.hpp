// Every endpoint, one source file each. Which path leads to which: routes.cpp.
//
// An endpoint reads top to bottom as parse, ask, decide, store, answer. Its failure becomes a problem
// document in one place, the router.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/net/http.hpp"
#include "handlers/services.hpp"

namespace wxlogind::handlers {

using endpoint = task<result<net::response>> (*)(const net::request& incoming, services& with);

task<result<net::response>> log_in(const net::request& incoming, services& with);
task<result<net::response>> refresh_session(const net::request& incoming, services& with);
task<result<net::response>> log_out(const net::request& incoming, services& with);
task<result<net::response>> revoke_token(const net::request& incoming, services& with);
task<result<net::response>> show_me(const net::request& incoming, services& with);
task<result<net::response>> change_me(const net::request& incoming, services& with);
task<result<net::response>> erase_me(const net::request& incoming, services& with);
task<result<net::response>> upload_avatar(const net::request& incoming, services& with);
task<result<net::response>> show_avatar(const net::request& incoming, services& with);
task<result<net::response>> check_text(const net::request& incoming, services& with);
task<result<net::response>> export_me(const net::request& incoming, services& with);
task<result<net::response>> list_users(const net::request& incoming, services& with);
task<result<net::response>> show_user(const net::request& incoming, services& with);
task<result<net::response>> erase_user(const net::request& incoming, services& with);
task<result<net::response>> ban_user(const net::request& incoming, services& with);
task<result<net::response>> unban_user(const net::request& incoming, services& with);
task<result<net::response>> merge_users(const net::request& incoming, services& with);
task<result<net::response>> unmerge_user(const net::request& incoming, services& with);
task<result<net::response>> revoke_user(const net::request& incoming, services& with);
task<result<net::response>> list_sessions(const net::request& incoming, services& with);
task<result<net::response>> revoke_session(const net::request& incoming, services& with);
task<result<net::response>> export_one(const net::request& incoming, services& with);
task<result<net::response>> read_audit(const net::request& incoming, services& with);
task<result<net::response>> start_resealing(const net::request& incoming, services& with);
task<result<net::response>> show_resealing(const net::request& incoming, services& with);
task<result<net::response>> verify_session(const net::request& incoming, services& with);
task<result<net::response>> introspect_token(const net::request& incoming, services& with);
task<result<net::response>> give_access_token(const net::request& incoming, services& with);
task<result<net::response>> check_session(const net::request& incoming, services& with);
task<result<net::response>> reset_session_key(const net::request& incoming, services& with);
task<result<net::response>> give_user_encrypt_key(const net::request& incoming, services& with);
task<result<net::response>> replace_access_token(const net::request& incoming, services& with);
task<result<net::response>> show_metrics(const net::request& incoming, services& with);
task<result<net::response>> show_liveness(const net::request& incoming, services& with);
task<result<net::response>> show_readiness(const net::request& incoming, services& with);

} // namespace wxlogind::handlers
