#include "bench/wechat-sim/statistics.hpp"

namespace wxlogind::wechat_sim {

void counters::count_errcode(int errcode) noexcept {
    const std::size_t used = errcodes_used_.load(std::memory_order_relaxed);
    for (std::size_t index = 0; index < used; ++index)
        if (errcodes_[index].errcode.load(std::memory_order_relaxed) == errcode)
            return count(errcodes_[index].count);
    if (used == errcodes_.size()) return count(errcodes_.back().count);
    errcodes_[used].errcode.store(errcode, std::memory_order_relaxed);
    count(errcodes_[used].count);
    errcodes_used_.store(used + 1, std::memory_order_release);
}

void counters::add_errcodes_to(std::map<int, std::uint64_t>& to) const {
    const std::size_t used = errcodes_used_.load(std::memory_order_acquire);
    for (std::size_t index = 0; index < used; ++index)
        to[errcodes_[index].errcode.load(std::memory_order_relaxed)] +=
            errcodes_[index].count.load(std::memory_order_relaxed);
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
        lane.add_errcodes_to(sum.by_errcode);
    }
    return sum;
}

} // namespace wxlogind::wechat_sim
