#include "core/wechat/client_figures.hpp"

#include "core/wechat/wechat_client.hpp"

namespace wxlogind::wechat {

namespace {

constexpr int errcodes_of_logins[] = {0,     -1,    40013, 40029, 40125, 40163, 40164,
                                      40226, 40243, 41002, 41004, 45009, 45011};

std::string_view name_of(breaker_of which) noexcept {
    return which == breaker_of::logins ? "logins" : "others";
}

std::string_view name_of(circuit_breaker::state state) noexcept {
    switch (state) {
    case circuit_breaker::state::closed: return "closed";
    case circuit_breaker::state::open: return "open";
    case circuit_breaker::state::half_open: break;
    }
    return "half_open";
}

constexpr std::array breaker_states{
    circuit_breaker::state::closed, circuit_breaker::state::open, circuit_breaker::state::half_open};

std::uint64_t all_of(const std::array<std::uint64_t, round_trips::faults>& by_fault) noexcept {
    std::uint64_t all = 0;
    for (const std::uint64_t each : by_fault) all += each;
    return all;
}

void describe_call(const client_round_trips::key& of, const round_trips::sums& sums, metrics::report& to) {
    const std::string_view appid = of.appid;
    auto calls = to.counter(
        "wxlogind_wechat_calls_total", "Calls to WeChat, by app, path and errcode (0: success; other: one "
                                       "that is not known; none: no answer "
                                       "that makes sense).");
    for (const auto& [errcode, count] : sums.by_errcode)
        calls.add(count, {{"appid", appid}, {"path", of.path}, {"errcode", std::to_string(errcode)}});
    calls.add(sums.other, {{"appid", appid}, {"path", of.path}, {"errcode", "other"}});
    calls.add(all_of(sums.by_fault), {{"appid", appid}, {"path", of.path}, {"errcode", "none"}});

    auto faults = to.counter(
        "wxlogind_wechat_faults_total", "Calls to WeChat that brought no answer that makes sense, by why.");
    for (std::size_t fault = 1; fault < sums.by_fault.size(); ++fault)
        faults.add(
            sums.by_fault[fault], {{"appid", appid},
                                   {"path", of.path},
                                   {"fault", net::to_string(static_cast<net::exchange_fault>(fault))}});
}

void describe_calls(
    const std::vector<std::unique_ptr<wechat_client>>& clients, std::span<const std::string> appids,
    metrics::report& to) {
    std::map<client_round_trips::key, round_trips::sums> calls;
    for (const std::string& appid : appids)
        for (const int errcode : errcodes_of_logins) calls[{appid, login_path}].by_errcode[errcode] = 0;
    for (const auto& each : clients) each->trips.add_to(calls);

    std::map<std::string_view, metrics::distribution> took;
    for (const auto& [of, sums] : calls) {
        describe_call(of, sums, to);
        auto& all =
            took.try_emplace(of.path, metrics::histogram<metrics::request_times>::empty()).first->second;
        for (std::size_t at = 0; at < all.counts.size(); ++at) all.counts[at] += sums.took.counts[at];
        all.sum += sums.took.sum;
    }
    auto times = to.histogram(
        "wxlogind_wechat_call_duration_seconds",
        "From sending a call to WeChat to its answer, or to giving it up; of all apps.");
    for (const auto& [path, all] : took) times.add(all, 1'000'000, {{"path", path}});
}

void describe_breakers(
    const std::vector<std::unique_ptr<wechat_client>>& clients, std::span<const std::string> appids,
    metrics::report& to) {
    std::map<client_round_trips::breaker_key, client_round_trips::breaker_states> breakers;
    for (const std::string& appid : appids) breakers[{appid, breaker_of::logins}] = {};
    client_round_trips::breaker_states reach{};
    for (const auto& each : clients) {
        each->trips.add_to(breakers);
        ++reach[static_cast<std::size_t>(each->trips.reach.load())];
    }
    auto shown = to.gauge(
        "wxlogind_wechat_breakers",
        "Circuit breakers of an app, one a reactor, by state: while open, WeChat is not asked.");
    auto of_all = to.gauge(
        "wxlogind_wechat_reach_breakers",
        "Circuit breakers of all apps, one a reactor, by state: open while WeChat cannot be reached.");
    for (const auto state : breaker_states) {
        const auto at = static_cast<std::size_t>(state);
        for (const auto& [of, states] : breakers)
            shown.add(
                states[at], {{"appid", of.first}, {"calls", name_of(of.second)}, {"state", name_of(state)}});
        of_all.add(reach[at], {{"state", name_of(state)}});
    }
}

void describe_pools(const std::vector<std::unique_ptr<wechat_client>>& clients, metrics::report& to) {
    using net::pool_figures;
    const auto sum_for = [&clients](std::string_view listener, auto which) {
        std::uint64_t all = 0;
        for (const auto& each : clients)
            if (each->listener == listener) all += (each->logins.figures().*which).value();
        return all;
    };
    auto connections = to.gauge(
        "wxlogind_wechat_connections", "Connections to WeChat, by whose they are and what they are at.");
    auto limit =
        to.gauge("wxlogind_wechat_connections_limit", "How many connections to WeChat there may be.");
    auto waiting = to.gauge("wxlogind_wechat_waiting_calls", "Calls that wait for a connection to WeChat.");
    for (const std::string_view listener : {"public", "internal"}) {
        const auto add = [&](auto which, std::string_view state) {
            connections.add(sum_for(listener, which), {{"listener", listener}, {"state", state}});
        };
        add(&pool_figures::idle, "idle");
        add(&pool_figures::busy, "busy");
        add(&pool_figures::opening, "opening");
        limit.add(sum_for(listener, &pool_figures::limit), {{"listener", listener}});
        waiting.add(sum_for(listener, &pool_figures::waiting), {{"listener", listener}});
    }
    const auto sum = [&](auto which) { return sum_for("public", which) + sum_for("internal", which); };
    // In this order: what is counted in between is not a handshake less than none.
    const std::uint64_t resumed = sum(&pool_figures::resumed);
    const std::uint64_t opened = sum(&pool_figures::opened);
    to.counter("wxlogind_wechat_handshakes_total", "TLS handshakes with WeChat, anew or resuming a session.")
        .add(opened - resumed, {{"kind", "new"}})
        .add(resumed, {{"kind", "resumed"}});
    to.counter("wxlogind_wechat_connect_failures_total", "Connections to WeChat that could not be made.")
        .add(sum(&pool_figures::failed));
    to.counter("wxlogind_wechat_reused_connections_total", "Calls over a connection that was kept.")
        .add(sum(&pool_figures::reused));
}

} // namespace

void describe(
    const std::vector<std::unique_ptr<wechat_client>>& clients, std::span<const std::string> appids,
    metrics::report& to) {
    describe_calls(clients, appids, to);
    describe_breakers(clients, appids, to);
    describe_pools(clients, to);
}

} // namespace wxlogind::wechat
