// How many refusals are answered while the processor has no time for them.
//
// A refusal is cheaper than what it refuses and not free: a request is read and an answer written. Of many
// times as much as can be served, the refusals alone would take all of the processor, and nobody would be
// served. So where the event loop has a queue, only so many are answered: one for every few requests that are
// finished. Whoever is refused beyond that is held: told so later, the first first. His connection is busy
// meanwhile, and nobody in front sends anything more on it; so what has to be read is bounded by the number
// of connections, whatever is asked for. Where the loop has time to spare, refusals are answered at once.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace wxlogind {

struct refusal_rules {
    // For the event loop: below the first there is time to spare, above the second there is none.
    std::chrono::nanoseconds short_wait{std::chrono::microseconds{600}};
    std::chrono::nanoseconds long_wait{std::chrono::microseconds{1250}};
    double share{0.2};                       // refusals answered for each request that is finished
    double trickle{1};                       // and so many a turn, when none is finished
    std::chrono::milliseconds longest{5000}; // that anybody is held; 0: nobody is
    std::size_t most_held{16384};            // beyond: answered at once
};

// Pure: times are passed in. One a reactor; not thread-safe.
class refusal_pace {
public:
    using clock = std::chrono::steady_clock;

    // How it is with the event loop since the last turn.
    struct load {
        clock::duration wait{};    // of what comes now
        double busy{0};            // the share of the time that it worked
        std::uint64_t finished{0}; // requests that were let in
    };

    explicit refusal_pace(const refusal_rules& rules) noexcept : rules_{rules} {}

    // From now on, also for those who are held.
    void use(const refusal_rules& rules) noexcept { rules_ = rules; }

    // One is refused. True: to be told so now. False: held; lets_go() tells until when.
    [[nodiscard]] bool answers_now() noexcept {
        ++asked_;
        if (held_ >= rules_.most_held || rules_.longest.count() == 0) return true;
        if (held_ == 0 && (extra_ == plenty || take())) return true;
        ++held_;
        ++held_ever_;
        return false;
    }

    // Many times a second, while anybody is refused or held.
    void turn(const load& now) noexcept {
        if (now.wait > rules_.long_wait || now.busy > mostly)
            extra_ = std::floor(std::min(extra_, static_cast<double>(asked_)) / 2);
        else if (now.wait < rules_.short_wait && now.busy < partly)
            extra_ = std::min(extra_ * 2 + 1, plenty);
        const double more = static_cast<double>(now.finished) * rules_.share + rules_.trickle + extra_;
        allowance_ = std::min(allowance_, more) + more; // what was left of it: no more than a turn's
        asked_ = 0;
    }

    // The one that has been held longest, since `since`: true, to be told now. To be asked again for the
    // next.
    [[nodiscard]] bool lets_go(clock::time_point now, clock::time_point since) noexcept {
        if (!take() && now - since < rules_.longest) return false;
        --held_;
        return true;
    }

    [[nodiscard]] std::size_t held() const noexcept { return held_; }
    [[nodiscard]] std::uint64_t held_ever() const noexcept { return held_ever_; }

private:
    static constexpr double plenty = 1024; // a turn: as many as come
    static constexpr double partly = 0.85;
    static constexpr double mostly = 0.95;

    bool take() noexcept {
        if (allowance_ < 1) return false;
        allowance_ -= 1;
        return true;
    }

    refusal_rules rules_;
    double extra_{plenty}; // a turn, for the time that is to spare
    double allowance_{0};
    std::uint64_t asked_{0}; // since the last turn
    std::size_t held_{0};
    std::uint64_t held_ever_{0};
};

} // namespace wxlogind
