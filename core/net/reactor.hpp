// One thread, one event loop: everything that a connection needs lives on one reactor and is never shared.
#pragma once

#include "core/base/async.hpp"
#include "core/net/deadlines.hpp"
#include "core/net/requests_in_flight.hpp"

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace wxlogind::net {

// Not thread-safe, but for what says so.
class reactor {
public:
    // `name` is its thread's.
    reactor(unsigned index, std::string name);
    reactor(const reactor&) = delete;
    reactor& operator=(const reactor&) = delete;
    ~reactor();

    [[nodiscard]] unsigned index() const noexcept { return index_; }              // any thread
    [[nodiscard]] const std::string& name() const noexcept { return name_; }      // any thread
    [[nodiscard]] executor get_executor() noexcept { return io_.get_executor(); } // any thread
    [[nodiscard]] deadline_wheel& deadlines() noexcept { return deadlines_; }
    [[nodiscard]] requests_in_flight& requests() noexcept { return requests_; }

    // Runs the loop on the calling thread until stop(). An exception that escapes from a handler is logged
    // and counted and ends nothing but that handler.
    void run();

    // Ends run() after what is ready now. Any thread.
    void stop();

    // Ticks since the start: a watchdog sees by it that the loop turns. Any thread.
    [[nodiscard]] std::uint64_t heartbeat() const noexcept {
        return heartbeat_.load(std::memory_order_relaxed);
    }

    // Exceptions that reached the loop: each is a fault of ours. Any thread.
    [[nodiscard]] std::uint64_t exceptions() const noexcept {
        return exceptions_.load(std::memory_order_relaxed);
    }

private:
    task<> turn_deadlines();
    void note_exception() noexcept;

    const unsigned index_; // in its pool
    const std::string name_;
    requests_in_flight requests_; // outlives the tasks that the event loop destroys with itself
    // Only the reactor's thread touches its sockets and timers: no locks around them. Others only post.
    asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    deadline_wheel deadlines_;
    steady_timer tick_;
    std::atomic<std::uint64_t> heartbeat_{0};
    std::atomic<std::uint64_t> exceptions_{0};
    bool is_stopping_{false};
};

// Reactors of a pool that do the same: so many, from the first on.
struct reactor_range {
    std::size_t first{0};
    std::size_t count{0};
};

// The reactors of the process, each on a thread of its own. Constructed and destroyed by the main thread.
class reactor_pool {
public:
    explicit reactor_pool(unsigned count);

    // One range after the other. Their threads are "<name>-0", "<name>-1" ...
    struct named_range {
        std::string_view name;
        unsigned count;
    };
    explicit reactor_pool(std::span<const named_range> ranges);
    ~reactor_pool(); // stops and joins

    void start();
    void stop_and_join();

    // Lets `what` go when every request that any reactor is answering now has been answered. Any thread.
    void outlive_requests(const std::shared_ptr<const void>& what);

    [[nodiscard]] std::size_t size() const noexcept { return reactors_.size(); }
    [[nodiscard]] reactor_range all() const noexcept { return {.first = 0, .count = size()}; }
    [[nodiscard]] reactor& operator[](std::size_t index) noexcept { return *reactors_[index]; }

private:
    std::vector<std::unique_ptr<reactor>> reactors_;
    std::vector<std::jthread> threads_;
};

} // namespace wxlogind::net
