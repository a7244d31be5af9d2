// The keyring that counts, exchanged while requests are served.
#pragma once

#include "core/session/keyring.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace wxlogind::session {

// The hot path pays one load: no lock, and no count that cores would fight over. In return, who exchanges the
// keyring keeps the old one alive until nobody can be looking at it any more; see replace().
class current_keyring {
public:
    explicit current_keyring(std::shared_ptr<const keyring> first)
        : owner_{std::move(first)}, keys_{owner_.get()} {}
    current_keyring(const current_keyring&) = delete;
    current_keyring& operator=(const current_keyring&) = delete;

    // For a reactor's thread alone, and only until its task is suspended: after a co_await ask anew.
    [[nodiscard]] const keyring& now() const noexcept { return *keys_.load(std::memory_order_acquire); }

    // To be held for as long as it is needed. Any thread; takes a lock.
    [[nodiscard]] std::shared_ptr<const keyring> held() const {
        const std::lock_guard lock{mutex_};
        return owner_;
    }

    // From here on `next` counts. Returns the one before: post it to every reactor, and let it go there. What
    // a reactor had begun with it is over by then. Any thread.
    [[nodiscard]] std::shared_ptr<const keyring> replace(std::shared_ptr<const keyring> next) {
        const std::lock_guard lock{mutex_};
        keys_.store(next.get(), std::memory_order_release);
        return std::exchange(owner_, std::move(next));
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const keyring> owner_; // guarded by mutex_
    std::atomic<const keyring*> keys_;
};

} // namespace wxlogind::session
