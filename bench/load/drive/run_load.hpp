// One run: the threads, what they recorded, and what the server spent meanwhile.
#pragma once

#include "bench/load/drive/load_plan.hpp"
#include "bench/load/record/timeline.hpp"
#include "bench/load/scenario/operations.hpp"
#include "bench/load/spent/machine_load.hpp"
#include "bench/load/spent/process_watch.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::load {

struct load_result {
    std::vector<std::string> operations{};                    // their names
    interval total{};                                         // of the measured time
    double seconds{0};                                        // of it
    std::vector<timeline_point> points{};                     // warm-up included
    std::vector<thread_time> threads{};                       // of the harness
    std::optional<spent::usage> server{};                     // while it was measured
    std::vector<std::optional<spent::usage>> server_points{}; // for each of `points`
    std::optional<spent::machine_time> machine{};
    std::optional<std::uint64_t> parked_bytes{}; // the server's memory for each idle connection
    std::size_t parked{0};                       // idle connections at the end
    bool is_interrupted{false};

    [[nodiscard]] double rate() const noexcept {
        return seconds > 0 ? static_cast<double>(total.whole().succeeded) / seconds : 0;
    }
};

struct run_watch {
    std::function<void(const timeline_point&)> on_point{};
    const std::atomic<bool>* stop{nullptr}; // breaks the run off
    spent::process_watch* server{nullptr};  // nullptr = nobody looks
};

// `what`: for each thread of the plan its operations. Throws std::system_error when threads or descriptors
// cannot be had.
[[nodiscard]] load_result
run_load(const load_plan& plan, std::vector<operations>& what, const run_watch& watch);

} // namespace wxlogind::load
