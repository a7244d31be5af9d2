// Connections that are open and do nothing, as those of phones behind a proxy do: a small request now and
// then keeps the server from closing them, and one that was closed is opened again. One thread's own.
#pragma once

#include "bench/load/drive/connection_set.hpp"

#include <deque>

namespace wxlogind::load {

class parked_connections {
public:
    // Both outlive it. `count`: this thread's share.
    parked_connections(const load_plan& plan, connection_set& among, unsigned count);

    // Opens some of those that are not open yet: a few at a time, as a server's backlog is short. Whether all
    // have been through it.
    bool open_more();
    // Sends what is due.
    void beat(steady::time_point now);
    [[nodiscard]] steady::time_point next_beat() const noexcept;

    void take_reply() noexcept { --unanswered_; }
    void take_loss() noexcept { --unanswered_; }

    [[nodiscard]] std::size_t open_count() const noexcept;
    [[nodiscard]] bool is_settled() const noexcept { return unanswered_ == 0; }

private:
    void send_on(client_connection& on);

    const load_plan& plan_;
    connection_set& among_;
    const unsigned count_;
    std::string request_;
    std::deque<client_connection*> all_{}; // the one to be used next first
    std::size_t unanswered_{0};
    steady::time_point next_beat_{steady::time_point::max()};
};

} // namespace wxlogind::load
