// What metrics tell of reloads.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/metrics/counters.hpp"
#include "core/base/metrics/report.hpp"

namespace wxlogind {

// One thread notes; any may ask.
class reload_counts {
public:
    explicit reload_counts(unix_millis start) noexcept {
        last_was_good_.set(1);
        last_good_ms_.set(static_cast<std::uint64_t>(start.time_since_epoch().count()));
    }

    void note(bool is_in_force, unix_millis now) noexcept {
        (is_in_force ? taken_in_ : refused_).add();
        last_was_good_.set(is_in_force ? 1 : 0);
        if (is_in_force) last_good_ms_.set(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    }

    // Before the first reload the start counts as one that was taken in.
    void describe(metrics::report& to) const {
        to.counter("wxlogind_config_reloads_total", "Reloads of the configuration, by what came of them.")
            .add(taken_in_.value(), {{"result", "taken_in"}})
            .add(refused_.value(), {{"result", "refused"}});
        to.gauge(
              "wxlogind_config_last_reload_successful",
              "1: the configuration that was read last is in force; 0: it was refused.")
            .add(last_was_good_.value());
        to.gauge(
              "wxlogind_config_last_reload_success_timestamp_seconds",
              "When a configuration was taken in last, in Unix time.")
            .add_number(static_cast<double>(last_good_ms_.value()) / 1000);
    }

private:
    metrics::counter taken_in_;
    metrics::counter refused_;
    metrics::gauge last_was_good_;
    metrics::gauge last_good_ms_;
};

} // namespace wxlogind
