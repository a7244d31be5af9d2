// What became of our calls to WeChat, in numbers: by app, by call, and by what was answered.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/metrics/histogram.hpp"
#include "core/net/https_pool.hpp"
#include "core/wechat/circuit_breaker.hpp"
#include "core/wechat/errcodes.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace wxlogind::wechat {

// Round trips of one app and call, on one reactor. The reactor counts, any thread reads.
class round_trips {
public:
    explicit round_trips(wechat_call kind) noexcept : kind_{kind} {}

    // An exchange is over without a response.
    void failed(const net::exchange_outcome& outcome) noexcept { failed(outcome.fault, outcome); }

    // It is over with one, which was read as `reply`.
    template <class T>
    void answered(const net::exchange_outcome& outcome, const result<T>& reply) noexcept {
        if (reply)
            answered(errcode_ok, outcome);
        else if (reply.error().wechat_errcode != 0)
            answered(reply.error().wechat_errcode, outcome);
        else
            failed(net::exchange_fault::bad_response, outcome);
    }

    static constexpr std::size_t faults = static_cast<std::size_t>(net::exchange_fault::bad_response) + 1;

    // Of several reactors, added up.
    struct sums {
        std::map<int, std::uint64_t> by_errcode; // those that are known
        std::uint64_t other{0};                  // the others
        std::array<std::uint64_t, faults> by_fault{};
        metrics::distribution took{metrics::histogram<metrics::request_times>::empty()};
    };
    void add_to(sums& all) const;

private:
    struct errcode_count {
        std::atomic<int> errcode{errcode_ok};
        metrics::counter answers{};
    };

    void answered(int errcode, const net::exchange_outcome& outcome) noexcept;
    void failed(net::exchange_fault why, const net::exchange_outcome& outcome) noexcept;
    void note_time(const net::exchange_outcome& outcome) noexcept;

    const wechat_call kind_;
    // In the order in which they came, the first for errcode 0. Only known errcodes have a place, so that an
    // upstream that invents them makes nothing grow.
    std::array<errcode_count, 24> by_errcode_{};
    std::atomic<std::size_t> used_{1};
    metrics::counter other_;
    std::array<metrics::counter, faults> by_fault_{};
    metrics::histogram<metrics::request_times> took_;
};

// Which calls have a circuit breaker of their own, in every app.
enum class breaker_of : std::uint8_t {
    logins,
    others,
};

// All round trips of one reactor. What it hands out stays as long as it does: there are as many as there have
// been apps in the configuration, times the calls that are made.
class client_round_trips {
public:
    struct key {
        std::string appid;
        std::string_view path; // a literal
        auto operator<=>(const key&) const = default;
    };
    using breaker_key = std::pair<std::string, breaker_of>;
    using breaker_states = std::array<std::uint64_t, 3>; // how many are in each state

    // Any thread; both take a lock, so keep the reference where calls are many.
    round_trips& of(std::string_view appid, std::string_view path, wechat_call kind);
    breaker_sign& sign_of(std::string_view appid, breaker_of which);

    // Of the breaker of all apps, which is about whether WeChat can be reached.
    breaker_sign reach{};

    // Any thread.
    void add_to(std::map<key, round_trips::sums>& all) const;
    void add_to(std::map<breaker_key, breaker_states>& all) const;

private:
    mutable std::mutex lock_; // guards what follows, but not what is pointed to
    std::map<key, std::unique_ptr<round_trips>> calls_;
    std::map<breaker_key, std::unique_ptr<breaker_sign>> breakers_;
};

} // namespace wxlogind::wechat
