#include "bench/load/report/condition.hpp"

#include "bench/load/report/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace wxlogind::load {

namespace {

struct unit_name {
    std::string_view name;
    metric_unit of;
    double factor;
};

constexpr std::array unit_names{
    unit_name{"us", metric_unit::seconds, 1e-6},
    unit_name{"ms", metric_unit::seconds, 1e-3},
    unit_name{"s", metric_unit::seconds, 1},
    unit_name{"%", metric_unit::share, 0.01},
    unit_name{"", metric_unit::share, 1},
    unit_name{"", metric_unit::number, 1},
    unit_name{"", metric_unit::bytes, 1},
    unit_name{"KB", metric_unit::bytes, 1e3},
    unit_name{"MB", metric_unit::bytes, 1e6},
    unit_name{"KiB", metric_unit::bytes, 1024},
    unit_name{"MiB", metric_unit::bytes, 1024.0 * 1024},
    unit_name{"GiB", metric_unit::bytes, 1024.0 * 1024 * 1024},
};

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::runtime_error{"\"" + std::string{text} + "\": " + why};
}

} // namespace

condition parse_condition(std::string_view text) {
    const std::size_t at = text.find_first_of("<>");
    if (at == std::string_view::npos) refuse(text, "has neither > nor < (like p99>20ms)");
    condition parsed;
    parsed.text = text;
    parsed.metric = trimmed(text.substr(0, at));
    parsed.is_above = text[at] == '>';
    const auto unit = unit_of_metric(parsed.metric);
    if (!unit)
        refuse(
            text, "there is no metric \"" + parsed.metric +
                      "\" (pN, mean, max, rate, errors, unstarted, lag, cpu, rss, switches, syscalls, "
                      "allocations)");

    const std::string_view limit = trimmed(text.substr(at + 1));
    const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), parsed.limit);
    if (error != std::errc{}) refuse(text, "\"" + std::string{limit} + "\" does not begin with a number");
    const std::string_view suffix = trimmed(limit.substr(static_cast<std::size_t>(end - limit.data())));
    const auto known = std::ranges::find_if(
        unit_names, [&](const unit_name& each) { return each.of == *unit && each.name == suffix; });
    if (known == unit_names.end())
        refuse(
            text, *unit == metric_unit::seconds
                      ? "a time needs a unit: us, ms or s"
                      : "\"" + std::string{suffix} + "\" is no unit of this metric");
    parsed.limit *= known->factor;
    return parsed;
}

} // namespace wxlogind::load
