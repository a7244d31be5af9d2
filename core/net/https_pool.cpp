#include "core/net/https_pool.hpp"

#include "core/base/log.hpp"
#include "core/net/address_rotation.hpp"
#include "core/net/https_connection.hpp"
#include "core/net/pool_places.hpp"
#include "core/net/reactor.hpp"

namespace wxlogind::net {

std::string_view to_string(exchange_fault fault) noexcept {
    switch (fault) {
    case exchange_fault::none: return "none";
    case exchange_fault::unwanted: return "unwanted";
    case exchange_fault::queue_full: return "queue_full";
    case exchange_fault::no_address: return "no_address";
    case exchange_fault::connect: return "connect";
    case exchange_fault::tls: return "tls";
    case exchange_fault::closed: return "closed";
    case exchange_fault::deadline: return "deadline";
    case exchange_fault::bad_response: return "bad_response";
    }
    return "unknown";
}

// Shared by the pool and its running exchanges.
class https_pool::core : public std::enable_shared_from_this<core> {
public:
    core(reactor& home, const https_upstream& upstream, const https_limits& limits)
        : home_{home},
          upstream_{upstream},
          limits_{limits},
          addresses_{home.index()},
          places_{home, limits} {}

    task<exchange_outcome> exchange(const https_exchange& what);
    void use(const https_limits& limits) {
        limits_ = limits;
        places_.use(limits);
    }
    [[nodiscard]] pool_places& places() noexcept { return places_; }

private:
    using lease = pool_places::lease;

    task<exchange_fault> open(lease& held, steady_clock::time_point until);
    void log_trouble(const https_connection& connection, const address_list::value_type& address);

    reactor& home_;
    const https_upstream& upstream_;
    https_limits limits_;
    address_rotation addresses_;
    tls_session_slot sessions_;
    pool_places places_;
    steady_clock::time_point log_again_{};
};

task<exchange_fault> https_pool::core::open(lease& held, steady_clock::time_point until) {
    const auto known = upstream_.names.addresses();
    if (known == nullptr) co_return exchange_fault::no_address;
    // An address that refuses costs nothing, so the next is tried at once: "localhost" may be ::1 and
    // 127.0.0.1. One that is silent has cost its time.
    auto fault = exchange_fault::connect;
    for (std::size_t tried = 0; fault == exchange_fault::connect && tried < known->size(); ++tried) {
        const auto now = steady_clock::now();
        if (now >= until) co_return exchange_fault::deadline;
        const address_list::value_type address = addresses_.pick(*known, now);
        held.connection = std::make_unique<https_connection>(home_, upstream_, sessions_, limits_.max_body);
        fault = co_await held.connection->open(address, limits_.connect_timeout, limits_.tls_timeout, until);
        if (fault == exchange_fault::none) addresses_.succeeded(address);
        if (fault != exchange_fault::connect && fault != exchange_fault::tls) break;
        addresses_.failed(address, steady_clock::now());
        log_trouble(*held.connection, address);
        if (held.connection->is_late()) break;
    }
    if (fault != exchange_fault::none) {
        places_.figures().failed.add();
        co_return fault;
    }

    places_.figures().opened.add();
    if (held.connection->is_resumed()) places_.figures().resumed.add();
    places_.opened(held);
    co_return exchange_fault::none;
}

task<exchange_outcome> https_pool::core::exchange(const https_exchange& what) {
    exchange_outcome outcome;
    const auto alive = shared_from_this();
    lease held{places_};
    stage_times unasked;
    stage_times& stages = what.stages != nullptr ? *what.stages : unasked;
    auto since = steady_clock::now();
    admission way = places_.enter(held, what.fresh, false, since);
    if (way == admission::wait) {
        const bool is_granted = co_await places_.wait(held, what);
        add_since(stages.pool, since);
        if (!is_granted) {
            outcome.fault = exchange_fault::deadline;
            co_return outcome;
        }
    } else if (way == admission::refuse) {
        outcome.fault = exchange_fault::queue_full;
        co_return outcome;
    }

    // Whoever did not have to wait was there a moment ago: looking costs a system call.
    const bool has_waited = way == admission::wait || held.held == lease::kind::opening;
    const auto is_wanted = [&] { return !has_waited || !what.is_wanted || what.is_wanted(); };
    if (held.held == lease::kind::opening && is_wanted()) {
        outcome.fault = co_await open(held, what.until);
        add_since(stages.pool, since);
        if (outcome.fault != exchange_fault::none) co_return outcome;
    }
    if (!is_wanted() || held.held != lease::kind::busy) {
        // Only here is it known to be unused. Left by an exception it may have half a response to come, and
        // the next login must not read that.
        if (held.held == lease::kind::busy) held.connection->give_back();
        outcome.fault = exchange_fault::unwanted;
        co_return outcome;
    }
    const std::span<char> scratch = places_.scratch();
    const auto asked = since;
    outcome = co_await held.connection->transact(what, limits_.first_byte_timeout, scratch);
    add_since(stages.wechat, since);
    outcome.took = since - asked;
    co_return outcome;
}

void https_pool::core::log_trouble(
    const https_connection& connection, const address_list::value_type& address) {
    const auto now = steady_clock::now();
    if (now < log_again_) return; // one line a second says it all
    log_again_ = now + std::chrono::seconds{1};
    log_warning(
        "no connection to an upstream", {{"host", upstream_.origin.host},
                                         {"address", address.address().to_string()},
                                         {"why", connection.trouble()}});
}

https_pool::https_pool(reactor& home, const https_upstream& upstream, const https_limits& limits)
    : core_{std::make_shared<core>(home, upstream, limits)} {}

https_pool::~https_pool() {
    core_->places().close();
}

task<exchange_outcome> https_pool::exchange(const https_exchange& what) {
    return core_->exchange(what);
}

void https_pool::use(const https_limits& limits) {
    core_->use(limits);
}

https_pool::counts https_pool::count() const noexcept {
    const pool_load now = core_->places().load();
    const pool_figures& since = core_->places().figures();
    return {
        now.idle,
        now.busy,
        now.opening,
        now.waiting,
        since.opened.value(),
        since.resumed.value(),
        since.reused.value()};
}

const pool_figures& https_pool::figures() const noexcept {
    return core_->places().figures();
}

steady_clock::duration https_pool::queue_time(steady_clock::time_point now) const noexcept {
    return core_->places().queue_time(now);
}

} // namespace wxlogind::net
