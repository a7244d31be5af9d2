// What has happened, counted per lane and added up when somebody asks.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>

namespace wxlogind::wechat_sim {

// Every errcode that a call was answered with, and how often. One thread counts, any thread reads.
class errcode_counts {
public:
    void count(int errcode) noexcept;
    void add_to(std::map<int, std::uint64_t>& to) const;

private:
    struct errcode_count {
        std::atomic<int> errcode{0};
        std::atomic<std::uint64_t> count{0};
    };
    // Slots are taken in order of appearance; what does not fit is counted in the last.
    std::array<errcode_count, 64> slots_{};
    std::atomic<std::size_t> used_{0};
};

// The counters of one lane: its thread writes, any thread reads.
class alignas(64) counters {
public:
    using counter = std::atomic<std::uint64_t>;
    static constexpr std::size_t most_endpoints = 16;

    static void count(counter& which) noexcept {
        which.store(which.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    // `endpoint` is below most_endpoints.
    void count_errcode(std::size_t endpoint, int errcode) noexcept { errcodes_[endpoint].count(errcode); }
    [[nodiscard]] const errcode_counts& errcodes_of(std::size_t endpoint) const {
        return errcodes_[endpoint];
    }

    counter connections{0};
    counter closed{0};  // connections that have ended
    counter refused{0}; // over the limit of connections
    counter handshakes{0};
    counter resumed{0};
    counter failed_handshakes{0};
    counter requests{0};
    counter faults{0};

private:
    std::array<errcode_counts, most_endpoints> errcodes_{};
};

struct totals {
    std::uint64_t connections{}, open_connections{}, refused_connections{}, handshakes{}, resumed{},
        failed_handshakes{}, requests{}, faults{};
    std::array<std::map<int, std::uint64_t>, counters::most_endpoints> errcodes; // by endpoint
};

class statistics {
public:
    explicit statistics(unsigned lanes);
    [[nodiscard]] counters& of_lane(unsigned index) noexcept { return lanes_[index]; }
    [[nodiscard]] totals add_up() const; // any thread

private:
    std::deque<counters> lanes_;
};

} // namespace wxlogind::wechat_sim
