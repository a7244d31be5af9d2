// What one listener was asked and how it answered, in numbers.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/metrics/histogram.hpp"
#include "core/base/metrics/per_reactor.hpp"
#include "core/base/metrics/report.hpp"
#include "core/net/http.hpp"
#include "handlers/routes.hpp"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

class request_counts {
public:
    // A route is known by its place in `routes`, counted from 1. `listener` is the label: "public".
    request_counts(std::span<const route> routes, std::string_view listener, std::size_t reactors);

    // On the thread of `what.reactor`.
    void count(const net::finished_exchange& what) noexcept;

    // Any thread.
    void describe(metrics::report& to) const;

private:
    static constexpr std::size_t methods = static_cast<std::size_t>(net::method::options) + 1;
    static constexpr std::size_t stages_of_request = 7;
    static constexpr std::size_t lanes = 2; // those where a request waits
    static constexpr std::size_t codes = static_cast<std::size_t>(last_errc) + 1;
    // Every status that is answered, and one place for any other.
    static constexpr std::array statuses{200, 201, 204, 206, 301, 302, 304, 400, 401, 403,
                                         404, 405, 408, 409, 411, 413, 414, 415, 416, 417,
                                         429, 431, 500, 501, 502, 503, 504, 505};

    // A route and one of its methods. The first is for what is neither.
    struct kind {
        std::string_view route{"other"};
        std::string_view method{"other"};
    };
    struct kind_counts {
        std::array<metrics::counter, statuses.size() + 1> by_status;
        metrics::histogram<metrics::request_times> took;
    };
    using stage_histograms = std::array<metrics::histogram<metrics::request_times>, stages_of_request>;
    struct counts {
        explicit counts(std::size_t kinds) : of(kinds) {}
        std::vector<kind_counts> of;
        std::array<metrics::counter, codes> problems;
        std::array<metrics::counter, codes> refusals;
        metrics::counter unsent;
        std::array<stage_histograms, lanes> stages;
    };
    using kinds_of_route = std::array<std::uint16_t, methods>;

    static std::size_t place_of_status(unsigned status) noexcept;
    [[nodiscard]] std::size_t kind_of(const net::finished_exchange& what) const noexcept;
    static void note_stages(stage_histograms& to, const stage_times& of) noexcept;
    void describe_kind(metrics::report& to, std::size_t which) const;
    void describe_stages(metrics::report& to) const;

    std::string_view listener_;
    std::vector<kind> kinds_;
    std::vector<kinds_of_route> by_route_; // the first is for no route
    std::vector<lane> lanes_;              // likewise
    metrics::per_reactor<counts> counts_;
};

} // namespace wxlogind::handlers
