// wxlogind under strace: the system calls it makes for each kind of request. They depend on timing a little.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind::bench {

// Runs the fixed load and says what a request took, call by call: a table. Throws std::runtime_error.
[[nodiscard]] std::string count_syscalls();

} // namespace wxlogind::bench
