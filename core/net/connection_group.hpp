// What the connections of one listener on one reactor share.
#pragma once

#include "core/base/config.hpp"
#include "core/base/metrics/counters.hpp"
#include "core/net/forwarded.hpp"
#include "core/net/http.hpp"
#include "core/net/http_head.hpp"
#include "core/net/reactor.hpp"
#include "core/net/rendering.hpp"
#include "core/net/request_ids.hpp"
#include "core/net/tls_server_context.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace wxlogind::net {

class connection;

// How connections behave: the part of the settings that they need, checked once. Immutable: any thread.
struct connection_rules {
    // Throws config_error for a trusted proxy that is no address.
    connection_rules(const server_settings& settings, bool for_internal);

    http_limits limits;
    milliseconds header_timeout;
    milliseconds body_timeout;
    milliseconds write_timeout;
    milliseconds keep_alive_timeout;
    std::size_t max_requests;
    address_blocks trusted_proxies;
    bool is_internal;
    // Connections of trusted proxies begin with a PROXY header.
    bool expects_proxy_header;
};

// Open connections of the whole process against how many there may be. Any thread.
class connection_budget {
public:
    explicit connection_budget(std::size_t limit) noexcept : limit_{limit} {}

    // For those that come from now on: nobody is sent away.
    void set_limit(std::size_t limit) noexcept { limit_.store(limit, std::memory_order_relaxed); }

    // False when all are taken. What was taken has to be given back.
    [[nodiscard]] bool take() noexcept {
        if (open_.fetch_add(1, std::memory_order_relaxed) < limit()) return true;
        give_back();
        return false;
    }
    void give_back() noexcept { open_.fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::size_t> limit_;
    std::atomic<std::size_t> open_{0};
};

// What a listener has seen. The reactor's thread counts, any reads.
struct connection_counts {
    metrics::counter accepted;    // also those that are turned away
    metrics::counter turned_away; // over the budget: told 503, or closed without a word
    metrics::counter exhausted;   // times that none could be accepted: no descriptors or memory
};

// Owned by the listener and by every connection, so that it outlives both. The reactor's thread only.
class connection_group {
public:
    connection_group(
        reactor& home, http_service& service, std::shared_ptr<const connection_rules> rules,
        std::shared_ptr<connection_budget> budget)
        : home{home},
          service{service},
          rules{std::move(rules)},
          budget{std::move(budget)},
          ids{static_cast<std::uint16_t>(home.index() * 2 + (this->rules->is_internal ? 1 : 0))} {}
    connection_group(const connection_group&) = delete;
    connection_group& operator=(const connection_group&) = delete;

    reactor& home;
    http_service& service;
    // Exchanged by a reload; counts for the requests that begin from then on, also on connections that are
    // there. Not to be held over a suspension.
    std::shared_ptr<const connection_rules> rules;
    unsigned rules_version{0};
    const std::shared_ptr<connection_budget> budget;

    // Nothing: connections are plain. Exchanged when the certificate changes; those that are there keep
    // theirs.
    std::shared_ptr<const tls_server_context> tls;

    connection_counts counts;
    http_date date;
    request_ids ids;
    std::string
        rendered; // one response at a time, from rendering to the first send: nothing suspends between

    // No request is begun any more; set by finish().
    bool is_draining{false};
    // A trusted proxy that sends no PROXY header has been complained of: once is enough.
    bool has_missed_proxy_header{false};
    // Connections over the budget that are being told so.
    std::size_t turned_away{0};

    void use_rules(std::shared_ptr<const connection_rules> next) noexcept {
        rules = std::move(next);
        ++rules_version;
    }

    void enlist(connection& one) noexcept;
    void strike_off(connection& one) noexcept;

    // Idle connections close at once, or after a second where no request has come yet; the others answer what
    // they are at with Connection: close.
    void finish();
    // Every connection ends, whatever it is at. A handler that runs goes on; its answer goes nowhere.
    void close_all();

private:
    connection* first_{nullptr};
};

} // namespace wxlogind::net
