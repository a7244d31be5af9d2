#include "bench/load/record/recorder.hpp"

#include <cstdio>

#include <time.h>

namespace wxlogind::load {

thread_time spent_by_this_thread() noexcept {
    thread_time spent;
    long long running = 0;
    long long waiting = 0;
    if (FILE* const file = std::fopen("/proc/thread-self/schedstat", "re")) {
        if (std::fscanf(file, "%lld %lld", &running, &waiting) == 2) // NOLINT(cert-err34-c): the kernel's
            spent = {nanoseconds{running}, nanoseconds{waiting}};
        std::fclose(file);
    }
    // Up to now, and not to the last tick.
    timespec now{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
        spent.running = std::chrono::seconds{now.tv_sec} + nanoseconds{now.tv_nsec};
    return spent;
}

recorder::recorder(unsigned thread, std::size_t operations, collector& to, recorded_time when)
    : thread_{thread},
      operations_{operations},
      to_{to},
      when_{when},
      interval_begin_{when.start},
      interval_end_{when.start + when.interval},
      spent_before_{spent_by_this_thread()} {
    begin(0);
}

void recorder::begin(std::size_t number) {
    current_ = std::make_unique<interval>();
    current_->number = number;
    current_->thread = thread_;
    current_->operations.resize(operations_);
}

void recorder::hand_over(steady::time_point end, std::size_t parked, std::uint64_t opened) {
    const thread_time spent = spent_by_this_thread();
    current_->spent = {spent.running - spent_before_.running, spent.waiting - spent_before_.waiting};
    current_->parked = parked;
    current_->opened = opened - opened_before_;
    current_->length = end - interval_begin_;
    spent_before_ = spent;
    opened_before_ = opened;
    const std::size_t next = current_->number + 1;
    to_.hand_over(std::move(current_));
    begin(next);
    interval_begin_ = interval_end_;
    interval_end_ += when_.interval;
}

void recorder::turn_to(steady::time_point now, std::size_t parked, std::uint64_t opened) {
    while (now >= interval_end_) hand_over(interval_end_, parked, opened);
}

void recorder::finish(steady::time_point now, std::size_t parked, std::uint64_t opened) {
    turn_to(now, parked, opened);
    hand_over(now, parked, opened);
}

} // namespace wxlogind::load
