// The process as the system sees it, and which program it is.
#pragma once

#include "core/base/metrics/report.hpp"

namespace wxlogind {

// Names as every Prometheus client has them. Reads /proc/self, where counting descriptors takes a
// millisecond for ten thousand of them: not for a reactor's thread. What cannot be read is left out.
void describe_process(metrics::report& to);

// Lines of the log that nobody can read.
void describe_log(metrics::report& to);

// wxlogind_build_info.
void describe_build(metrics::report& to);

} // namespace wxlogind
