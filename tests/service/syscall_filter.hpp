// The part of a unit's sandbox that systemd builds from seccomp(2).
#pragma once

#include "tests/service/unit_file.hpp"

namespace wxlogind::test {

// Puts this process, and what it executes, under SystemCallFilter=, RestrictAddressFamilies=,
// MemoryDenyWriteExecute=, RestrictNamespaces= and LockPersonality= of `unit`; names of groups of system
// calls are looked up with systemd-analyze. Throws std::runtime_error when a setting is not there or cannot
// be had.
void apply_syscall_filter(const unit_file& unit);

} // namespace wxlogind::test
