// The access tokens of all apps: issued, overlapping, replaced, expired.
//
// Source: the documentation of getAccessToken and getStableAccessToken.
#pragma once

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/quota.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "core/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// Tokens of the two kinds do not know of each other.
enum class token_kind : std::uint8_t {
    classic, // GET /cgi-bin/token: each call gives a new one
    stable,  // POST /cgi-bin/stable_token: the same one until it is nearly over
};

struct issued_token {
    int errcode{0}; // a quota's when there was no token to be had
    std::string text{};
    std::chrono::seconds expires_in{}; // what is left of its life
};

struct token_check {
    int errcode{0};
    std::string appid{}; // whose token it is, also when it is no longer good
};

// How a token ends before its time.
enum class token_end : std::uint8_t {
    revoked, // as if it had been replaced: 40001
    expired, // as if its life were over: 42001
};

struct token_counts {
    std::uint64_t classic{};       // calls that were given a token
    std::uint64_t stable{};        // likewise
    std::uint64_t stable_made{};   // of them, those that were given a new one
    std::uint64_t stable_forced{}; // of them, by force
    std::uint64_t second_server{}; // classic tokens that the second server took
};

// Any thread. The last 100 tokens of each kind of an app are known, the older ones are like any others that
// never were.
class token_book {
public:
    explicit token_book(const world_settings& settings);

    // A new token; the one before stays good for the overlap.
    [[nodiscard]] issued_token issue_classic(std::string_view appid, unix_millis now);
    // The current one, or a new one in its last minutes, when both are good. By force: a new one at once, and
    // the one before is dead; but not so soon after the last time, and only so often a day.
    [[nodiscard]] issued_token issue_stable(std::string_view appid, bool by_force, unix_millis now);

    // 0, 40001, 40014, 41001 or 42001.
    [[nodiscard]] token_check check(std::string_view token, unix_millis now);

    // A server that shares the app's secret takes a classic token: now, or, every so often from now on, at
    // times that are not regular (0 ends it). `overlap` is what the token before has left.
    void rotate_classic(std::string_view appid, unix_millis now, std::chrono::milliseconds overlap);
    void let_second_server_rotate(std::string_view appid, std::chrono::milliseconds every, unix_millis now);

    // Ends all tokens of that kind, and the app gets new ones when it asks.
    void end(std::string_view appid, token_kind kind, token_end how, unix_millis now);
    // Ends one; false when it is not known.
    [[nodiscard]] bool end_one(std::string_view token, token_end how, unix_millis now);

    [[nodiscard]] token_counts counts_of(std::string_view appid) const;

private:
    struct token_record {
        std::string appid;
        token_kind kind{};
        unix_millis expires_at;
        unix_millis replaced_at{unix_millis::max()};
    };
    struct app_tokens {
        std::deque<std::string> classic; // the oldest first
        std::deque<std::string> stable;
        token_counts counts;
        period_count classic_today, stable_today, stable_this_minute, forced_today;
        unix_millis last_forced_at{unix_millis::min()};
        std::chrono::milliseconds second_server_every{};
        unix_millis second_server_at;
    };
    using app_map = std::map<std::string, app_tokens, std::less<>>;
    using record_map = std::map<std::string, token_record, std::less<>>;

    app_map::value_type& app_of(std::string_view appid);
    std::string make(app_map::value_type& of, token_kind kind, unix_millis now);
    std::string replace_classic(app_map::value_type& of, unix_millis now, std::chrono::milliseconds overlap);
    void let_second_server_act(app_map::value_type& of, unix_millis now);
    [[nodiscard]] std::chrono::milliseconds draw_pause(std::chrono::milliseconds about);
    [[nodiscard]] static std::deque<std::string>& tokens_of(app_tokens& of, token_kind kind) noexcept;
    // The latest of that kind; records_.end() = none yet.
    [[nodiscard]] record_map::iterator latest_of(app_tokens& of, token_kind kind);
    void end_all(app_tokens& of, token_kind kind, token_end how, unix_millis now);
    static void end_record(token_record& which, token_end how, unix_millis now);

    const world_settings settings_;
    mutable std::mutex lock_; // guards what follows
    generator numbers_;
    app_map apps_;
    record_map records_;
};

} // namespace wxlogind::wechat_sim
