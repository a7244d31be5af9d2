#include "bench/load/drive/load_thread.hpp"

#include <algorithm>
#include <cerrno>

namespace wxlogind::load {

namespace {

// After a connection that could not be opened: not as fast as they go.
constexpr milliseconds refused_pause{10};

// What falls to this thread of a number that all share.
unsigned share_of(unsigned all, unsigned thread, unsigned threads) noexcept {
    return all / threads + (thread < all % threads ? 1 : 0);
}

} // namespace

load_thread::load_thread(
    const load_plan& plan, unsigned number, operations& what, collector& to, const std::atomic<bool>& stop)
    : plan_{plan},
      number_{number},
      clients_{share_of(plan.connections, number, plan.threads)},
      what_{what},
      to_{to},
      stop_{stop},
      connections_{plan, *this},
      parked_{plan, connections_, share_of(plan.idle_connections, number, plan.threads)} {}

void load_thread::open_idle_connections() {
    const auto limit = steady::now() + plan_.timeout;
    bool is_done = parked_.open_more();
    while ((!is_done || !parked_.is_settled()) && steady::now() < limit && !stop_) {
        connections_.wait(milliseconds{10});
        is_done = parked_.open_more();
    }
}

void load_thread::run(steady::time_point start) {
    start_ = start;
    recorded_time when;
    when.start = start;
    when.interval = plan_.interval;
    when.measured_from = start + plan_.warm_up_intervals * plan_.interval;
    if (plan_.measured_intervals != 0) end_ = when.measured_from + plan_.measured_intervals * plan_.interval;
    when.measured_to = end_;
    if (plan_.rate) {
        const nanoseconds before = when.measured_from - start;
        const surge more{plan_.more.rate, plan_.more.from + before, plan_.more.until + before};
        arrivals_.emplace(plan_.pattern, *plan_.rate, number_, plan_.threads, plan_.seed, more);
    }

    while (steady::now() < start) connections_.wait(start - steady::now());
    record_.emplace(number_, what_.size(), to_, when);
    for (;;) {
        const auto now = steady::now();
        if (now >= record_->interval_end())
            record_->turn_to(now, parked_.open_count(), connections_.opened());
        // What was meant to start before the end does.
        if (!is_ending_ && now >= end_) start_due(now);
        if (!is_ending_ && (now >= end_ || stop_)) stop_starting(now);
        if (is_ending_ && in_flight_.size() == 0) break;
        if (in_flight_.size() == 0 && what_.is_exhausted()) break;
        start_due(now);
        turn_away(now); // of what is recorded, in its own interval
        parked_.beat(now);
        expire(now);
        connections_.wait(pause_from(steady::now()));
    }
    record_->finish(steady::now(), parked_.open_count(), connections_.opened());
}

void load_thread::stop_starting(steady::time_point now) {
    is_ending_ = true;
    end_ = std::min(end_, now);
    record_->break_off(end_);
    if (arrivals_) record_->now().unstarted += arrivals_->skip_until(end_ - start_);
}

bool load_thread::may_start(steady::time_point now) const noexcept {
    return !is_ending_ && in_flight_.size() < clients_ && now >= paused_until_;
}

void load_thread::start_due(steady::time_point now) {
    while (may_start(now)) {
        if (!arrivals_) {
            if (now >= end_ || !start_one(now, now)) return;
        } else {
            // What belongs together starts together; it takes as many of the arrivals as it has requests.
            if (!what_.has_follow_up()) intended_ = start_ + arrivals_->next();
            if (intended_ > now || intended_ >= end_ || !start_one(intended_, now)) return;
            arrivals_->advance();
        }
        now = steady::now();
    }
}

// Those who came while no connection was free, as a balancer does that lets only so many through. Before
// one is free again.
void load_thread::turn_away(steady::time_point now) {
    if (!plan_.turns_away || !arrivals_ || in_flight_.size() < clients_) return;
    for (now = std::min(now, end_); start_ + arrivals_->next() < now; arrivals_->advance())
        record_->of(what_.choose()).count_failure(0, "turned_away");
}

// false when there is no request to start.
bool load_thread::start_one(steady::time_point intended, steady::time_point now) {
    const std::size_t chosen = what_.choose();
    operation& what = what_[chosen];
    const auto request = what.next();
    if (!request) return false;
    client_connection* const on = connections_.take_free(what.where());
    if (on == nullptr) {
        record_->of(chosen).count_failure(0, name_of_loss(errno));
        what.give_up(request->tag);
        if (!arrivals_) paused_until_ = now + refused_pause;
        return true;
    }
    on->operation = chosen;
    on->tag = request->tag;
    on->intended = intended;
    on->started = now;
    in_flight_.append(*on);
    if (arrivals_) record_->now().lag.record(now - intended);
    connections_.send(*on, request->bytes);
    return true;
}

void load_thread::take_reply(client_connection& on, const scanned_reply& reply) {
    if (on.is_parked) return parked_.take_reply();
    turn_away(steady::now());
    in_flight_.remove(on);
    tally& into = record_->of(on.operation);
    const std::uint64_t succeeded = into.succeeded;
    what_[on.operation].take_answer(on.tag, reply, into);
    if (into.succeeded != succeeded)
        record_->record_latency(on.operation, on.intended, steady::now());
    else
        record_->record_refusal(on.operation, on.intended, steady::now());
}

void load_thread::take_loss(client_connection& on, std::string_view why) {
    if (on.is_parked) return parked_.take_loss();
    turn_away(steady::now());
    in_flight_.remove(on);
    record_->of(on.operation).count_failure(0, why);
    what_[on.operation].give_up(on.tag);
    if (!arrivals_ && why == "connection_refused") paused_until_ = steady::now() + refused_pause;
}

void load_thread::go_on() {
    if (record_) start_due(steady::now());
}

void load_thread::expire(steady::time_point now) {
    for (client_connection* oldest = in_flight_.oldest();
         oldest != nullptr && now - oldest->started >= plan_.timeout; oldest = in_flight_.oldest()) {
        // Who waited in vain waited at least this long.
        record_->record_latency(oldest->operation, oldest->intended, now);
        take_loss(*oldest, "timeout");
        connections_.give_up(*oldest);
    }
}

nanoseconds load_thread::pause_from(steady::time_point now) const noexcept {
    auto until = std::min(record_->interval_end(), parked_.next_beat());
    if (!is_ending_) until = std::min(until, end_);
    if (const client_connection* const oldest = in_flight_.oldest())
        until = std::min(until, oldest->started + plan_.timeout);
    if (!is_ending_ && in_flight_.size() < clients_) {
        if (now < paused_until_)
            until = std::min(until, paused_until_);
        else if (arrivals_)
            until = std::min(until, start_ + arrivals_->next());
    }
    return until - now;
}

} // namespace wxlogind::load
