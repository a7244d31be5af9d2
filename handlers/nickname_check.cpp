#include "handlers/nickname_check.hpp"

#include "core/net/reactor.hpp"
#include "core/wechat/text_check.hpp"

namespace wxlogind::handlers {

namespace {

// For the audit log: what was found, never the name.
std::string finding_of(const result<wechat::text_verdict>& verdict) {
    if (!verdict) return "unchecked " + std::string{to_string(verdict.error().code)};
    return std::string{to_string(verdict->suggestion)} + " " + std::to_string(verdict->label);
}

task<> put_up_for_review(std::string finding, const session::token_claims& of, services& with) {
    storage::audit_entry entry;
    entry.event = storage::audit_event::nickname_flagged;
    entry.user = of.user;
    entry.appid = of.appid;
    entry.detail = std::move(finding);
    [[maybe_unused]] const auto done = co_await with.audit.append(std::move(entry), with.clock.now());
}

} // namespace

task<result<std::string>> openid_of(user_id user, std::string appid, services& with) {
    const auto known = co_await with.store.find_user(user);
    if (!known) co_return known.error();
    const auto identities = co_await with.users.identities_of(known->id);
    if (!identities) co_return identities.error();
    for (const storage::identity_record& each : *identities)
        if (each.appid == appid) co_return each.openid;
    co_return errc::not_found;
}

task<result<void>> check_nickname(
    const storage::profile_change& change, const session::token_claims& of, const net::request& incoming,
    services& with) {
    const app* const from = with.apps.find(of.appid);
    if (!change.nick_name || change.nick_name->empty() || from == nullptr ||
        from->nickname_check == nickname_policy::off)
        co_return result<void>{};
    auto openid = co_await openid_of(of.user, of.appid, with);
    if (!openid)
        co_return openid.error().code == errc::not_found ? failure{errc::invalid_token} : openid.error();
    wechat::text_to_check text;
    text.openid = std::move(*openid);
    text.content = *change.nick_name;
    text.traceparent = incoming.traceparent;
    wechat::authorised_calls& api = *with.wechat_calls[incoming.home->index()];
    const auto verdict = co_await wechat::check_text(api, from->credentials, std::move(text));

    if (from->nickname_check == nickname_policy::review) {
        if (!verdict || verdict->suggestion != wechat::text_suggestion::pass) {
            std::string finding = finding_of(verdict);
            co_await put_up_for_review(std::move(finding), of, with);
        }
        co_return result<void>{};
    }
    if (!verdict) co_return verdict.error();
    if (verdict->suggestion == wechat::text_suggestion::risky)
        co_return failure{errc::invalid_request, "nickName: refused by WeChat's content check"};
    co_return result<void>{};
}

} // namespace wxlogind::handlers
