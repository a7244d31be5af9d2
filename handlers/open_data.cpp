#include "handlers/open_data.hpp"

#include "handlers/forms/profile_form.hpp"

#include <algorithm>
#include <iterator>

namespace wxlogind::handlers {

namespace {

failure stale() {
    return {errc::session_key_stale, "not readable with a session_key of this user"};
}

// WeChat fills in nothing of it any more.
void drop_unknown_gender(storage::profile_change& profile) {
    if (profile.gender == 0) profile.gender.reset();
}

void overwrite(storage::profile_change& profile, storage::profile_change&& with) {
    const auto take = [](auto& to, auto& from) {
        if (from) to = std::move(from);
    };
    take(profile.nick_name, with.nick_name);
    take(profile.avatar_url, with.avatar_url);
    take(profile.gender, with.gender);
    take(profile.country, with.country);
    take(profile.province, with.province);
    take(profile.city, with.city);
    take(profile.language, with.language);
}

} // namespace

result<opened_data> open_data_with(
    std::span<const session_key> keys, const wechat::encrypted_text& what, std::string_view appid,
    bool is_watermark_required, const services& with) {
    wechat::watermark_rule rule;
    rule.appid = appid;
    rule.now = std::chrono::floor<std::chrono::seconds>(with.clock.now());
    rule.longest_age = with.open_data_longest_age;
    rule.is_required = is_watermark_required;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        rule.openid = keys[i].openid;
        auto opened = wechat::decrypt(what, keys[i].text.reveal(), rule);
        if (opened) return opened_data{std::move(*opened), i};
    }
    return stale();
}

result<storage::profile_change> proven_profile(
    std::span<const session_key> keys, const open_data_form& form, std::string_view appid,
    const services& with) {
    storage::profile_change profile;
    if (form.from_raw_data) {
        const bool is_signed = std::ranges::any_of(keys, [&](const session_key& each) {
            return wechat::is_signed_with(form.from_raw_data->text, each.text.reveal());
        });
        if (!is_signed) return stale();
        profile = form.from_raw_data->profile;
    }
    if (form.encrypted) {
        const auto opened = open_data_with(keys, *form.encrypted, appid, true, with);
        if (!opened) return opened.error();
        json_document document{"encryptedData"};
        const auto members = document.read(opened->text.reveal());
        if (!members) return members.error();
        auto encrypted = read_profile(*members);
        if (!encrypted) return encrypted.error();
        overwrite(profile, std::move(*encrypted));
    }
    drop_unknown_gender(profile);
    return profile;
}

task<result<void>> add_proven(
    storage::profile_change& said, const wechat::code_session& known, const open_data_form& form,
    std::string_view appid, services& with) {
    std::vector<session_key> keys;
    keys.push_back({0, known.openid, known.session_key, with.clock.now()});
    auto proven = proven_profile(keys, form, appid, with);
    if (!proven && proven.error().code == errc::session_key_stale) {
        auto earlier = co_await session_keys_of_account(appid, known.openid, with);
        if (!earlier && earlier.error().code == errc::not_found) co_return proven.error();
        if (!earlier) co_return earlier.error();
        std::ranges::move(*earlier, std::back_inserter(keys));
        proven = proven_profile(keys, form, appid, with);
    }
    if (!proven) co_return proven.error();
    overwrite(said, std::move(*proven));
    co_return result<void>{};
}

task<result<std::vector<session_key>>>
keys_for_open_data(user_id user, std::string_view appid, services& with) {
    auto keys = co_await session_keys_of(user, appid, with);
    if (!keys && keys.error().code == errc::not_found) co_return stale();
    co_return keys;
}

} // namespace wxlogind::handlers
