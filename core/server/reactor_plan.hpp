// Which event loops there are, and whom each serves.
//
// The internal listener has loops of its own. Every request to a team's services waits for a token check: it
// must not stand in line behind logins, however many arrive. A loop is a thread, and whoever has worked
// little is the first that the kernel lets work. What the house has to do besides is done there as well.
#pragma once

#include "core/base/config.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/wechat_https.hpp"

#include <cstddef>

namespace wxlogind {

// Any thread.
struct reactor_plan {
    explicit reactor_plan(const server_settings& settings);

    net::reactor_range for_public;   // server.threads
    net::reactor_range for_internal; // server.internal_threads
    [[nodiscard]] std::size_t size() const noexcept { return for_public.count + for_internal.count; }

    [[nodiscard]] bool is_internal(std::size_t reactor) const noexcept {
        return reactor >= for_internal.first;
    }

    // Of the connections to WeChat: the public loops share out what is configured for logins, and calls of
    // back ends have a fourth of that beside it.
    [[nodiscard]] wechat::client_share share_of(std::size_t reactor) const noexcept;
};

// Not started yet.
[[nodiscard]] net::reactor_pool make_reactors(const reactor_plan& plan);

} // namespace wxlogind
