// How the apps stand with WeChat, by what became of their logins: which of them a breaker or a pause keeps
// from asking, and what the log tells somebody to look at.
#pragma once

#include "core/base/async.hpp"
#include "core/base/config.hpp"
#include "core/base/errors.hpp"
#include "core/wechat/app_backoff.hpp"
#include "core/wechat/circuit_breaker.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/round_trips.hpp"
#include "core/wechat/wechat_api.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// Of code2Session.
inline constexpr std::string_view login_path = "/sns/jscode2session";

// What the tries of one login came to, and what that says of WeChat.
struct login_attempt {
    enum class verdict : unsigned char {
        answered, // WeChat itself has spoken
        silent,
        unasked,
    };

    login_attempt(result<code_session> with, verdict means, bool was_code_sent = true)
        : reply{std::move(with)}, said{means}, was_sent{was_code_sent} {}

    [[nodiscard]] bool refuses_secret() const noexcept {
        return reply.has_error() && reply.error().wechat_errcode == errcode_invalid_secret;
    }

    result<code_session> reply;
    verdict said;
    bool was_sent; // so WeChat was reached
};

// Of one app.
struct app_standing {
    app_standing(round_trips& to, circuit_breaker closed) : counts{to}, breaker{closed} {}

    round_trips& counts;
    circuit_breaker breaker; // WeChat was reached, and answered nothing
    app_backoff backoff;
    steady_clock::time_point other_secret_again{}; // both were refused
    bool is_down{false};                           // the log has said so
    steady_clock::time_point alarm_again{};
    steady_clock::time_point warning_again{};
};

// One a reactor; its thread only, but for state(). `counts` outlives it.
class login_standing {
public:
    login_standing(const wechat_settings& settings, client_round_trips& counts);

    // Limits from now on. What is known of apps that are not served any more is forgotten.
    void use(const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served);

    // Held by the logins that are under way, should a reload take the app away.
    [[nodiscard]] std::shared_ptr<app_standing> of(const std::string& appid);

    // Why a login of the app may not ask WeChat now; nullopt: it may, and has to be followed by note() or
    // gave_up().
    [[nodiscard]] std::optional<failure> refuse(app_standing& app, steady_clock::time_point now);

    // Whoever still waits for a connection when a breaker opens need not wait for the rest.
    [[nodiscard]] bool is_worth_asking(const app_standing& app) const noexcept;

    void note(app_standing& app, const std::string& appid, const login_attempt& tried);

    // Nothing was learned.
    void gave_up(app_standing& app) noexcept;

    // Any thread.
    [[nodiscard]] upstream_state state() const noexcept { return state_.load(std::memory_order_relaxed); }

private:
    void note_silence(app_standing& app, const std::string& appid, const login_attempt& tried);

    unsigned breaker_failures_;
    std::chrono::milliseconds breaker_pause_;
    client_round_trips& counts_;
    // Whether WeChat can be reached at all: what every app suffers from alike.
    circuit_breaker reach_;
    bool is_out_of_reach_{false}; // the log has said so
    // As many as are configured.
    std::map<std::string, std::shared_ptr<app_standing>, std::less<>> apps_;
    std::atomic<upstream_state> state_{upstream_state::untried};
};

} // namespace wxlogind::wechat
