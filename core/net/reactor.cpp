#include "core/net/reactor.hpp"

#include "core/base/essential_loop.hpp"
#include "core/base/log.hpp"
#include "core/base/thread_name.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <exception>
#include <utility>

namespace wxlogind::net {

reactor::reactor(unsigned index, std::string name)
    : index_{index}, name_{std::move(name)}, deadlines_{steady_clock::now()}, tick_{io_.get_executor()} {
    asio::co_spawn(io_, turn_deadlines(), essential_loop{"deadlines"});
}

reactor::~reactor() = default;

task<> reactor::turn_deadlines() {
    while (!is_stopping_) {
        tick_.expires_after(deadline_wheel::tick);
        const auto [error] = co_await tick_.async_wait(as_result);
        if (error) break;
        heartbeat_.fetch_add(1, std::memory_order_relaxed);
        try {
            deadlines_.advance(steady_clock::now());
        } catch (...) {
            // Without this loop no connection of the reactor would ever time out again.
            note_exception();
        }
    }
}

void reactor::run() {
    name_this_thread(name_);
    for (;;) {
        try {
            io_.run();
            return;
        } catch (...) {
            // Boost 1.81's parsers can throw on input; ours are guarded, and this is the net under them.
            note_exception();
        }
    }
}

// Inside a catch clause. Without memory the count has to do.
void reactor::note_exception() noexcept {
    exceptions_.fetch_add(1, std::memory_order_relaxed);
    try {
        try {
            throw;
        } catch (const std::exception& e) {
            log_error("an exception reached the event loop", {{"reactor", name_}, {"what", e.what()}});
        } catch (...) {
            log_error("an exception reached the event loop", {{"reactor", name_}});
        }
    } catch (...) {
        return;
    }
}

void reactor::stop() {
    asio::post(io_, [this] {
        is_stopping_ = true;
        tick_.cancel();
        io_.stop();
    });
}

reactor_pool::reactor_pool(unsigned count) : reactor_pool{std::array{named_range{"reactor", count}}} {}

reactor_pool::reactor_pool(std::span<const named_range> ranges) {
    for (const auto& [name, count] : ranges)
        for (unsigned of_these = 0; of_these < count; ++of_these)
            reactors_.push_back(std::make_unique<reactor>(
                static_cast<unsigned>(reactors_.size()), std::string{name} + "-" + std::to_string(of_these)));
}

reactor_pool::~reactor_pool() {
    stop_and_join();
}

void reactor_pool::start() {
    threads_.reserve(reactors_.size());
    for (auto& each : reactors_) threads_.emplace_back([&reactor = *each] { reactor.run(); });
}

void reactor_pool::stop_and_join() {
    for (auto& each : reactors_) each->stop();
    threads_.clear(); // jthread joins
}

void reactor_pool::outlive_requests(const std::shared_ptr<const void>& what) {
    for (auto& each : reactors_)
        asio::post(each->get_executor(), [&reactor = *each, what] { reactor.requests().keep_for_all(what); });
}

} // namespace wxlogind::net
