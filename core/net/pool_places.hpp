// The places of a connection pool: who has one, which connections are kept in those that nobody has, and who
// waits for one. What is decided is pool_rules' business.
#pragma once

#include "core/base/async.hpp"
#include "core/base/parking.hpp"
#include "core/net/deadlines.hpp"
#include "core/net/https_connection.hpp"
#include "core/net/https_pool.hpp"
#include "core/net/pool_figures.hpp"
#include "core/net/pool_rules.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace wxlogind::net {

// The reactor's thread only. Outlives its leases.
class pool_places {
public:
    // A place, and the connection in it. Given back by the destructor.
    struct lease {
        explicit lease(pool_places& of) : of_{of} {}
        ~lease() { of_.leave(*this); }
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;

        std::unique_ptr<https_connection> connection{}; // none while it is to be opened
        enum class kind : unsigned char {
            nothing,
            opening,
            busy,
        } held{kind::nothing};

    private:
        pool_places& of_;
    };

    pool_places(reactor& home, const https_limits& limits);

    // Fills `held` when there is a way to a connection now. `now`: by the clock, not by the wheel, which is
    // late where something has held up the event loop.
    admission enter(lease& held, bool fresh, bool is_first, steady_clock::time_point now);
    // Queues up; false when that ended without a connection.
    task<bool> wait(lease& held, const https_exchange& what);
    // `held` was entered to be opened, and its connection is open now.
    void opened(lease& held);

    void use(const https_limits& limits);
    // Those who wait go away without a connection, and nobody comes in any more.
    void close() noexcept;

    [[nodiscard]] pool_load load() const noexcept { return {idle_.size(), busy_, opening_, waiting_.size()}; }
    [[nodiscard]] pool_figures& figures() noexcept { return figures_; }
    // See https_pool.
    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept;
    // Where everything is received that is not waited for: for one call at a time.
    [[nodiscard]] std::span<char> scratch() noexcept { return scratch_; }

private:
    struct waiter : boost::intrusive::list_base_hook<> {
        waiter(pool_places& in, lease& into, bool wants_fresh)
            : of{in}, held{into}, fresh{wants_fresh}, limit{this, &waiter::expire} {}
        static void expire(void* self);

        pool_places& of;
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
    void close_oldest(std::size_t count);
    void arm_aging();
    [[nodiscard]] bool is_aged(const https_connection& each, steady_clock::time_point now) const noexcept {
        return each.idle_since() + idle_timeout_ <= now;
    }

    reactor& home_;
    pool_bounds bounds_;
    std::chrono::milliseconds idle_timeout_;
    std::vector<char> scratch_;
    std::vector<std::unique_ptr<https_connection>> idle_; // the last is the one that was used last
    std::size_t busy_{0};
    std::size_t opening_{0};
    boost::intrusive::list<waiter> waiting_;
    deadline aging_{this, [](void* self) { static_cast<pool_places*>(self)->close_aged(); }};
    bool is_closed_{false};
    pool_figures figures_;
};

} // namespace wxlogind::net
