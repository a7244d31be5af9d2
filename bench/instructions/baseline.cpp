#include "bench/instructions/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace wxlogind::bench {

std::vector<request_cost> parse_baseline(std::string_view text) {
    std::vector<request_cost> costs;
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        std::istringstream words{line};
        request_cost cost;
        std::string rest;
        if (!(words >> cost.name >> cost.instructions) || words >> rest)
            throw std::runtime_error{"the baseline has a line that is not \"name instructions\": " + line};
        costs.push_back(std::move(cost));
    }
    return costs;
}

std::string to_baseline_text(const std::vector<request_cost>& costs) {
    std::string text = "# Instructions per request under callgrind. Written by bench/instructions/update.\n";
    for (const request_cost& cost : costs) text += fmt::format("{} {}\n", cost.name, cost.instructions);
    return text;
}

comparison compare(const std::vector<request_cost>& now, const std::vector<request_cost>& baseline) {
    comparison found;
    found.table = fmt::format(
        "{:<18}{:>12}{:>12}{:>9}{:>14}\n", "instructions", "now", "baseline", "change", "allocations");
    for (const request_cost& cost : now) {
        const auto known = std::find_if(baseline.begin(), baseline.end(), [&cost](const request_cost& each) {
            return each.name == cost.name;
        });
        if (known == baseline.end() || known->instructions == 0) {
            found.is_dearer = true;
            found.table += fmt::format("{:<18}{:>12}{:>12}\n", cost.name, cost.instructions, "none");
            continue;
        }
        const std::uint64_t before = known->instructions;
        const std::uint64_t margin = before * tolerance_percent / 100;
        found.is_dearer |= cost.instructions > before + margin;
        found.is_cheaper |= cost.instructions < before - margin;
        const double change = static_cast<double>(cost.instructions) / static_cast<double>(before) - 1;
        found.table += fmt::format(
            "{:<18}{:>12}{:>12}{:>+8.1f}%{:>14.1f}\n", cost.name, cost.instructions, before, change * 100,
            cost.allocations);
    }
    return found;
}

} // namespace wxlogind::bench
