// One connection to the server: where it stands, and the request on it.
#pragma once

#include "bench/load/drive/load_plan.hpp"
#include "bench/load/scenario/operation.hpp"

#include <string>

namespace wxlogind::load {

struct client_connection {
    enum class state : unsigned char {
        closed,
        connecting, // the request waits for it
        waiting,    // for an answer
        idle,
    };

    net::file_descriptor socket{};
    state is{state::closed};
    listener where{listener::open_to_all};
    bool is_parked{false}; // held open for its own sake

    // The request on it.
    std::size_t operation{0};
    std::uint32_t tag{0};
    steady::time_point intended{}; // when it was meant to start
    steady::time_point started{};
    std::string unsent{};
    std::string received{}; // of the answer, when it comes in pieces

    // The links of flight_list.
    client_connection* older{nullptr};
    client_connection* newer{nullptr};
};

// The connections with a request on them, in the order in which they began and so will expire.
class flight_list {
public:
    [[nodiscard]] client_connection* oldest() const noexcept { return oldest_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void append(client_connection& each) noexcept {
        each.older = newest_;
        each.newer = nullptr;
        (newest_ == nullptr ? oldest_ : newest_->newer) = &each;
        newest_ = &each;
        ++size_;
    }
    void remove(client_connection& each) noexcept {
        (each.older == nullptr ? oldest_ : each.older->newer) = each.newer;
        (each.newer == nullptr ? newest_ : each.newer->older) = each.older;
        --size_;
    }

private:
    client_connection* oldest_{nullptr};
    client_connection* newest_{nullptr};
    std::size_t size_{0};
};

} // namespace wxlogind::load
