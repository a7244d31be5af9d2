// Coroutines in tests: run one to its end, or many at once on threads of their own.
#pragma once

#include "core/base/async.hpp"

#include <boost/asio/co_spawn.hpp>

#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace wxlogind::test {

// An event loop that is not destroyed before the process ends, but used again. Another thread that posts the
// last completion of a loop is still inside post() when run() returns, so a loop may go only after the
// threads that post to it: in the program after the store, in tests so.
class lasting_loop {
public:
    lasting_loop() {
        const std::lock_guard lock{mutex_of_all()};
        if (unused().empty()) unused().push_back(&all().emplace_back(1));
        loop_ = unused().back();
        unused().pop_back();
        loop_->restart();
    }
    ~lasting_loop() {
        const std::lock_guard lock{mutex_of_all()};
        unused().push_back(loop_);
    }
    lasting_loop(const lasting_loop&) = delete;
    lasting_loop& operator=(const lasting_loop&) = delete;

    [[nodiscard]] asio::io_context& operator*() const noexcept { return *loop_; }
    asio::io_context* operator->() const noexcept { return loop_; }

private:
    static std::mutex& mutex_of_all() {
        static std::mutex mutex;
        return mutex;
    }
    static std::deque<asio::io_context>& all() {
        static std::deque<asio::io_context> loops;
        return loops;
    }
    static std::vector<asio::io_context*>& unused() {
        static std::vector<asio::io_context*> loops;
        return loops;
    }

    asio::io_context* loop_;
};

// Runs `work` until it ends.
template <class T>
T run(task<T> work) {
    const lasting_loop loop;
    std::optional<T> value;
    std::exception_ptr trouble;
    asio::co_spawn(*loop, std::move(work), [&](std::exception_ptr e, T v) {
        trouble = std::move(e);
        value = std::move(v);
    });
    loop->run();
    if (trouble) std::rethrow_exception(trouble);
    return std::move(*value);
}

// Calls make_work(loop, round) `each` times for each of `loops` event loops, every loop on its own thread,
// all at once, and waits for the end of all that was made.
template <class MakeWork>
void run_concurrently(unsigned loops, unsigned each, MakeWork make_work) {
    std::vector<std::jthread> threads;
    for (unsigned loop = 0; loop < loops; ++loop)
        threads.emplace_back([loop, each, &make_work] {
            const lasting_loop here;
            for (unsigned round = 0; round < each; ++round)
                asio::co_spawn(*here, make_work(loop, round), [](const std::exception_ptr& e) {
                    if (e) std::rethrow_exception(e);
                });
            here->run();
        });
}

} // namespace wxlogind::test
