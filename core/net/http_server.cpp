#include "core/net/http_server.hpp"

#include "core/net/listener.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace wxlogind::net {

namespace {

constexpr std::size_t most_by_default = 32768;
constexpr std::size_t fewest = 16;

// Half of the descriptors that the process may have, when nothing is configured: the rest is for WeChat, the
// database and the log.
std::size_t public_limit(const server_settings& settings) {
    if (settings.max_connections > 0) return settings.max_connections;
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return fewest;
    return std::clamp<std::size_t>(descriptors.rlim_cur / 2, fewest, most_by_default);
}

std::size_t internal_limit(std::size_t public_limit) {
    return std::max(fewest, public_limit / 8);
}

} // namespace

http_server::change http_server::read_change(const server_settings& settings) {
    return {
        .public_rules = std::make_shared<const connection_rules>(settings, false),
        .internal_rules = std::make_shared<const connection_rules>(settings, true),
        .max_connections = public_limit(settings)};
}

void http_server::use(const change& next) {
    public_budget_->set_limit(next.max_connections);
    internal_budget_->set_limit(internal_limit(next.max_connections));
    for (const bound_endpoint& each : bound_)
        for (std::size_t index = 0; index < each.listener_count; ++index)
            listeners_[each.first_listener + index]->use_rules(
                each.is_internal ? next.internal_rules : next.public_rules);
}

http_server::http_server(
    reactor_pool& reactors, const server_settings& settings, const std::vector<http_endpoint>& endpoints)
    : public_budget_{std::make_shared<connection_budget>(public_limit(settings))},
      internal_budget_{std::make_shared<connection_budget>(internal_limit(public_budget_->limit()))} {
    const change rules = read_change(settings);
    for (const http_endpoint& each : endpoints) {
        const auto [first_reactor, reactor_count] = each.reactors.count != 0 ? each.reactors : reactors.all();
        listening_sockets bound = each.adopted >= 0 ? adopt_socket(each.adopted, reactor_count)
                                                    : bind_sockets(each.address, reactor_count);
        const std::size_t first = listeners_.size();
        for (std::size_t index = 0; index < bound.sockets.size(); ++index)
            listeners_.push_back(std::make_shared<listener>(
                reactors[first_reactor + index], *each.service,
                each.is_internal ? rules.internal_rules : rules.public_rules,
                each.is_internal ? internal_budget_ : public_budget_, std::move(bound.sockets[index]),
                bound.path_to_remove));
        bound_.push_back(
            {std::move(bound.address), bound.port, first, listeners_.size() - first, each.is_internal});
    }
}

http_server::~http_server() = default;

void http_server::start() {
    for (const auto& each : listeners_) each->start();
}

void http_server::use_certificate(
    std::size_t endpoint, const std::shared_ptr<const tls_server_context>& tls) {
    const bound_endpoint& which = bound_.at(endpoint);
    for (std::size_t index = 0; index < which.listener_count; ++index)
        listeners_[which.first_listener + index]->use_certificate(tls);
}

void http_server::stop_accepting() {
    for (const auto& each : listeners_) each->stop_accepting();
}

void http_server::finish_current_requests() {
    for (const auto& each : listeners_) each->finish_current_requests();
}

void http_server::close_remaining() {
    for (const auto& each : listeners_) each->close_remaining();
}

std::size_t http_server::open_connections() const noexcept {
    return public_budget_->open() + internal_budget_->open();
}

// The ports first: whoever was still let in counts as open by then.
bool http_server::is_deserted() const noexcept {
    const bool is_closed =
        std::all_of(listeners_.begin(), listeners_.end(), [](const auto& each) { return each->is_closed(); });
    return is_closed && open_connections() == 0;
}

} // namespace wxlogind::net
