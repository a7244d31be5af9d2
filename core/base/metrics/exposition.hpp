// Answers scrapes, on a thread of its own: however many figures there are, no reactor waits for them.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/metrics/registry.hpp"

#include <boost/asio/thread_pool.hpp>

#include <mutex>
#include <string>

namespace wxlogind::metrics {

class exposition {
public:
    exposition();
    ~exposition(); // close()
    exposition(const exposition&) = delete;
    exposition& operator=(const exposition&) = delete;

    // Where parts are added, before the first scrape.
    [[nodiscard]] registry& sources() noexcept { return sources_; }

    // All figures as text. errc::overloaded: too many scrapes wait already, or it is closed. Any reactor;
    // the task belongs to the one that awaits it.
    task<result<std::string>> scrape();

    // Finishes what waits and ends the thread; from here on no source is asked. Blocks for as long as a few
    // scrapes take. The reactors have to turn on for those who wait to see the outcome.
    void close();

private:
    template <class Work>
    bool post_if_open(const Work& work);
    result<std::string> collect_text() noexcept;

    registry sources_;
    std::mutex mutex_; // of scrapes alone
    unsigned waiting_{0};
    bool is_closed_{false};
    asio::thread_pool thread_{1};
};

} // namespace wxlogind::metrics
