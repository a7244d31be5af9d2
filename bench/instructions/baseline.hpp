// What requests are known to cost: a file that is changed on purpose only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::bench {

struct request_cost {
    std::string name;
    std::uint64_t instructions{0}; // per request, in user mode, of all threads
    double allocations{0};         // per request; not in the baseline
};

// "name instructions" a line; lines that begin with '#' are comments. Throws std::runtime_error.
[[nodiscard]] std::vector<request_cost> parse_baseline(std::string_view text);
[[nodiscard]] std::string to_baseline_text(const std::vector<request_cost>& costs);

struct comparison {
    std::string table;      // a line for each kind of request
    bool is_dearer{false};  // by more than the tolerance, or not in the baseline
    bool is_cheaper{false}; // by more than the tolerance
};

inline constexpr std::uint64_t tolerance_percent = 5;

[[nodiscard]] comparison
compare(const std::vector<request_cost>& now, const std::vector<request_cost>& baseline);

} // namespace wxlogind::bench
