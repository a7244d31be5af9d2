#include "core/net/https_pool.hpp"

#include "core/base/log.hpp"
#include "core/base/parking.hpp"
#include "core/net/address_rotation.hpp"
#include "core/net/https_connection.hpp"
#include "core/net/pool_rules.hpp"
#include "core/net/reactor.hpp"

#include <boost/intrusive/list.hpp>

#include <utility>
#include <vector>

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
    // A place in the pool, and the connection in it. Given back by the destructor.
    struct lease {
        explicit lease(core& pool) : pool_{pool} {}
        ~lease() { pool_.leave(*this); }
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;

        std::unique_ptr<https_connection> connection{}; // none while it is to be opened
        enum class kind : unsigned char {
            nothing,
            opening,
            busy,
        } held{kind::nothing};

    private:
        core& pool_;
    };

    core(reactor& home, const https_upstream& upstream, const https_limits& limits);

    // Fills `held` when there is a way to a connection now. `now`: by the clock, not by the wheel, which is
    // late where something has held up the event loop.
    admission enter(lease& held, bool fresh, bool is_first, steady_clock::time_point now);
    // Queues up; false when that ended without a connection.
    task<bool> wait(lease& held, const https_exchange& what);
    task<exchange_fault> open(lease& held, steady_clock::time_point until);
    task<exchange_outcome> exchange(const https_exchange& what);
    void use(const https_limits& limits);
    void close() noexcept;
    [[nodiscard]] counts count() const noexcept;
    [[nodiscard]] const pool_figures& figures() const noexcept { return figures_; }
    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept;

private:
    struct waiter : boost::intrusive::list_base_hook<> {
        waiter(core& of, lease& into, bool wants_fresh)
            : pool{of}, held{into}, fresh{wants_fresh}, limit{this, &waiter::expire} {}
        static void expire(void* self);

        core& pool;
        lease& held;
        bool fresh;
        bool is_granted{false};
        parked* node{nullptr};
        steady_clock::time_point since{steady_clock::now()};
        deadline limit;
    };

    void publish() noexcept;
    void leave(lease& held) noexcept;
    void admit_waiting();
    void close_aged();
    void log_trouble(const https_connection& connection, const address_list::value_type& address);
    [[nodiscard]] bool is_aged(const https_connection& each, steady_clock::time_point now) const noexcept {
        return each.idle_since() + limits_.idle_timeout <= now;
    }
    [[nodiscard]] pool_load load() const noexcept { return {idle_.size(), busy_, opening_, waiting_.size()}; }

    reactor& home_;
    const https_upstream& upstream_;
    https_limits limits_;
    pool_bounds bounds_;
    address_rotation addresses_;
    tls_session_slot sessions_;
    std::vector<char> scratch_;
    std::vector<std::unique_ptr<https_connection>> idle_; // the last is the one that was used last
    std::size_t busy_{0};
    std::size_t opening_{0};
    boost::intrusive::list<waiter> waiting_;
    deadline aging_{this, [](void* self) { static_cast<core*>(self)->close_aged(); }};
    bool is_closed_{false};
    steady_clock::time_point log_again_{};
    pool_figures figures_;
};

https_pool::core::core(reactor& home, const https_upstream& upstream, const https_limits& limits)
    : home_{home},
      upstream_{upstream},
      limits_{limits},
      bounds_{limits.max_connections, limits.max_opening, limits.max_waiting},
      addresses_{home.index()},
      scratch_(16 * 1024) {
    idle_.reserve(limits.max_connections);
    figures_.limit.set(limits.max_connections);
}

admission https_pool::core::enter(lease& held, bool fresh, bool is_first, steady_clock::time_point now) {
    for (;;) {
        const admission way = is_closed_ ? admission::refuse : admit(load(), bounds_, fresh, is_first);
        switch (way) {
        case admission::reuse:
            held.connection = std::move(idle_.back());
            idle_.pop_back();
            if (is_aged(*held.connection, now)) {
                held.connection->part();
                break;
            }
            if (!held.connection->borrow(scratch_)) break; // the peer has closed it: the next one
            held.held = lease::kind::busy;
            ++busy_;
            figures_.reused.add();
            publish();
            return way;
        case admission::replace_oldest: idle_.erase(idle_.begin()); break;
        case admission::open:
            held.connection.reset();
            held.held = lease::kind::opening;
            ++opening_;
            publish();
            return way;
        case admission::wait:
        case admission::refuse: held.connection.reset(); return way;
        }
    }
}

void https_pool::core::publish() noexcept {
    figures_.idle.set(idle_.size());
    figures_.busy.set(busy_);
    figures_.opening.set(opening_);
    figures_.waiting.set(waiting_.size());
}

void https_pool::core::leave(lease& held) noexcept {
    switch (std::exchange(held.held, lease::kind::nothing)) {
    case lease::kind::nothing: return;
    case lease::kind::opening: --opening_; break;
    case lease::kind::busy: --busy_; break;
    }
    if (is_closed_) return;
    const bool has_room = idle_.size() + busy_ + opening_ < bounds_.max_connections;
    if (has_room && held.connection && held.connection->state() == connection_state::idle) {
        idle_.push_back(std::move(held.connection)); // has room: reserved
        if (!aging_.is_armed())
            home_.deadlines().arm(aging_, idle_.front()->idle_since() + limits_.idle_timeout);
    }
    publish();
    admit_waiting();
}

void https_pool::core::admit_waiting() {
    while (!waiting_.empty()) {
        waiter& first = waiting_.front();
        const admission way = enter(first.held, first.fresh, true, steady_clock::now());
        if (way == admission::wait || way == admission::refuse) return;
        waiting_.pop_front();
        first.limit.disarm();
        first.is_granted = true;
        publish();
        resume_one(*first.node);
    }
}

void https_pool::core::waiter::expire(void* self) {
    auto& late = *static_cast<waiter*>(self);
    late.pool.waiting_.erase(late.pool.waiting_.iterator_to(late));
    late.pool.publish();
    resume_one(*late.node);
}

task<bool> https_pool::core::wait(lease& held, const https_exchange& what) {
    waiter mine{*this, held, what.fresh};
    auto hand_over = [&mine, &what](parked& node) {
        mine.node = &node;
        mine.pool.waiting_.push_back(mine);
        mine.pool.publish();
        mine.pool.home_.deadlines().arm(mine.limit, what.until);
    };
    const executor here = home_.get_executor();
    co_await park(here, hand_over);
    co_return mine.is_granted;
}

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
        figures_.failed.add();
        co_return fault;
    }

    figures_.opened.add();
    if (held.connection->is_resumed()) figures_.resumed.add();
    --opening_;
    ++busy_;
    held.held = lease::kind::busy;
    publish();
    admit_waiting(); // there is room for another to be opened
    co_return exchange_fault::none;
}

task<exchange_outcome> https_pool::core::exchange(const https_exchange& what) {
    exchange_outcome outcome;
    const auto alive = shared_from_this();
    lease held{*this};
    stage_times unasked;
    stage_times& stages = what.stages != nullptr ? *what.stages : unasked;
    auto since = steady_clock::now();
    admission way = enter(held, what.fresh, false, since);
    if (way == admission::wait) {
        const bool is_granted = co_await wait(held, what);
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
    const std::span<char> scratch{scratch_};
    const auto asked = since;
    outcome = co_await held.connection->transact(what, limits_.first_byte_timeout, scratch);
    add_since(stages.wechat, since);
    outcome.took = since - asked;
    co_return outcome;
}

void https_pool::core::close_aged() {
    const auto now = home_.deadlines().now();
    std::size_t aged = 0;
    while (aged < idle_.size() && is_aged(*idle_[aged], now)) idle_[aged++]->part();
    idle_.erase(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(aged));
    publish();
    // Disarmed too: it may stand for a timeout that is not in force any more, and the next that idles arms
    // it.
    aging_.disarm();
    if (!idle_.empty()) home_.deadlines().arm(aging_, idle_.front()->idle_since() + limits_.idle_timeout);
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

void https_pool::core::use(const https_limits& limits) {
    idle_.reserve(limits.max_connections);
    limits_ = limits;
    bounds_ = {limits.max_connections, limits.max_opening, limits.max_waiting};
    figures_.limit.set(limits.max_connections);
    // What is over the new bounds goes: the idle ones at once, the busy ones when they come back.
    const std::size_t open = idle_.size() + busy_ + opening_;
    const std::size_t over = std::min(open - std::min(open, limits.max_connections), idle_.size());
    for (std::size_t each = 0; each < over; ++each) idle_[each]->part();
    idle_.erase(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(over));
    close_aged();
    admit_waiting();
}

void https_pool::core::close() noexcept {
    is_closed_ = true;
    aging_.disarm();
    for (auto& each : idle_) each->part();
    idle_.clear();
    while (!waiting_.empty()) {
        waiter& first = waiting_.front();
        waiting_.pop_front();
        first.limit.disarm();
        resume_one(*first.node);
    }
}

https_pool::counts https_pool::core::count() const noexcept {
    return {idle_.size(),
            busy_,
            opening_,
            waiting_.size(),
            figures_.opened.value(),
            figures_.resumed.value(),
            figures_.reused.value()};
}

steady_clock::duration https_pool::core::queue_time(steady_clock::time_point now) const noexcept {
    return waiting_.empty() ? steady_clock::duration{0} : now - waiting_.front().since;
}

https_pool::https_pool(reactor& home, const https_upstream& upstream, const https_limits& limits)
    : core_{std::make_shared<core>(home, upstream, limits)} {}

https_pool::~https_pool() {
    core_->close();
}

task<exchange_outcome> https_pool::exchange(const https_exchange& what) {
    return core_->exchange(what);
}

void https_pool::use(const https_limits& limits) {
    core_->use(limits);
}

https_pool::counts https_pool::count() const noexcept {
    return core_->count();
}

const pool_figures& https_pool::figures() const noexcept {
    return core_->figures();
}

steady_clock::duration https_pool::queue_time(steady_clock::time_point now) const noexcept {
    return core_->queue_time(now);
}

} // namespace wxlogind::net
