// Refused requests whose answers wait for their turn: see core/base/refusal_pace.
#pragma once

#include "core/base/async.hpp"
#include "core/base/metrics/counters.hpp"
#include "core/base/parking.hpp"
#include "core/base/refusal_pace.hpp"

namespace wxlogind::handlers {

// The reactor's thread only, but for figures(). Whoever owns it calls let_all_go() before the reactor ends.
class held_refusals {
public:
    explicit held_refusals(const refusal_rules& rules) noexcept : pace_{rules} {}
    held_refusals(const held_refusals&) = delete;
    held_refusals& operator=(const held_refusals&) = delete;

    // From the next turn on.
    void use(const refusal_rules& rules) noexcept { pace_.use(rules); }

    // One is refused. True: to be answered now. False: after hold().
    [[nodiscard]] bool answers_now() noexcept { return is_leaving_ || pace_.answers_now(); }

    // Returns when it is to be answered, and how long that took.
    task<steady_clock::duration> hold();

    // Many times a second, while anybody is refused or held. Those whose turn it is are resumed in here.
    void turn(steady_clock::time_point now, const refusal_pace::load& load);

    // Everybody is answered, now and from now on: the server leaves.
    void let_all_go();

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

    // The reactor's thread sets, any reads.
    struct figures {
        metrics::gauge held;
        metrics::counter held_ever;
    };
    [[nodiscard]] const figures& shown() const noexcept { return shown_; }

private:
    // In the frame of hold().
    struct waiting {
        steady_clock::time_point since{};
        parked* who{nullptr};
        waiting* next{nullptr};
    };
    void push_back(waiting& one) noexcept;
    void resume_first();

    refusal_pace pace_;
    waiting* first_{nullptr};
    waiting* last_{nullptr};
    bool is_leaving_{false};
    figures shown_{};
};

} // namespace wxlogind::handlers
