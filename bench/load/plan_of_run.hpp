// From the words of the command line to a plan.
#pragma once

#include "bench/load/drive/load_plan.hpp"
#include "bench/load/options.hpp"

#include <string>

namespace wxlogind::load {

// Throws std::runtime_error when an address is none.
[[nodiscard]] load_plan plan_of(const options& wanted);

// Cuts the durations into intervals of a second, or shorter ones where that gives few.
void set_times(load_plan& plan, milliseconds warm_up, milliseconds duration) noexcept;

// One line for people.
[[nodiscard]] std::string describe(const load_plan& plan, const options& wanted);

} // namespace wxlogind::load
