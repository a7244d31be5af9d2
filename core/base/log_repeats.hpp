// Lines that say the same again and again, counted instead of written. Pure: the time is passed in.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wxlogind {

struct repeat_rules {
    unsigned at_most{10}; // lines of one event in a period; 0 = all of them
    std::chrono::seconds period{10};
};

// Not thread-safe. An event is known by its message, which is a literal. Bounded: of more than 64 events at a
// time the further ones are all written.
class log_repeats {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit log_repeats(const repeat_rules& rules) noexcept : rules_{rules} {}

    struct verdict {
        bool is_written{true};
        std::uint64_t suppressed{0}; // since the last one that was written: to be told with this one
    };

    [[nodiscard]] verdict note(std::string_view event, time_point now) noexcept {
        if (rules_.at_most == 0) return {};
        counted* const known = find(event, now);
        if (known == nullptr) return {};
        if (now >= known->until) {
            const auto before = known->suppressed;
            *known = {event, now + rules_.period, 1, 0};
            return {true, before};
        }
        if (known->written < rules_.at_most) {
            ++known->written;
            return {};
        }
        ++known->suppressed;
        next_due_ = std::min(next_due_, known->until);
        return {false, 0};
    }

    // When take_due() will have something to tell; the end of time while nothing is suppressed.
    [[nodiscard]] time_point next_due() const noexcept { return next_due_; }

    // Calls tell(event, count) for every event whose period is over and of which lines were suppressed that
    // no later line has told of; at the end of all with `now` = time_point::max().
    template <class Tell>
    void take_due(time_point now, Tell tell) {
        next_due_ = time_point::max();
        for (counted& each : events_) {
            if (each.suppressed == 0) continue;
            if (each.until > now) {
                next_due_ = std::min(next_due_, each.until);
                continue;
            }
            tell(each.event, each.suppressed);
            each.suppressed = 0;
        }
    }

private:
    struct counted {
        std::string_view event{};
        time_point until{};
        unsigned written{0};
        std::uint64_t suppressed{0};
    };

    // The event's place, or one that is free.
    counted* find(std::string_view event, time_point now) noexcept {
        counted* free = nullptr;
        const std::size_t start = std::hash<std::string_view>{}(event) % events_.size();
        for (std::size_t step = 0; step < events_.size(); ++step) {
            counted& at = events_[(start + step) % events_.size()];
            if (at.event == event) return &at;
            const bool is_free = at.suppressed == 0 && now >= at.until;
            if (is_free && free == nullptr) free = &at;
            if (at.event.empty()) break;
        }
        if (free != nullptr) *free = {event, now + rules_.period, 0, 0};
        return free;
    }

    repeat_rules rules_;
    std::array<counted, 64> events_{};
    time_point next_due_{time_point::max()};
};

} // namespace wxlogind
