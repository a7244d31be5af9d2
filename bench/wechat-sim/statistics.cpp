#include "bench/wechat-sim/statistics.hpp"

namespace wxlogind::wechat_sim {

void errcode_counts::count(int errcode) noexcept {
    const std::size_t used = used_.load(std::memory_order_relaxed);
    for (std::size_t index = 0; index < used; ++index)
        if (slots_[index].errcode.load(std::memory_order_relaxed) == errcode)
            return counters::count(slots_[index].count);
    if (used == slots_.size()) return counters::count(slots_.back().count);
    slots_[used].errcode.store(errcode, std::memory_order_relaxed);
    counters::count(slots_[used].count);
    used_.store(used + 1, std::memory_order_release);
}

void errcode_counts::add_to(std::map<int, std::uint64_t>& to) const {
    const std::size_t used = used_.load(std::memory_order_acquire);
    for (std::size_t index = 0; index < used; ++index)
        to[slots_[index].errcode.load(std::memory_order_relaxed)] +=
            slots_[index].count.load(std::memory_order_relaxed);
}

statistics::statistics(unsigned lanes) {
    for (unsigned index = 0; index < lanes; ++index) lanes_.emplace_back();
}

totals statistics::add_up() const {
    totals sum;
    for (const counters& lane : lanes_) {
        const std::uint64_t closed = lane.closed;
        sum.connections += lane.connections;
        sum.open_connections += lane.connections - closed;
        sum.refused_connections += lane.refused;
        sum.handshakes += lane.handshakes;
        sum.resumed += lane.resumed;
        sum.failed_handshakes += lane.failed_handshakes;
        sum.requests += lane.requests;
        sum.faults += lane.faults;
        for (std::size_t index = 0; index < counters::most_endpoints; ++index)
            lane.errcodes_of(index).add_to(sum.errcodes[index]);
    }
    return sum;
}

} // namespace wxlogind::wechat_sim
