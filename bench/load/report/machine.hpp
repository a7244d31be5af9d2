// Where and when: for those who compare figures.
#pragma once

#include <string>

namespace wxlogind::load {

// "AMD EPYC, 2 CPUs, Linux 6.1.0"
[[nodiscard]] std::string machine_text();
// "2026-01-31T12:00:00Z"
[[nodiscard]] std::string time_now_text();

} // namespace wxlogind::load
