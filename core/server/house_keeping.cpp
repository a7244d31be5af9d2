#include "core/server/house_keeping.hpp"

namespace wxlogind {

namespace {

std::chrono::milliseconds
pause_after(const result<storage::sweep_outcome>& slice, const house_keeping_pace& pace) {
    if (!slice) return pace.after_trouble;
    return slice->is_at_end ? pace.between_rounds : pace.between_slices;
}

} // namespace

task<> sweep_sessions(
    net::reactor& on, storage::session_store& sessions, const wall_clock& clock, house_keeping_pace pace) {
    steady_timer timer{on.get_executor()};
    std::int64_t last = 0;
    for (;;) {
        storage::sweep_request slice;
        slice.after = last;
        slice.now = clock.now();
        const auto done = co_await sessions.sweep(slice);
        if (done) last = done->is_at_end ? 0 : done->last;

        timer.expires_after(pause_after(done, pace));
        const auto [error] = co_await timer.async_wait(as_result);
        if (error) co_return;
    }
}

task<> forget_revocations(net::reactor& on, session::revocations& revoked, const wall_clock& clock) {
    steady_timer timer{on.get_executor()};
    for (;;) {
        timer.expires_after(std::chrono::seconds{30});
        const auto [error] = co_await timer.async_wait(as_result);
        if (error) co_return;
        revoked.forget_expired(std::chrono::floor<std::chrono::seconds>(clock.now()), steady_clock::now());
    }
}

} // namespace wxlogind
