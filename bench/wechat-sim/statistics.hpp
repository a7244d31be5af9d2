// What has happened, counted per lane and added up when somebody asks.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>

namespace wxlogind::wechat_sim {

// The counters of one lane: its thread writes, any thread reads.
class alignas(64) counters {
public:
    using counter = std::atomic<std::uint64_t>;

    static void count(counter& which) noexcept {
        which.store(which.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    void count_errcode(int errcode) noexcept;
    // Every errcode that was answered, and how often.
    void add_errcodes_to(std::map<int, std::uint64_t>& to) const;

    counter connections{0};
    counter closed{0};  // connections that have ended
    counter refused{0}; // over the limit of connections
    counter handshakes{0};
    counter resumed{0};
    counter failed_handshakes{0};
    counter requests{0};
    counter faults{0};

private:
    struct errcode_count {
        std::atomic<int> errcode{0};
        counter count{0};
    };
    // Slots are taken in order of appearance; what does not fit is counted in the last.
    std::array<errcode_count, 64> errcodes_{};
    std::atomic<std::size_t> errcodes_used_{0};
};

struct totals {
    std::uint64_t connections{}, open_connections{}, refused_connections{}, handshakes{}, resumed{},
        failed_handshakes{}, requests{}, faults{};
    std::map<int, std::uint64_t> by_errcode;
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
