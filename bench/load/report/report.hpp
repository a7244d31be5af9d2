// What is told of a run: on the terminal, as JSON, as a page.
#pragma once

#include "bench/load/drive/run_load.hpp"
#include "bench/load/options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace wxlogind::load {

// A step of the search for the highest rate.
struct rate_step {
    double rate{0};
    double achieved{0};
    double value{0}; // of the metric that is bounded
    bool is_good{false};
};

struct report {
    const options* wanted{nullptr};
    std::string load{};    // "closed loop, 64 connections"
    std::string machine{}; // CPU, kernel
    std::string command{};
    std::string started{}; // when, RFC 3339
    std::uint64_t seed{0};
    double interval_seconds{1}; // of the points of `result`
    load_result result{};
    std::vector<rate_step> steps{};      // of a ramp
    std::vector<std::string> warnings{}; // what makes the figures doubtful
    std::vector<std::string> failed_conditions{};
};

// What the reader has to know before believing the figures: the harness was too slow, the machine too busy.
[[nodiscard]] std::vector<std::string> find_doubts(const load_plan& plan, const load_result& result);

[[nodiscard]] std::string render_table(const report& of);
[[nodiscard]] std::string render_json(const report& of);
[[nodiscard]] std::string render_html(const report& of);

// The share of the machine's CPU time that neither the harness nor the server had; the simulator is one of
// these others. 0 when it is not known.
[[nodiscard]] double others_share(const load_result& result) noexcept;

// The standard deviation of the intervals' rates over the root of their number, as a share of the rate; 0
// when there are too few.
[[nodiscard]] double rate_error(const load_result& result);

} // namespace wxlogind::load
