#include "core/net/deadlines.hpp"

#include <utility>

namespace wxlogind::net {

namespace {

template <std::size_t... Index>
std::array<deadline, sizeof...(Index)> list_heads(std::index_sequence<Index...>) {
    return {((void)Index, deadline{nullptr, nullptr})...};
}

} // namespace

void deadline::disarm() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
}

deadline_wheel::deadline_wheel(steady_clock::time_point start)
    : slots_{list_heads(std::make_index_sequence<slot_count>{})}, start_{start}, now_{start} {
    for (deadline& head : slots_) head.next_ = head.previous_ = &head;
}

deadline_wheel::~deadline_wheel() {
    for (deadline& head : slots_)
        while (head.next_ != &head) head.next_->disarm();
    // The heads are linked to themselves: their destructors find nothing to do.
}

std::uint64_t deadline_wheel::tick_of(steady_clock::time_point when) const noexcept {
    if (when <= start_) return 0;
    return static_cast<std::uint64_t>((when - start_) / tick);
}

void deadline_wheel::link(deadline& list, deadline& what) noexcept {
    what.previous_ = list.previous_;
    what.next_ = &list;
    list.previous_->next_ = &what;
    list.previous_ = &what;
}

void deadline_wheel::arm(deadline& what, steady_clock::time_point when) noexcept {
    what.disarm();
    what.when_ = when;
    // One past the tick in which it falls: when that tick is reached, the time has passed for sure.
    const std::uint64_t due = std::max(tick_of(when), current_tick_) + 1;
    link(slots_[due % slot_count], what);
}

std::size_t deadline_wheel::advance(steady_clock::time_point now) {
    now_ = std::max(now_, now);
    const std::uint64_t target = tick_of(now_);
    std::size_t fired = 0;
    // A stall longer than a turn of the wheel still visits every slot once, and once is enough.
    if (target > current_tick_ + slot_count) current_tick_ = target - slot_count;
    while (current_tick_ < target) {
        ++current_tick_;
        // Taken out whole first: what fires may arm new deadlines into this very slot. What is left when one
        // of them throws goes back, and fires at the next tick.
        struct taken_out {
            explicit taken_out(deadline_wheel& from) : wheel{from} { list.next_ = list.previous_ = &list; }
            ~taken_out() {
                while (list.next_ != &list) wheel.arm(*list.next_, list.next_->when_);
                list.next_ = nullptr;
            }
            deadline_wheel& wheel;
            deadline list{nullptr, nullptr};
        } due{*this};
        deadline& head = slots_[current_tick_ % slot_count];
        while (head.next_ != &head) {
            deadline& what = *head.next_;
            what.disarm();
            link(due.list, what);
        }
        while (due.list.next_ != &due.list) {
            deadline& what = *due.list.next_;
            what.disarm();
            if (what.when_ > now_) {
                arm(what, what.when_);
                continue;
            }
            ++fired;
            what.expired_(what.owner_);
        }
    }
    return fired;
}

} // namespace wxlogind::net
