// The same counters once a reactor, on cache lines of their own.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace wxlogind::metrics {

// Each part is written to by its reactor alone; whoever reads adds them up. Of fixed size: any thread.
template <class Part>
class per_reactor {
public:
    // Every part is made from `with`.
    template <class... With>
    explicit per_reactor(std::size_t reactors, const With&... with) {
        parts_.reserve(reactors);
        for (std::size_t index = 0; index < reactors; ++index)
            parts_.push_back(std::make_unique<line_of_its_own>(with...));
    }

    [[nodiscard]] Part& operator[](std::size_t reactor) noexcept { return parts_[reactor]->part; }

    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& each : parts_) visit(static_cast<const Part&>(each->part));
    }

    // The sum of what `number` gives of each.
    template <class Number>
    [[nodiscard]] auto sum(Number number) const {
        decltype(number(std::declval<const Part&>())) all{};
        for (const auto& each : parts_) all += number(each->part);
        return all;
    }

private:
    // The processors' neighbouring line is fetched along: two of them.
    struct alignas(128) line_of_its_own {
        template <class... With>
        explicit line_of_its_own(const With&... with) : part{with...} {}
        Part part;
    };
    std::vector<std::unique_ptr<line_of_its_own>> parts_;
};

} // namespace wxlogind::metrics
