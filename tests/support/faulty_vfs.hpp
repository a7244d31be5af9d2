// A disk that fails when a test says so.
#pragma once

#include "tests/support/watched_vfs.hpp"

#include <mutex>
#include <string>

namespace wxlogind::test {

enum class fault_kind : unsigned char {
    io_error,  // EIO
    disk_full, // ENOSPC
};

// Any thread.
class faulty_vfs final : public watched_vfs {
public:
    using watched_vfs::watched_vfs;

    // The n-th operation of that kind from now (1 = the next) fails; with `until_healed` all after it, too.
    void fail_nth(file_operation what, unsigned n, fault_kind how, bool until_healed) {
        const std::lock_guard lock{mutex_};
        what_ = what;
        how_ = how;
        countdown_ = n;
        is_lasting_ = until_healed;
        is_failing_ = false;
        fired_ = 0;
    }

    void heal() {
        const std::lock_guard lock{mutex_};
        countdown_ = 0;
        is_failing_ = false;
    }

    // How many operations have failed since fail_nth.
    [[nodiscard]] unsigned fired() const {
        const std::lock_guard lock{mutex_};
        return fired_;
    }

    int before(const file_event& event) override;

private:
    mutable std::mutex mutex_;
    file_operation what_{};
    fault_kind how_{};
    unsigned countdown_{0}; // 0: not armed
    bool is_lasting_{false};
    bool is_failing_{false};
    unsigned fired_{0};
};

} // namespace wxlogind::test
