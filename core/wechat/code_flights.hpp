// One login per code, whoever asks and however often: a double tap, a retry of the phone, or a proxy's repeat
// must not spend a second code2Session call on a code that is good for one.
//
// The first to come with a code leads: it runs the login and finishes the flight. Whoever comes with the same
// code meanwhile waits for it, on any reactor, and gets the same answer. After a success the answer stays for
// a short while; after that, and after anything else that may have spent the code, the code is remembered as
// spent and refused here, without asking WeChat.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/wechat/code_fingerprint.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat {

// What is to be remembered of a code when its flight ends.
enum class code_fate : unsigned char {
    good,  // certainly not spent: the client may try again with it
    spent, // spent, or nobody knows
};

// The fate of a code after exchange_code failed. Good after wechat_unavailable without an errcode (not sent),
// overloaded, rate_limited with an errcode, wechat_misconfigured; else spent. (After -1 WeChat has been asked
// three times with it; it is not asked again.)
[[nodiscard]] code_fate fate_after(const failure& why) noexcept;

// The finished answer of a login: the response's text, the same bytes for everybody, or why there is none.
using flight_answer = std::shared_ptr<const result<std::string>>;

struct flight_limits {
    std::chrono::milliseconds replay_window{10000}; // a success is answered again for this long
    std::size_t max_replays{16384};                 // successes kept at a time; beyond, the oldest goes early
    std::size_t spent_codes{1'000'000};             // codes remembered
    std::chrono::milliseconds spent_window{
        300000}; // for at least this long (a code's life), while there is room
};

class code_flights;

// The duty to run a login, or its finished answer. Movable; lives on one reactor. The flights outlive it.
class flight_ticket {
public:
    flight_ticket(flight_ticket&& other) noexcept;
    flight_ticket& operator=(flight_ticket&&) = delete;
    // A leader that ends without finish() fails the flight with errc::internal, and the code counts as spent.
    ~flight_ticket();

    [[nodiscard]] bool leads() const noexcept { return flights_ != nullptr; }

    // The answer, for one that does not lead. A success, a failure of the leader, or errc::code_rejected
    // because the code is spent.
    [[nodiscard]] const flight_answer& answer() const noexcept { return answer_; }

    // Leader only, once: everybody who waits gets `answer`. A success is always remembered as spent.
    flight_answer finish(result<std::string> answer, code_fate fate);

    // Leader only: does anybody wait with it? A login is wanted then, also when the leader's own client has
    // gone.
    [[nodiscard]] bool has_followers() const noexcept;

    struct flight;

private:
    friend class code_flights;
    flight_ticket(code_flights* flights, std::shared_ptr<flight> mine, flight_answer answer) noexcept;

    code_flights* flights_; // nullptr = not the leader, or finished
    std::shared_ptr<flight> flight_;
    flight_answer answer_;
};

// One a process. Any thread.
class code_flights {
public:
    // `now` tells the time: tests give one that they can move.
    explicit code_flights(
        const flight_limits& limits, steady_clock::time_point (*now)() noexcept = &steady_clock::now);
    ~code_flights();
    code_flights(const code_flights&) = delete;
    code_flights& operator=(const code_flights&) = delete;

    // Leads at once when nobody else runs this code; waits for the leader otherwise. `home` is the executor
    // of the calling coroutine.
    //
    //     flight_ticket ticket = co_await flights.board(appid, code, home);
    //     if (!ticket.leads()) co_return reply_with(*ticket.answer());
    task<flight_ticket> board(std::string_view appid, std::string_view code, executor home);

    // Drops answers whose window has passed. Called every few seconds; boarding does it along the way too.
    void sweep();

    // For successes from now on. Any thread.
    void set_replay_window(std::chrono::milliseconds window) noexcept {
        replay_window_.store(window, std::memory_order_relaxed);
    }

    // From now on nobody is woken: the reactors are gone. After they have been joined, before they are
    // destroyed.
    void close() noexcept;

    struct counts {
        std::size_t flying{0};
        std::size_t replayable{0};
        std::size_t spent{0};
        std::uint64_t joined{0};  // logins that waited for, or were answered by, another's flight
        std::uint64_t refused{0}; // logins with a code that was known to be spent
    };
    [[nodiscard]] counts count() const;

private:
    friend class flight_ticket;
    struct shard;
    [[nodiscard]] shard& shard_of(const code_fingerprint& code) const noexcept;
    void finish(flight_ticket::flight& flight, const flight_answer& answer, code_fate fate);

    const flight_limits limits_;
    std::atomic<std::chrono::milliseconds> replay_window_; // in place of the one in limits_
    steady_clock::time_point (*const now_)() noexcept;
    fingerprint_key key_{};
    std::vector<std::unique_ptr<shard>> shards_;
    std::atomic<bool> is_closed_{false};
};

} // namespace wxlogind::wechat
