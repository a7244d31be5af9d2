// What came out of a run, by name.
#pragma once

#include "bench/load/drive/run_load.hpp"

#include <optional>
#include <string_view>

namespace wxlogind::load {

enum class metric_unit : unsigned char {
    seconds,
    bytes,
    share,
    number,
};

// nullopt: there is no metric of that name.
//   p50 p90 p99 p99.9 (any pN), mean, max: latency, from the intended start
//   rate: successes a second; errors: the share of requests that failed
//   unstarted: intended starts that never came to be; lag: the p99 of how late requests started
//   cpu: the server's CPU time per request; rss: its memory; switches, syscalls, allocations: per request
[[nodiscard]] std::optional<metric_unit> unit_of_metric(std::string_view name) noexcept;

// nullopt: not known of this run (the server was not looked at, nothing was answered).
[[nodiscard]] std::optional<double> value_of_metric(const load_result& of, std::string_view name);

// The N of "pN" as a share; nullopt for other names.
[[nodiscard]] std::optional<double> share_of_percentile(std::string_view name) noexcept;

} // namespace wxlogind::load
