// What a store's counters look like to Prometheus.
#pragma once

#include "core/base/metrics/report.hpp"
#include "storage/store_counters.hpp"

namespace wxlogind::storage {

// Any thread.
void describe(const store_counters& counters, bool takes_writes, metrics::report& to);

} // namespace wxlogind::storage
