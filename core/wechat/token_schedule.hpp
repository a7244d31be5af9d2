// What is known of one app's access token, and what has to be done about it when.
#pragma once

#include "core/wechat/access_token.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace wxlogind::wechat {

// In normal mode stable_token gives the same token until its last five minutes, and then a new one, beside
// which the old one stays good: so it is asked in these minutes, at a time that differs from server to
// server. From then on the new one is given out; whoever still holds the old one may use it until it expires.
//
// Pure: the time and the chance are passed in. One per app; not thread-safe.
class token_schedule {
public:
    using time_point = steady_clock::time_point;

    // What a token still has to live to be given out.
    static constexpr std::chrono::seconds margin{10};
    // A token is renewed when it has that left: later by 5 to 65 s.
    static constexpr std::chrono::seconds overlap{300};
    static constexpr std::chrono::seconds shortest_delay{5};
    static constexpr std::uint32_t spread_s{60};
    // A failed renewal is tried again after 1 s, doubling to half a minute.
    static constexpr std::chrono::seconds first_pause{1};
    static constexpr std::chrono::seconds longest_pause{30};
    // One that nobody has asked for in that time is not renewed.
    static constexpr std::chrono::hours interest{2};
    // A token that WeChat has taken before our eyes is not checked again for so long, whoever complains.
    static constexpr std::chrono::seconds trust{5};

    // Somebody wants the token: what there is, or nullopt while none is good.
    [[nodiscard]] std::optional<access_token> serve(time_point now);

    enum class advice : unsigned char {
        serve, // the one there is: it is not the rejected one, or WeChat has just taken it
        check,
        fetch, // there is none
    };
    // Somebody says that WeChat did not take `rejected`.
    [[nodiscard]] advice about_rejected(const secret& rejected, time_point now);

    // A token has come. `chance` is any number.
    void adopt(access_token token, time_point now, std::uint32_t chance);
    // WeChat takes the one there is.
    void confirm(time_point now) noexcept { trusted_until_ = now + trust; }
    // None came.
    void failed(failure why, time_point now, std::uint32_t chance);
    // The secret is another one: what was refused may not be any more.
    void forget_failure() noexcept;

    // Whether it is time to renew it, of its own accord.
    [[nodiscard]] bool is_due(time_point now) const noexcept;
    // Why none came, while it is too early to ask again.
    [[nodiscard]] std::optional<failure> standing_failure(time_point now) const;

    [[nodiscard]] const std::optional<access_token>& current() const noexcept { return current_; }
    // When the current one came; of the last that is different from the one before.
    [[nodiscard]] time_point adopted() const noexcept { return adopted_; }

private:
    std::optional<access_token> current_{};
    time_point adopted_{};
    time_point refresh_at_{};
    time_point trusted_until_{};
    time_point wanted_at_{};
    std::optional<failure> failure_{};
    time_point patient_until_{}; // after a failure
    std::chrono::seconds pause_{0};
};

} // namespace wxlogind::wechat
