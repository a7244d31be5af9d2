// The access tokens of all apps, for everybody in this process and behind it: one place that fetches them, so
// that no two fetch against each other.
//
// The first to want an app's token begins a flight, which runs on the home reactor; whoever comes meanwhile
// waits for it and gets the same. From then on the token is renewed ahead of its end while anybody asks for
// it. Nobody who logs in ever comes here.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/wechat/access_token.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::metrics {
class report;
} // namespace wxlogind::metrics

namespace wxlogind::wechat {

// One a process. Any thread, but for what says otherwise.
class token_centre {
public:
    // `patience`: what a flight may take. `now` tells the time: tests give one that they can move.
    token_centre(
        std::chrono::milliseconds patience, steady_clock::time_point (*now)() noexcept = &steady_clock::now);
    ~token_centre();
    token_centre(const token_centre&) = delete;
    token_centre& operator=(const token_centre&) = delete;

    // Where flights run, and what they ask. Once, before anything else; `source` stays until is_idle() after
    // close().
    void open(executor home, token_source& source);

    // The app's token, good for ten seconds at least. Waits only while there is none, as long as the flight
    // that fetches one may take. The errors of authorised_calls::call; after a failure the same one at once
    // for some seconds, so that a crowd of callers asks WeChat once.
    // `here` is the executor of the calling coroutine; so below.
    task<result<access_token>> current(const app_credentials& app, executor here);

    // For one to whom WeChat answered 40001, 40014 or 42001: a token that is another one, or that WeChat has
    // taken before our eyes. Where stable_token still gives the rejected one and WeChat does not take it from
    // us either, another is had by force, as far as WeChat allows (forced_refreshes.hpp);
    // errc::wechat_unavailable with Retry-After when it does not.
    task<result<access_token>> checked(const app_credentials& app, secret rejected, executor here);

    // For flights from now on.
    void set_patience(std::chrono::milliseconds patience) noexcept {
        patience_.store(patience, std::memory_order_relaxed);
    }

    // Renews what is due. To be called about every second.
    void tend();
    // Forgets the tokens of all other apps, but for those that somebody waits for. Likewise.
    void keep_only(const std::function<bool(std::string_view appid)>& is_served);

    // From now on there are no more flights: errc::wechat_unavailable. Those that are under way end in time.
    void close() noexcept;
    [[nodiscard]] bool is_idle() const;

    // What metrics tell of it.
    struct account {
        std::string appid;
        bool has_token{false};
        std::chrono::seconds age{0};  // since it came
        std::chrono::seconds left{0}; // until it expires
        std::uint64_t fetched{0};     // tokens that came from WeChat
        std::uint64_t failed{0};      // flights that brought none
        std::uint64_t forced{0};      // refreshes by force
    };
    [[nodiscard]] std::vector<account> accounts() const;
    void describe(metrics::report& to) const;

private:
    struct flight;
    struct entry;
    using entry_ptr = std::shared_ptr<entry>;
    using flight_ptr = std::shared_ptr<flight>;

    entry_ptr entry_of(const app_credentials& app);
    flight_ptr begin(const entry_ptr& of, const secret* rejected);
    task<> fly(entry_ptr of, flight_ptr mine, secret rejected);
    task<result<access_token>> find_token(
        const entry_ptr& of, const app_credentials& app, const secret& rejected,
        steady_clock::time_point until);
    void land(const entry_ptr& of, const flight_ptr& mine, result<access_token> with);
    task<result<access_token>> wait_for(flight_ptr which, executor here);
    static void tell_about(const std::string& appid, const failure& why);

    std::atomic<std::chrono::milliseconds> patience_;
    steady_clock::time_point (*const now_)() noexcept;
    std::unique_ptr<executor> home_;
    token_source* source_{nullptr};
    mutable std::mutex lock_; // guards what follows
    std::map<std::string, entry_ptr, std::less<>> entries_;
    std::size_t flying_{0};
    bool is_closed_{false};
};

} // namespace wxlogind::wechat
