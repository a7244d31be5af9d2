#include "handlers/admission/held_refusals.hpp"

namespace wxlogind::handlers {

task<steady_clock::duration> held_refusals::hold() {
    waiting me;
    me.since = steady_clock::now();
    const executor home = co_await asio::this_coro::executor;
    auto stand_in_line = [this, &me](parked& who) {
        me.who = &who;
        push_back(me);
    };
    co_await park(home, stand_in_line);
    co_return steady_clock::now() - me.since;
}

void held_refusals::push_back(waiting& one) noexcept {
    *(first_ == nullptr ? &first_ : &last_->next) = &one;
    last_ = &one;
    shown_.held.set(pace_.held());
    shown_.held_ever.add();
}

void held_refusals::resume_first() {
    waiting& one = *first_;
    first_ = one.next;
    one.who->resume(); // and `one` is gone
}

void held_refusals::turn(steady_clock::time_point now, const refusal_pace::load& load) {
    pace_.turn(load);
    while (first_ != nullptr && pace_.lets_go(now, first_->since)) resume_first();
    shown_.held.set(pace_.held());
}

void held_refusals::let_all_go() {
    is_leaving_ = true;
    while (first_ != nullptr) resume_first();
    shown_.held.set(0);
}

} // namespace wxlogind::handlers
