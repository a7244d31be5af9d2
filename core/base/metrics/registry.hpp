// Everything that has figures to show.
#pragma once

#include "core/base/metrics/report.hpp"

#include <prometheus/collectable.h>

#include <functional>
#include <vector>

namespace wxlogind::metrics {

class registry final : public prometheus::Collectable {
public:
    // Says how a part is now. Called on the thread that collects, while every other one goes on: it reads
    // counters and waits for nothing.
    using source = std::function<void(report& to)>;

    // Before anything is collected; what `part` refers to stays until nothing is collected any more.
    void add(source part) { sources_.push_back(std::move(part)); }

    // Any thread.
    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
        report all;
        for (const source& each : sources_) each(all);
        return all.take();
    }

private:
    std::vector<source> sources_;
};

} // namespace wxlogind::metrics
