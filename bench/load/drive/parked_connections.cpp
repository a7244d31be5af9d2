#include "bench/load/drive/parked_connections.hpp"

#include <algorithm>

namespace wxlogind::load {

namespace {

constexpr std::size_t most_at_once = 64;

} // namespace

parked_connections::parked_connections(const load_plan& plan, connection_set& among, unsigned count)
    : plan_{plan},
      among_{among},
      count_{count},
      request_{"GET " + plan.idle_path + " HTTP/1.1\r\nHost: " + plan.open_to_all->text() + "\r\n\r\n"} {}

void parked_connections::send_on(client_connection& on) {
    if (on.is == client_connection::state::closed && !among_.open(on)) return;
    among_.send(on, request_);
    ++unanswered_;
}

bool parked_connections::open_more() {
    while (all_.size() < count_ && unanswered_ < most_at_once) {
        all_.push_back(&among_.add_parked());
        send_on(*all_.back());
    }
    if (all_.size() < count_) return false;
    if (count_ != 0 && next_beat_ == steady::time_point::max())
        next_beat_ = steady::now() + plan_.idle_interval / count_;
    return true;
}

void parked_connections::beat(steady::time_point now) {
    while (now >= next_beat_) {
        next_beat_ += std::chrono::duration_cast<nanoseconds>(plan_.idle_interval) / count_;
        client_connection* const next = all_.front();
        all_.pop_front();
        all_.push_back(next);
        using state = client_connection::state;
        if (next->is == state::idle || next->is == state::closed) send_on(*next);
    }
}

steady::time_point parked_connections::next_beat() const noexcept {
    return next_beat_;
}

std::size_t parked_connections::open_count() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(all_, [](const client_connection* each) {
        return each->is == client_connection::state::idle || each->is == client_connection::state::waiting;
    }));
}

} // namespace wxlogind::load
