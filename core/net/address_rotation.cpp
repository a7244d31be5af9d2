#include "core/net/address_rotation.hpp"

#include <algorithm>

namespace wxlogind::net {

address_rotation::endpoint address_rotation::pick(const address_list& known, time_point now) {
    // Addresses that the host no longer has.
    if (!resting_.empty())
        std::erase_if(
            resting_, [&](const auto& each) { return std::ranges::find(known, each.first) == known.end(); });

    const endpoint* earliest = &known.front();
    time_point earliest_end = time_point::max();
    for (std::size_t tried = 0; tried < known.size(); ++tried) {
        const endpoint& candidate = known[next_++ % known.size()];
        const auto rests = resting_.find(candidate);
        if (rests == resting_.end() || rests->second.until <= now) return candidate;
        if (rests->second.until < earliest_end) {
            earliest_end = rests->second.until;
            earliest = &candidate;
        }
    }
    return *earliest;
}

void address_rotation::failed(const endpoint& address, time_point now) {
    auto [place, is_first] = resting_.try_emplace(address, rest{first_rest, now + first_rest});
    if (is_first) return;
    rest& known = place->second;
    if (now < known.until) return; // a connection from before it was known to fail
    known.length = std::min(known.length * 2, longest_rest);
    known.until = now + known.length;
}

} // namespace wxlogind::net
