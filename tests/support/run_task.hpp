// Coroutines in tests: run one to its end, or many at once on threads of their own.
#pragma once

#include "core/base/async.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace wxlogind::test {

// Runs `work` on `loop` until it ends, with everything else that is ready there.
template <class T>
T run_on(asio::io_context& loop, task<T> work) {
    std::optional<T> value;
    std::exception_ptr trouble;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T v) {
        trouble = e;
        value = std::move(v);
    });
    loop.restart();
    loop.run();
    if (trouble) std::rethrow_exception(trouble);
    return std::move(*value);
}

template <class T>
T run(task<T> work) {
    asio::io_context loop{1};
    return run_on(loop, std::move(work));
}

// Calls make_work(loop, round) `each` times for each of `loops` event loops, every loop on its own thread,
// all at once, and waits for the end of all that was made.
template <class MakeWork>
void run_concurrently(unsigned loops, unsigned each, MakeWork make_work) {
    std::vector<std::jthread> threads;
    for (unsigned loop = 0; loop < loops; ++loop)
        threads.emplace_back([loop, each, &make_work] {
            asio::io_context here{1};
            for (unsigned round = 0; round < each; ++round)
                asio::co_spawn(here, make_work(loop, round), [](std::exception_ptr e) {
                    if (e) std::rethrow_exception(e);
                });
            here.run();
        });
}

} // namespace wxlogind::test
