#include "core/base/metrics/exposition.hpp"

#include "core/base/metrics/text.hpp"
#include "core/base/parking.hpp"
#include "core/base/thread_name.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace wxlogind::metrics {

namespace {

// One Prometheus asks every few seconds; a second one and a curious operator may be there as well.
constexpr unsigned most_waiting = 8;

} // namespace

exposition::exposition() {
    asio::post(thread_, [] { name_this_thread("metrics"); });
}

exposition::~exposition() {
    close();
}

task<result<std::string>> exposition::scrape() {
    result<std::string> text{errc::overloaded};
    auto collect = [this, &text](parked& waiter) {
        const auto work = [this, &text, &waiter] {
            text = collect_text();
            resume_one(waiter);
        };
        // Not queued behind close(): that would never be worked off.
        if (!post_if_open(work)) resume_one(waiter);
    };
    const executor home = co_await asio::this_coro::executor;
    co_await park(home, collect);
    co_return text;
}

template <class Work>
bool exposition::post_if_open(const Work& work) {
    const std::lock_guard lock{mutex_};
    if (is_closed_ || waiting_ == most_waiting) return false;
    ++waiting_;
    asio::post(thread_, work);
    return true;
}

result<std::string> exposition::collect_text() noexcept {
    {
        const std::lock_guard lock{mutex_};
        --waiting_;
    }
    try {
        return to_text(sources_.Collect());
    } catch (const std::exception&) { // no memory
        return errc::overloaded;
    }
}

void exposition::close() {
    {
        const std::lock_guard lock{mutex_};
        is_closed_ = true;
    }
    thread_.join();
}

} // namespace wxlogind::metrics
