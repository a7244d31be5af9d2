// Who is let in, by how long those who are in have to wait.
//
// More arriving than can be done makes a queue somewhere: for the event loop, for a connection to WeChat, for
// the disk. A queue that comes and goes is a burst, and does its work; one that never empties only makes
// everybody wait, and grows. So what counts, as in CoDel (RFC 8289), is the least time that anybody had to
// wait during an interval: above the target, the queue stands. Then only so many are let in at a time as are
// served within that target: by Little's law, as many as were finished each second, times how long one takes
// without the queue. The rest is refused at once, and can try elsewhere or later. While some are refused the
// number grows again, quickly where the queue is empty, slowly near the target; after a second without a
// refusal there is none.
//
// A limit is found by tenths of a second. What has piled up meanwhile before the door, in the sockets, is
// none of those who are inside: of it so many are refused as are too many for the target, as soon as it is
// seen.
//
// A server that has just started is slow for a while without being small: connections to WeChat are made, and
// what waited in the sockets while it was away comes all at once. So there is some patience with the first
// rush.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace wxlogind {

struct queue_rules {
    std::chrono::nanoseconds target{std::chrono::milliseconds{5}};     // 0: everybody is let in
    std::chrono::nanoseconds interval{std::chrono::milliseconds{100}}; // long beside a usual wait
    std::size_t least{64};                // this many are let in at a time, whatever the queue
    std::chrono::nanoseconds patience{0}; // from the first sample on, nobody is refused
};

// Pure: the time is passed in. One a reactor; not thread-safe.
class queue_gate {
public:
    using clock = std::chrono::steady_clock;

    explicit queue_gate(const queue_rules& rules) noexcept : rules_{rules} {}

    // From now on. Without a target there is no limit any more.
    void use(const queue_rules& rules) noexcept {
        rules_ = rules;
        if (rules_.target.count() != 0) return;
        limit_ = unlimited;
        too_many_ = 0;
    }

    // May one more come in? True has to be followed by left(); false is a refusal, and counts as one.
    [[nodiscard]] bool admit() noexcept {
        if (inside_ >= limit_) {
            ++refused_;
        } else if (too_many_ >= 1 && inside_ >= rules_.least) {
            too_many_ -= 1;
            ++shed_;
        } else {
            ++inside_;
            return true;
        }
        ++refused_ever_;
        return false;
    }

    // One that was let in is done, `took` after it came.
    void left(clock::duration took) noexcept {
        --inside_;
        ++finished_;
        taken_ += took;
    }

    // One that came now would wait so long, `at_door` of it until admit() is asked for it. To be told many
    // times an interval, while anybody is inside.
    void sample(clock::time_point now, clock::duration queue_time, clock::duration at_door = {}) noexcept {
        if (rules_.target.count() == 0) return;
        if (first_sampled_ == clock::time_point{}) first_sampled_ = now;
        if (now - first_sampled_ < rules_.patience) return begin(now);
        too_many_ = is_limiting() && at_door > rules_.target / 2
                        ? pace_ * static_cast<double>((at_door - rules_.target / 4).count())
                        : 0;
        // Nobody was inside for a while: what is known of before is old.
        if (now - sampled_ > rules_.interval + queue_time) begin(now);
        sampled_ = now;
        const bool is_over = now - begun_ >= rules_.interval;
        if (is_limiting()) {
            shortest_ = std::min(shortest_, queue_time);
            if (is_over) judge(now);
        } else if (queue_time <= rules_.target) {
            is_standing_ = false;
            if (is_over) begin(now);
        } else if (!std::exchange(is_standing_, true)) {
            standing_since_ = now;
            shortest_ = queue_time;
        } else {
            shortest_ = std::min(shortest_, queue_time);
            if (now - standing_since_ >= rules_.interval) judge(now);
        }
    }

    [[nodiscard]] bool is_shut() const noexcept { return inside_ >= limit_; }
    [[nodiscard]] bool is_limiting() const noexcept { return limit_ != unlimited; }
    [[nodiscard]] std::size_t inside() const noexcept { return inside_; }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }            // the largest number: none
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_ever_; } // since the start

private:
    static constexpr std::size_t unlimited = SIZE_MAX;
    static constexpr unsigned calm_intervals = 10; // without a refusal, and there is no limit any more
    // Fewer than one of so many are a moment in which others had the processor: no reason to keep a limit,
    // which would go on shedding at each of those moments for ever.
    static constexpr std::uint64_t few = 10;

    void begin(clock::time_point now) noexcept {
        if (finished_ != 0)
            pace_ = static_cast<double>(finished_) / static_cast<double>((now - begun_).count());
        begun_ = now;
        is_standing_ = false;
        shortest_ = clock::duration::max();
        finished_ = 0;
        taken_ = {};
        refused_ = 0;
        shed_ = 0;
    }

    void judge(clock::time_point now) noexcept {
        if (shortest_ > rules_.target) {
            calm_ = 0;
            limit_ = std::max(rules_.least, tightened(now));
        } else if (is_limiting() && refused_ != 0) {
            calm_ = 0;
            limit_ += shortest_ > rules_.target / 2 ? limit_ / 32 + 1 : limit_ / 4 + 1;
        } else if (is_limiting() && shed_ * few > finished_) {
            calm_ = 0; // and what keeps the queue short is not the limit
        } else if (is_limiting() && ++calm_ >= calm_intervals) {
            limit_ = unlimited;
        }
        begin(now);
    }

    // What was finished in this interval, at the pace of one without the queue; but at once no less than half
    // of those who are inside, since both are known of one interval only.
    [[nodiscard]] std::size_t tightened(clock::time_point now) const noexcept {
        const std::size_t before = std::min(limit_, inside_);
        if (finished_ == 0) return before / 2;
        const double pace = static_cast<double>(finished_) / static_cast<double>((now - begun_).count());
        const double took = static_cast<double>(taken_.count()) / static_cast<double>(finished_);
        const double target = static_cast<double>(rules_.target.count());
        const double wanted = std::max(took - static_cast<double>(shortest_.count()), 0.0) + target;
        const auto fitting = static_cast<std::size_t>(pace * wanted);
        return std::clamp(fitting, before / 2, before - before / 32);
    }

    queue_rules rules_;
    std::size_t limit_{unlimited};
    std::size_t inside_{0};
    std::uint64_t refused_ever_{0};
    unsigned calm_{0};
    double pace_{0};     // finished a nanosecond, in the last interval
    double too_many_{0}; // of those at the door

    clock::time_point first_sampled_{};

    // Of the interval that runs.
    clock::time_point begun_{};
    clock::time_point sampled_{};
    bool is_standing_{false}; // nobody waited less than the target since standing_since_
    clock::time_point standing_since_{};
    clock::duration shortest_{clock::duration::max()};
    std::uint64_t finished_{0};
    clock::duration taken_{};
    std::uint64_t refused_{0}; // for the limit
    std::uint64_t shed_{0};    // others, for what stood at the door
};

} // namespace wxlogind
