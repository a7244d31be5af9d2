// What counts at the moment, and is exchanged while requests are served.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace wxlogind {

// The hot path pays one load: no lock, and no count that cores would fight over. In return, who exchanges the
// object keeps the old one alive until nobody can be looking at it any more; see replace().
template <class T>
class current {
public:
    explicit current(std::shared_ptr<const T> first) : owner_{std::move(first)}, object_{owner_.get()} {}
    current(const current&) = delete;
    current& operator=(const current&) = delete;

    // For a reactor's thread alone. What answers a request may look at it until the answer is made, whatever
    // it waits for in between; everybody else until its task is suspended, and asks anew after a co_await.
    [[nodiscard]] const T& now() const noexcept { return *object_.load(std::memory_order_acquire); }

    // To be held for as long as it is needed. Any thread; takes a lock.
    [[nodiscard]] std::shared_ptr<const T> held() const {
        const std::lock_guard lock{mutex_};
        return owner_;
    }

    // From here on `next` counts. Returns the one before: hand it to net::reactor_pool::outlive_requests, and
    // let it go there. Any thread.
    [[nodiscard]] std::shared_ptr<const T> replace(std::shared_ptr<const T> next) {
        const std::lock_guard lock{mutex_};
        object_.store(next.get(), std::memory_order_release);
        return std::exchange(owner_, std::move(next));
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> owner_; // guarded by mutex_
    std::atomic<const T*> object_;
};

} // namespace wxlogind
