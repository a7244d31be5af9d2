#include "handlers/session_keys.hpp"

#include "handlers/sealed_places.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

result<std::vector<session_key>>
open_all(std::vector<storage::stored_session_key>&& stored, std::string_view appid, const services& with) {
    std::vector<session_key> keys;
    const auto is_known = [&keys](const secret& text) {
        return std::ranges::any_of(
            keys, [&](const session_key& each) { return each.text.reveal() == text.reveal(); });
    };
    for (storage::stored_session_key& each : stored) {
        auto opened = with.keys.now().sealer().open(each.envelope, place_of_session_key(appid, each.openid));
        // The store cannot tell that two are equal which were sealed under different keys.
        if (!opened || is_known(*opened)) continue;
        keys.push_back({each.sid, std::move(each.openid), std::move(*opened), each.since});
    }
    if (keys.empty()) return errc::not_found;
    return keys;
}

} // namespace

task<result<std::vector<session_key>>> session_keys_of(user_id user, std::string_view appid, services& with) {
    auto stored = co_await with.session_keys.keys_of(user, std::string{appid});
    if (!stored) co_return stored.error();
    co_return open_all(std::move(*stored), appid, with);
}

task<result<std::vector<session_key>>>
session_keys_of_account(std::string_view appid, std::string_view openid, services& with) {
    auto stored = co_await with.session_keys.keys_of_account(std::string{appid}, std::string{openid});
    if (!stored) co_return stored.error();
    co_return open_all(std::move(*stored), appid, with);
}

} // namespace wxlogind::handlers
