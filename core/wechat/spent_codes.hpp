// The codes that must not be sent to WeChat again.
#pragma once

#include "core/wechat/code_fingerprint.hpp"

#include <chrono>
#include <vector>

namespace wxlogind::wechat {

// Two generations of an open-addressing table: the younger one is filled, and replaces the older one when the
// window has passed, so that what is in it stays for one to two windows. When it is full before that, it
// moves on early: memory is bounded, and the oldest codes are forgotten first. The tables grow as needed.
//
// Pure: the time is passed in. Not thread-safe.
class spent_codes {
public:
    using time_point = std::chrono::steady_clock::time_point;

    spent_codes(std::size_t capacity, std::chrono::milliseconds window);

    void remember(const code_fingerprint& code, time_point now);
    [[nodiscard]] bool is_known(const code_fingerprint& code, time_point now);
    [[nodiscard]] std::size_t size() const noexcept { return young_.size + old_.size; }

private:
    struct generation {
        std::vector<code_fingerprint> places; // a power of two, at most three quarters full
        std::size_t size{0};

        [[nodiscard]] bool has(const code_fingerprint& code) const noexcept;
        void add(const code_fingerprint& code);
        void clear() noexcept;
        [[nodiscard]] std::size_t place_of(const code_fingerprint& code) const noexcept;
    };
    void turn(time_point now);
    void start_generation(time_point now) noexcept;

    std::size_t most_in_generation_;
    std::chrono::milliseconds window_;
    generation young_{};
    generation old_{};
    bool has_started_{false};
    time_point young_since_{};
};

} // namespace wxlogind::wechat
