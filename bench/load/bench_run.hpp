// The whole of one call: prepare, run or search, report.
#pragma once

#include "bench/load/options.hpp"

#include <atomic>
#include <string>

namespace wxlogind::load {

// Prints the table; writes the files. The exit status: 0, or 1 when a condition of --fail-if holds. Throws
// std::exception when there is nothing to report. `stop`: finish early, with what there is.
int run_bench(options wanted, const std::string& command, const std::atomic<bool>& stop);

} // namespace wxlogind::load
