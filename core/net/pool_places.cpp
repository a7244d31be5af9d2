#include "core/net/pool_places.hpp"

#include "core/net/reactor.hpp"

#include <algorithm>
#include <utility>

namespace wxlogind::net {

namespace {

constexpr std::size_t scratch_bytes = 16 * 1024;

pool_bounds bounds_of(const https_limits& limits) noexcept {
    return {limits.max_connections, limits.max_opening, limits.max_waiting};
}

} // namespace

pool_places::pool_places(reactor& home, const https_limits& limits)
    : home_{home}, bounds_{bounds_of(limits)}, idle_timeout_{limits.idle_timeout}, scratch_(scratch_bytes) {
    idle_.reserve(limits.max_connections);
    figures_.limit.set(limits.max_connections);
}

admission pool_places::enter(lease& held, bool fresh, bool is_first, steady_clock::time_point now) {
    for (;;) {
        const admission way = is_closed_ ? admission::refuse : admit(load(), bounds_, fresh, is_first);
        switch (way) {
        case admission::reuse:
            held.connection = std::move(idle_.back());
            idle_.pop_back();
            if (is_aged(*held.connection, now)) {
                held.connection->part();
                break;
            }
            if (!held.connection->borrow(scratch_)) break; // the peer has closed it: the next one
            held.held = lease::kind::busy;
            ++busy_;
            figures_.reused.add();
            publish();
            return way;
        case admission::replace_oldest: idle_.erase(idle_.begin()); break;
        case admission::open:
            held.connection.reset();
            held.held = lease::kind::opening;
            ++opening_;
            publish();
            return way;
        case admission::wait:
        case admission::refuse: held.connection.reset(); return way;
        }
    }
}

void pool_places::opened(lease& held) {
    --opening_;
    ++busy_;
    held.held = lease::kind::busy;
    publish();
    admit_waiting(); // there is room for another to be opened
}

void pool_places::leave(lease& held) noexcept {
    switch (std::exchange(held.held, lease::kind::nothing)) {
    case lease::kind::nothing: return;
    case lease::kind::opening: --opening_; break;
    case lease::kind::busy: --busy_; break;
    }
    if (is_closed_) return;
    const bool has_room = idle_.size() + busy_ + opening_ < bounds_.max_connections;
    if (has_room && held.connection && held.connection->state() == connection_state::idle) {
        idle_.push_back(std::move(held.connection)); // has room: reserved
        if (!aging_.is_armed()) arm_aging();
    }
    publish();
    admit_waiting();
}

void pool_places::publish() noexcept {
    figures_.idle.set(idle_.size());
    figures_.busy.set(busy_);
    figures_.opening.set(opening_);
    figures_.waiting.set(waiting_.size());
}

task<bool> pool_places::wait(lease& held, const https_exchange& what) {
    waiter mine{*this, held, what.fresh};
    auto hand_over = [&mine, &what](parked& node) {
        mine.node = &node;
        mine.of.waiting_.push_back(mine);
        mine.of.publish();
        mine.of.home_.deadlines().arm(mine.limit, what.until);
    };
    const executor here = home_.get_executor();
    co_await park(here, hand_over);
    co_return mine.is_granted;
}

void pool_places::waiter::expire(void* self) {
    auto& late = *static_cast<waiter*>(self);
    late.of.waiting_.erase(late.of.waiting_.iterator_to(late));
    late.of.publish();
    resume_one(*late.node);
}

void pool_places::admit_waiting() {
    while (!waiting_.empty()) {
        waiter& first = waiting_.front();
        const admission way = enter(first.held, first.fresh, true, steady_clock::now());
        if (way == admission::wait || way == admission::refuse) return;
        waiting_.pop_front();
        first.limit.disarm();
        first.is_granted = true;
        publish();
        resume_one(*first.node);
    }
}

steady_clock::duration pool_places::queue_time(steady_clock::time_point now) const noexcept {
    return waiting_.empty() ? steady_clock::duration{0} : now - waiting_.front().since;
}

void pool_places::arm_aging() {
    home_.deadlines().arm(aging_, idle_.front()->idle_since() + idle_timeout_);
}

void pool_places::close_oldest(std::size_t count) {
    const auto end = idle_.begin() + static_cast<std::ptrdiff_t>(count);
    std::for_each(idle_.begin(), end, [](auto& each) { each->part(); });
    idle_.erase(idle_.begin(), end);
}

void pool_places::close_aged() {
    const auto now = home_.deadlines().now();
    const auto young =
        std::ranges::find_if_not(idle_, [this, now](auto& each) { return is_aged(*each, now); });
    close_oldest(static_cast<std::size_t>(young - idle_.begin()));
    publish();
    // Disarmed too: it may stand for a timeout that is not in force any more, and the next that idles arms
    // it.
    aging_.disarm();
    if (!idle_.empty()) arm_aging();
}

void pool_places::use(const https_limits& limits) {
    idle_.reserve(limits.max_connections);
    bounds_ = bounds_of(limits);
    idle_timeout_ = limits.idle_timeout;
    figures_.limit.set(limits.max_connections);
    // What is over the new bounds goes: the idle ones at once, the busy ones when they come back.
    const std::size_t open = idle_.size() + busy_ + opening_;
    close_oldest(std::min(open - std::min(open, limits.max_connections), idle_.size()));
    close_aged();
    admit_waiting();
}

void pool_places::close() noexcept {
    is_closed_ = true;
    aging_.disarm();
    for (auto& each : idle_) each->part();
    idle_.clear();
    while (!waiting_.empty()) {
        waiter& first = waiting_.front();
        waiting_.pop_front();
        first.limit.disarm();
        resume_one(*first.node);
    }
}

} // namespace wxlogind::net
