// How hard to push, for how long.
#pragma once

#include "bench/load/pace/arrivals.hpp"
#include "bench/load/wire/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace wxlogind::load {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

struct load_plan {
    std::shared_ptr<const endpoint> open_to_all{};
    std::shared_ptr<const endpoint> internal{};

    // Closed loop: this many requests in flight, and as fast as they go. Open loop (`rate`, a second): at
    // most this many; a start that finds none free waits, and its latency counts from when it was meant.
    unsigned connections{64};
    std::optional<double> rate{};
    arrival_pattern pattern{arrival_pattern::constant};
    surge more{};           // of the open loop; counted from the start of what is measured
    bool turns_away{false}; // a start that finds no connection free is not made, and fails

    bool reconnects{false};             // a connection for each request
    unsigned idle_connections{0};       // open besides, each with a request now and then
    milliseconds idle_interval{30'000}; // between the requests of one of them
    std::string idle_path{"/healthz"};

    milliseconds interval{1000}; // of the record
    unsigned warm_up_intervals{0};
    unsigned measured_intervals{10}; // 0 = until the operations are exhausted
    milliseconds timeout{10'000};    // of a request, and of the end

    unsigned threads{1};
    std::vector<unsigned> cpus{}; // to pin the threads to, in turn; empty = anywhere
    std::uint64_t seed{0};
};

} // namespace wxlogind::load
