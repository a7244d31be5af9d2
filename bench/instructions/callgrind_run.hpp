// wxlogind under callgrind: the instructions it executes for each kind of request.
#pragma once

#include "bench/instructions/baseline.hpp"

#include <string>
#include <vector>

namespace wxlogind::bench {

// Runs the fixed load. Callgrind's profiles of its phases stay in `directory`, which is emptied before:
// "NAME.callgrind", for callgrind_annotate. Throws std::runtime_error.
[[nodiscard]] std::vector<request_cost> count_instructions(const std::string& directory);

} // namespace wxlogind::bench
