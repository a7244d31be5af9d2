// What asking WeChat for phone numbers costs: figures for operators.
#pragma once

#include "core/base/metrics/counters.hpp"
#include "core/base/metrics/report.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind::handlers {

// One a process. Any thread.
class phone_meter {
public:
    // A call was made that WeChat wants money for; `today`: how many the app has made by now.
    void note_paid(std::string_view appid, std::uint32_t today) {
        const std::lock_guard lock{mutex_};
        spending& of = apps_[std::string{appid}];
        ++of.paid;
        of.today = today;
    }
    void note_refused(std::string_view appid) {
        const std::lock_guard lock{mutex_};
        ++apps_[std::string{appid}].refused;
    }
    void note_shared() noexcept { shared_.add(); }

    void describe(metrics::report& to) const;

private:
    struct spending {
        std::uint64_t paid{0};
        std::uint64_t refused{0};
        std::uint32_t today{0};
    };

    mutable std::mutex mutex_;
    std::map<std::string, spending> apps_; // guarded by mutex_; as many as are configured
    metrics::shared_counter shared_;
};

} // namespace wxlogind::handlers
