// /wechat/check-session, /wechat/reset-session-key, /wechat/user-encrypt-key, for back ends: what WeChat does
// with the session_key of a user, which itself never leaves this server.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/user_of_app.hpp"
#include "handlers/sealed_places.hpp"
#include "handlers/session_keys.hpp"

#include "core/base/json_text.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/session_key_calls.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

// The current key; the one before it, where two logins at once were written in the other order.
constexpr std::size_t most_tries = 2;
constexpr int most_changes_meanwhile = 3;

result<user_of_app> read_order(const net::request& incoming, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    return read_user_of_app(*members, with.apps);
}

// Newest first. Fills in who the user is by now.
task<result<std::vector<session_key>>> keys_to_try(user_of_app& order, services& with) {
    const auto user = co_await with.store.find_user(order.user);
    if (!user) co_return user.error();
    order.user = user->id;
    const std::string_view appid = order.of->credentials.appid;
    auto keys = co_await session_keys_of(user->id, appid, with);
    if (!keys && keys.error().code == errc::not_found)
        co_return failure{errc::session_key_stale, "the user has no session in this app"};
    if (keys && keys->size() > most_tries) keys->resize(most_tries);
    co_return keys;
}

wechat::session_key_owner owner_of(const session_key& key, const net::request& asked_by) {
    return {.openid = key.openid, .session_key = key.text, .traceparent = asked_by.traceparent};
}

bool is_stale(const failure& why) {
    return why.code == errc::session_key_stale;
}

net::response answer_about(const user_of_app& order, std::string body) {
    net::response reply;
    reply.no_store = true;
    reply.subject = to_string(order.user);
    reply.body = std::move(body);
    return reply;
}

std::string render(const std::vector<wechat::user_encrypt_key>& keys) {
    std::string body{R"({"keys":[)"};
    for (const wechat::user_encrypt_key& each : keys) {
        if (&each != &keys.front()) body += ',';
        body += R"({"encrypt_key":)";
        append_json_string(body, each.key.reveal());
        body += R"(,"iv":)";
        append_json_string(body, each.iv);
        body += R"(,"version":)" + std::to_string(each.version);
        body += R"(,"expires_in":)" + std::to_string(each.expires_in.count());
        body += R"(,"created":)" + std::to_string(each.created.time_since_epoch().count());
        body += '}';
    }
    body += "]}";
    return body;
}

// Seals `fresh` where `old` is. A login that came meanwhile with another key has a newer one.
task<result<void>>
keep_instead(const user_of_app& order, const session_key& old, const secret& fresh, services& with) {
    const std::string& appid = order.of->credentials.appid;
    const std::string place = place_of_session_key(appid, old.openid);
    for (int round = 0; round < most_changes_meanwhile; ++round) {
        auto stored = co_await with.session_keys.keys_of(order.user, appid);
        if (!stored) co_return stored.error();
        const sealer& seal = with.keys.now().sealer();
        const auto is_old = [&](const storage::stored_session_key& each) {
            if (each.openid != old.openid) return false;
            const auto opened = seal.open(each.envelope, place);
            return opened && opened->reveal() == old.text.reveal();
        };
        const auto found = std::ranges::find_if(*stored, is_old);
        if (found == stored->end()) co_return result<void>{};
        const auto replaced = co_await with.session_keys.replace(
            *found, seal.seal(fresh.reveal(), place), seal.fingerprint(fresh.reveal()));
        if (!replaced) co_return replaced.error();
        if (*replaced) co_return result<void>{};
    }
    co_return errc::internal;
}

} // namespace

task<result<net::response>> check_session(const net::request& incoming, services& with) {
    auto order = read_order(incoming, with);
    if (!order) co_return order.error();
    const auto keys = co_await keys_to_try(*order, with);
    if (!keys && !is_stale(keys.error())) co_return keys.error();

    wechat::authorised_calls& calls = *with.wechat_calls[incoming.home->index()];
    for (std::size_t tried = 0; keys && tried < keys->size(); ++tried) {
        const wechat::session_key_owner whose = owner_of((*keys)[tried], incoming);
        const auto checked = co_await wechat::check_session_key(calls, order->of->credentials, whose);
        if (checked) co_return answer_about(*order, R"({"valid":true})");
        if (!is_stale(checked.error())) co_return checked.error();
    }
    co_return answer_about(*order, R"({"valid":false})");
}

task<result<net::response>> reset_session_key(const net::request& incoming, services& with) {
    auto order = read_order(incoming, with);
    if (!order) co_return order.error();
    // The new key is WeChat's only one from then on: it is not asked for where it cannot be kept.
    if (!with.store.takes_writes()) co_return errc::storage_unavailable;
    const auto keys = co_await keys_to_try(*order, with);
    if (!keys) co_return keys.error();

    wechat::authorised_calls& calls = *with.wechat_calls[incoming.home->index()];
    failure refused{errc::session_key_stale};
    for (const session_key& each : *keys) {
        const wechat::session_key_owner whose = owner_of(each, incoming);
        const auto fresh = co_await wechat::reset_session_key(calls, order->of->credentials, whose);
        if (fresh) {
            const auto kept = co_await keep_instead(*order, each, *fresh, with);
            if (!kept) co_return kept.error();
            net::response reply = answer_about(*order, {});
            reply.status = 204;
            co_return reply;
        }
        refused = fresh.error();
        if (!is_stale(refused)) break;
    }
    co_return refused;
}

task<result<net::response>> give_user_encrypt_key(const net::request& incoming, services& with) {
    auto order = read_order(incoming, with);
    if (!order) co_return order.error();
    const auto keys = co_await keys_to_try(*order, with);
    if (!keys) co_return keys.error();

    wechat::authorised_calls& calls = *with.wechat_calls[incoming.home->index()];
    failure refused{errc::session_key_stale};
    for (const session_key& each : *keys) {
        const wechat::session_key_owner whose = owner_of(each, incoming);
        const auto found = co_await wechat::user_encrypt_keys(calls, order->of->credentials, whose);
        if (found) co_return answer_about(*order, render(*found));
        refused = found.error();
        if (!is_stale(refused)) break;
    }
    co_return refused;
}

} // namespace wxlogind::handlers
