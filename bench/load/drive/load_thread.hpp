// One thread that sends requests and takes answers. It shares nothing with the others while it runs.
#pragma once

#include "bench/load/drive/connection_set.hpp"
#include "bench/load/drive/load_plan.hpp"
#include "bench/load/drive/parked_connections.hpp"
#include "bench/load/record/recorder.hpp"
#include "bench/load/scenario/operations.hpp"

#include <atomic>
#include <optional>

namespace wxlogind::load {

class load_thread final : private reply_taker {
public:
    // All of them outlive it. `stop`: start nothing more, wait for what is in flight, and end.
    load_thread(
        const load_plan& plan, unsigned number, operations& what, collector& to,
        const std::atomic<bool>& stop);
    load_thread(const load_thread&) = delete;
    load_thread& operator=(const load_thread&) = delete;

    // Opens this thread's share of the idle connections; all that can be had within the plan's timeout.
    void open_idle_connections();

    // From `start` to the end of the plan or of the operations, or to `stop`. On the thread that calls.
    void run(steady::time_point start);

private:
    void take_reply(client_connection& on, const scanned_reply& reply) override;
    void take_loss(client_connection& on, std::string_view why) override;
    void go_on() override;

    void start_due(steady::time_point now);
    void turn_away(steady::time_point now);
    bool start_one(steady::time_point intended, steady::time_point now);
    void expire(steady::time_point now);
    void stop_starting(steady::time_point now);
    [[nodiscard]] bool may_start(steady::time_point now) const noexcept;
    [[nodiscard]] nanoseconds pause_from(steady::time_point now) const noexcept;

    const load_plan& plan_;
    const unsigned number_;
    const unsigned clients_; // this thread's share
    operations& what_;
    collector& to_;
    const std::atomic<bool>& stop_;

    connection_set connections_;
    parked_connections parked_;
    flight_list in_flight_{};
    std::optional<arrivals> arrivals_{};
    std::optional<recorder> record_{};
    steady::time_point start_{};
    steady::time_point end_{steady::time_point::max()};
    steady::time_point paused_until_{};
    steady::time_point intended_{}; // of the latest start, in an open loop
    bool is_ending_{false};
};

} // namespace wxlogind::load
