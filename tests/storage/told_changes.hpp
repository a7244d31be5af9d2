// What token checks were told of, for tests in which the disk fails.
#pragma once

#include "storage/session_store.hpp"

#include <mutex>
#include <set>

namespace wxlogind::test {

// The writer's thread tells, the test's asks.
class told_changes final : public storage::revocation_observer {
public:
    void revoked(const storage::revocation& what) noexcept override {
        const std::lock_guard lock{mutex_};
        sids_.insert(what.sid);
    }
    void renamed(const storage::user_alias& what) noexcept override {
        const std::lock_guard lock{mutex_};
        merged_.insert(what.merged);
    }

    [[nodiscard]] bool knows(std::int64_t sid) const {
        const std::lock_guard lock{mutex_};
        return sids_.contains(sid);
    }
    [[nodiscard]] bool knows(const user_id& merged) const {
        const std::lock_guard lock{mutex_};
        return merged_.contains(merged);
    }

private:
    mutable std::mutex mutex_;
    std::set<std::int64_t> sids_;
    std::set<user_id> merged_;
};

} // namespace wxlogind::test
