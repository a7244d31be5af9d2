#include "core/net/http_server.hpp"
#include "core/net/listener.hpp"

namespace wxlogind::net {

void http_server::describe(metrics::report& to) const {
    const auto sum = [this](bool is_internal, const metrics::counter connection_counts::* which) {
        std::uint64_t all = 0;
        for (const auto& each : listeners_)
            if (each->is_internal() == is_internal) all += (each->counts().*which).value();
        return all;
    };
    for (const bool is_internal : {false, true}) {
        const std::string_view listener = is_internal ? "internal" : "public";
        const connection_budget& budget = is_internal ? *internal_budget_ : *public_budget_;
        to.gauge("wxlogind_http_connections", "Connections of clients that are open.")
            .add(budget.open(), {{"listener", listener}});
        to.gauge("wxlogind_http_connections_limit", "How many connections of clients may be open.")
            .add(budget.limit(), {{"listener", listener}});
        to.counter("wxlogind_http_connections_accepted_total", "Connections that clients have made.")
            .add(sum(is_internal, &connection_counts::accepted), {{"listener", listener}});
        to.counter(
              "wxlogind_http_connections_turned_away_total",
              "Connections that were refused because as many as may be were open.")
            .add(sum(is_internal, &connection_counts::turned_away), {{"listener", listener}});
        to.counter(
              "wxlogind_http_accept_failures_total",
              "Times that no connection could be accepted for want of descriptors or memory.")
            .add(sum(is_internal, &connection_counts::exhausted), {{"listener", listener}});
    }
}

} // namespace wxlogind::net
