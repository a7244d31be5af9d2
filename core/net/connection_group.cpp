#include "core/net/connection_group.hpp"

#include "core/net/connection.hpp"

namespace wxlogind::net {

namespace {

// What no service is asked about: it may allow less.
constexpr std::size_t most_long_body_bytes = 64 * 1024 * 1024;

} // namespace

connection_rules::connection_rules(const server_settings& settings, bool for_internal)
    : limits{.max_header_bytes = settings.max_header_bytes, .max_body_bytes = settings.max_body_bytes, .max_long_body_bytes = most_long_body_bytes},
      header_timeout{settings.header_timeout},
      body_timeout{settings.body_timeout},
      write_timeout{settings.write_timeout},
      keep_alive_timeout{settings.keep_alive_timeout},
      max_requests{settings.max_requests_per_connection},
      is_internal{for_internal},
      expects_proxy_header{for_internal ? settings.internal_proxy_protocol : settings.proxy_protocol} {
    auto proxies = address_blocks::parse(settings.trusted_proxies);
    if (!proxies) throw config_error{"server.trusted_proxies: " + proxies.error().detail};
    trusted_proxies = std::move(*proxies);
}

void connection_group::enlist(connection& one) noexcept {
    one.next_ = first_;
    one.link_ = &first_;
    if (first_ != nullptr) first_->link_ = &one.next_;
    first_ = &one;
}

void connection_group::strike_off(connection& one) noexcept {
    *one.link_ = one.next_;
    if (one.next_ != nullptr) one.next_->link_ = one.link_;
}

// Both only cancel: no coroutine runs, and the list stays as it is, before control is back in the loop.
void connection_group::finish() {
    is_draining = true;
    for (connection* each = first_; each != nullptr; each = each->next_) each->finish();
}

void connection_group::close_all() {
    for (connection* each = first_; each != nullptr; each = each->next_) each->close();
}

} // namespace wxlogind::net
