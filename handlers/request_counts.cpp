#include "handlers/request_counts.hpp"

#include <string>

namespace wxlogind::handlers {

namespace {

// For the few answers that are problems: the text is one of the list's.
std::size_t number_of_code(std::string_view problem) noexcept {
    for (std::size_t number = 1; number < static_cast<std::size_t>(last_errc); ++number)
        if (to_string(static_cast<errc>(number)) == problem) return number;
    return static_cast<std::size_t>(last_errc);
}

constexpr std::string_view stage_names[] = {"read", "held", "pool", "wechat", "queue", "commit", "write"};
constexpr std::string_view lane_names[] = {"logins", "refreshes"};

std::size_t place_of(lane in) noexcept {
    return in == lane::logins ? 0 : 1;
}

} // namespace

request_counts::request_counts(std::span<const route> routes, std::string_view listener, std::size_t reactors)
    : listener_{listener}, kinds_{kind{}}, by_route_{kinds_of_route{}}, lanes_{lane::open}, counts_{[&] {
          for (const route& each : routes) {
              kinds_of_route places{};
              for (std::size_t verb = 0; verb < methods; ++verb) {
                  const auto method = static_cast<net::method>(verb);
                  if (!each.methods.contains(method)) continue;
                  places[verb] = static_cast<std::uint16_t>(kinds_.size());
                  kinds_.push_back({each.path, net::to_string(method)});
              }
              by_route_.push_back(places);
              lanes_.push_back(each.waits_in);
          }
          return metrics::per_reactor<counts>{reactors, kinds_.size()};
      }()} {}

std::size_t request_counts::place_of_status(unsigned status) noexcept {
    // Answers are mostly 200: the table is for the others.
    static constexpr auto places = [] {
        std::array<std::uint8_t, 600> table{};
        table.fill(statuses.size());
        for (std::size_t at = 0; at < statuses.size(); ++at)
            table[static_cast<std::size_t>(statuses[at])] = static_cast<std::uint8_t>(at);
        return table;
    }();
    return status < places.size() ? places[status] : statuses.size();
}

std::size_t request_counts::kind_of(const net::finished_exchange& what) const noexcept {
    if (what.incoming == nullptr) return 0;
    return by_route_[what.outgoing.route][static_cast<std::size_t>(what.incoming->verb)];
}

void request_counts::count(const net::finished_exchange& what) noexcept {
    counts& mine = counts_[what.reactor];
    kind_counts& of = mine.of[kind_of(what)];
    of.by_status[place_of_status(what.outgoing.status)].add();
    if (what.incoming != nullptr) of.took.observe(static_cast<std::uint64_t>(what.took.count()));
    if (!what.is_written) mine.unsent.add();
    const lane in = lanes_[what.outgoing.route];
    if (in != lane::open && what.incoming != nullptr && what.incoming->stages != nullptr)
        note_stages(mine.stages[place_of(in)], *what.incoming->stages);
    if (what.outgoing.problem.empty()) return;
    const std::size_t code = number_of_code(what.outgoing.problem);
    mine.problems[code].add();
    if (what.incoming == nullptr) mine.refusals[code].add();
}

void request_counts::note_stages(stage_histograms& to, const stage_times& of) noexcept {
    const stage_times::duration times[] = {of.read,  of.held,   of.pool, of.wechat,
                                           of.queue, of.commit, of.write};
    for (std::size_t at = 0; at < stages_of_request; ++at)
        to[at].observe(static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(times[at]).count()));
}

void request_counts::describe_kind(metrics::report& to, std::size_t which) const {
    auto took = metrics::histogram<metrics::request_times>::empty();
    std::array<std::uint64_t, statuses.size() + 1> by_status{};
    counts_.for_each([&](const counts& each) {
        each.of[which].took.add_to(took);
        for (std::size_t at = 0; at < by_status.size(); ++at)
            by_status[at] += each.of[which].by_status[at].value();
    });

    const kind& of = kinds_[which];
    auto requests = to.counter(
        "wxlogind_http_requests_total", "Requests that were answered, by route, method and status.");
    for (std::size_t at = 0; at < by_status.size(); ++at) {
        if (by_status[at] == 0) continue;
        const std::string status = at < statuses.size() ? std::to_string(statuses[at]) : "other";
        requests.add(
            by_status[at],
            {{"listener", listener_}, {"route", of.route}, {"method", of.method}, {"status", status}});
    }
    auto times = to.histogram(
        "wxlogind_http_request_duration_seconds",
        "From a request that has arrived whole to its answer written.");
    if (took.count() != 0)
        times.add(took, 1'000'000, {{"listener", listener_}, {"route", of.route}, {"method", of.method}});
}

void request_counts::describe_stages(metrics::report& to) const {
    for (std::size_t in = 0; in < lanes; ++in)
        for (std::size_t at = 0; at < stages_of_request; ++at) {
            auto took = metrics::histogram<metrics::request_times>::empty();
            counts_.for_each([&](const counts& each) { each.stages[in][at].add_to(took); });
            if (took.count() == 0) continue;
            to.histogram(
                  "wxlogind_http_request_stage_duration_seconds",
                  "Where the time of logins and refreshes went; 0 where one did not come by.")
                .add(
                    took, 1'000'000,
                    {{"listener", listener_}, {"lane", lane_names[in]}, {"stage", stage_names[at]}});
        }
}

void request_counts::describe(metrics::report& to) const {
    for (std::size_t which = 0; which < kinds_.size(); ++which) describe_kind(to, which);
    describe_stages(to);

    auto problems =
        to.counter("wxlogind_http_problems_total", "Problem documents that were answered, by code.");
    auto refusals = to.counter(
        "wxlogind_http_refusals_total",
        "Requests that were refused before they were read as such, by the problem's code.");
    for (std::size_t number = 1; number < codes; ++number) {
        const std::string_view code = to_string(static_cast<errc>(number));
        problems.add(
            counts_.sum([&](const counts& each) { return each.problems[number].value(); }),
            {{"listener", listener_}, {"code", code}});
        const auto refused = counts_.sum([&](const counts& each) { return each.refusals[number].value(); });
        if (refused != 0) refusals.add(refused, {{"listener", listener_}, {"reason", code}});
    }
    to.counter(
          "wxlogind_http_unsent_answers_total", "Answers that could not be written: the client was gone.")
        .add(counts_.sum([](const counts& each) { return each.unsent.value(); }), {{"listener", listener_}});
}

} // namespace wxlogind::handlers
