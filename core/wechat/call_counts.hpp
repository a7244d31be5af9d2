// What WeChat answered to the calls with an access token, and for one, by path and errcode.
#pragma once

#include "core/base/errors.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace wxlogind::metrics {
class report;
} // namespace wxlogind::metrics

namespace wxlogind::wechat {

// One a process. Any thread. Calls are few and take milliseconds: a lock is nothing to them.
class call_counts {
public:
    // `path`: a literal.
    void count(std::string_view path, const result<void>& outcome);

    void describe(metrics::report& to) const;

private:
    // The errcode; one place for all that are not known, so that there is an end to them.
    static constexpr int unknown_errcode = 1;
    static constexpr int no_answer = 2;

    mutable std::mutex lock_;
    std::map<std::pair<std::string_view, int>, std::uint64_t> counts_; // guarded by lock_
};

} // namespace wxlogind::wechat
