// System calls of running processes, counted by strace, which makes them several times slower meanwhile.
#pragma once

#include "bench/load/try_out/started_program.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::load::spent {

class syscall_count {
public:
    // Begins. Throws std::runtime_error that says why it is not possible here.
    explicit syscall_count(const std::vector<pid_t>& processes);

    // Ends; how many there were since the beginning. nullopt when strace did not tell.
    [[nodiscard]] std::optional<std::uint64_t> finish();

private:
    std::string log_file_;
    std::optional<started_program> strace_;
};

// From the table that strace -c prints: the calls of its last line.
[[nodiscard]] std::optional<std::uint64_t> total_of_strace_table(std::string_view table);

} // namespace wxlogind::load::spent
