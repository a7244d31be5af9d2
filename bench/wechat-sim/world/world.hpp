// WeChat as a mini program's server sees it: apps, users, codes and the rules between them. No I/O.
//
// Source: the documentation of code2Session, and what is known of its answers. The order of the checks is
// documented nowhere; it is this simulator's choice.
#pragma once

#include "bench/wechat-sim/world/code_book.hpp"
#include "bench/wechat-sim/world/content_book.hpp"
#include "bench/wechat-sim/world/encrypt_key_book.hpp"
#include "bench/wechat-sim/world/identities.hpp"
#include "bench/wechat-sim/world/profile_book.hpp"
#include "bench/wechat-sim/world/security_book.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "bench/wechat-sim/world/token_book.hpp"
#include "bench/wechat-sim/world/user_book.hpp"
#include "core/base/clock.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat_sim {

// The parameters of code2Session; an empty one is a missing one.
struct exchange_request {
    std::string_view appid{};
    std::string_view secret{};
    std::string_view js_code{};
    std::string_view grant_type{};
    std::string_view client_ip{};
};

struct exchange_outcome {
    int errcode{0};
    // Good when errcode is 0.
    session_key key{};
    platform_id openid{};
    std::optional<platform_id> unionid{};
};

// Any thread.
class world {
public:
    // `clock` outlives the world.
    world(const world_settings& settings, const wall_clock& clock);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    // code2Session. Spends the code when it succeeds.
    [[nodiscard]] exchange_outcome exchange(const exchange_request& request);

    // A code as wx.login would give it to `user`. nullopt: no such app.
    [[nodiscard]] std::optional<std::string> mint(std::string_view appid, std::string_view user);

    // A code as a button with open-type="getPhoneNumber" would give it. nullopt: no such app.
    [[nodiscard]] std::optional<std::string> mint_phone_code(std::string_view appid, std::string_view user);

    // Adds the app or changes it; counters of its quota go on. Another secret ends its access tokens. False:
    // there are 1,000 apps already.
    bool put_app(app what);
    [[nodiscard]] std::optional<app> find_app(std::string_view appid) const;

    // A blocked user's codes answer 40226, in every app. False: 100,000 users are blocked already.
    bool set_blocked(std::string_view user, bool is_blocked);

    // Who `user` is to an app.
    [[nodiscard]] platform_id openid_of(std::string_view appid, std::string_view user) const {
        return wechat_sim::openid_of(settings_.identity_seed, appid, user);
    }

    [[nodiscard]] platform_id unionid_of(std::string_view group, std::string_view user) const {
        return wechat_sim::unionid_of(settings_.identity_seed, group, user);
    }
    // Whether the openid is that of somebody who has logged in to any of the apps.
    [[nodiscard]] bool is_user_elsewhere(std::string_view openid) const;

    // Who holds the code, of either space; "" when nobody does (any longer).
    [[nodiscard]] std::string user_of(std::string_view code) const;

    // For every request that carries a code, before anything else is done with it.
    void count_arrival(std::string_view code) { codes_.count_arrival(code); }
    // Of a code of either space.
    [[nodiscard]] code_arrivals arrivals_of(std::string_view code) const;

    // The access tokens. Only those of apps that are there are ever issued.
    [[nodiscard]] token_book& tokens() noexcept { return tokens_; }
    // The codes of phone numbers: a space of their own.
    [[nodiscard]] code_book& phone_codes() noexcept { return phone_codes_; }
    [[nodiscard]] user_book& users() noexcept { return users_; }
    [[nodiscard]] profile_book& profiles() noexcept { return profiles_; }
    [[nodiscard]] encrypt_key_book& encrypt_keys() noexcept { return encrypt_keys_; }
    [[nodiscard]] security_book& secured() noexcept { return secured_; }
    [[nodiscard]] content_book& contents() noexcept { return contents_; }
    [[nodiscard]] const content_book& contents() const noexcept { return contents_; }

    [[nodiscard]] unix_millis now() const noexcept { return clock_.now(); }

private:
    struct running_app;

    const world_settings settings_;
    const wall_clock& clock_;
    code_book codes_;
    code_book phone_codes_;
    user_book users_;
    token_book tokens_;
    profile_book profiles_;
    encrypt_key_book encrypt_keys_;
    content_book contents_;
    security_book secured_;

    mutable std::shared_mutex rules_; // guards what follows
    std::map<std::string, std::unique_ptr<running_app>, std::less<>> apps_;
    std::set<std::string, std::less<>> blocked_;
};

} // namespace wxlogind::wechat_sim
