// Which of a host's addresses the next connection goes to.
#pragma once

#include "core/net/resolver.hpp"

#include <map>

namespace wxlogind::net {

// One after the other, so that the load is spread; an address that did not answer is left out for a while,
// the longer the more often. When all are left out, the one whose time is up first is tried.
//
// Pure: the time is passed in. One a reactor; not thread-safe.
class address_rotation {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using endpoint = address_list::value_type;
    static constexpr std::chrono::seconds first_rest{1};
    static constexpr std::chrono::seconds longest_rest{30};

    // `start` lets reactors begin with different addresses.
    explicit address_rotation(std::size_t start) noexcept : next_{start} {}

    // `known` is not empty.
    [[nodiscard]] endpoint pick(const address_list& known, time_point now);

    void failed(const endpoint& address, time_point now);
    void succeeded(const endpoint& address) { resting_.erase(address); }

private:
    struct rest {
        std::chrono::seconds length;
        time_point until;
    };

    std::size_t next_;
    std::map<endpoint, rest> resting_; // bounded by the addresses that are known, see pick()
};

} // namespace wxlogind::net
