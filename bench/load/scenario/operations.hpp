// The operations of a scenario, each as often as its weight says. One thread's own.
#pragma once

#include "bench/load/scenario/operation.hpp"
#include "bench/wechat-sim/generator.hpp"

#include <memory>
#include <vector>

namespace wxlogind::load {

class operations {
public:
    explicit operations(std::uint64_t seed) : numbers_{seed} {}

    // `weight` > 0.
    void add(std::unique_ptr<operation> what, double weight) {
        total_ += weight;
        parts_.push_back({std::move(what), total_});
    }

    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }
    [[nodiscard]] operation& operator[](std::size_t at) const noexcept { return *parts_[at].what; }

    // The number of the one that is next.
    [[nodiscard]] std::size_t choose() noexcept {
        if (parts_.size() == 1 || has_follow_up()) return chosen_;
        const double drawn = numbers_.fraction() * total_;
        chosen_ = 0;
        while (chosen_ + 1 < parts_.size() && parts_[chosen_].up_to <= drawn) ++chosen_;
        return chosen_;
    }

    // The next request belongs to the last one.
    [[nodiscard]] bool has_follow_up() const noexcept { return parts_[chosen_].what->has_follow_up(); }

    // No request will ever come again.
    [[nodiscard]] bool is_exhausted() const noexcept {
        for (const part& each : parts_)
            if (!each.what->is_exhausted()) return false;
        return true;
    }

private:
    struct part {
        std::unique_ptr<operation> what;
        double up_to; // the weights so far
    };

    std::vector<part> parts_{};
    double total_{0};
    std::size_t chosen_{0};
    wechat_sim::generator numbers_;
};

} // namespace wxlogind::load
