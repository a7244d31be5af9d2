#include "core/wechat/call_counts.hpp"

#include "core/base/metrics/report.hpp"
#include "core/wechat/errcodes.hpp"

#include <string>

namespace wxlogind::wechat {

void call_counts::count(std::string_view path, const result<void>& outcome) {
    int errcode = errcode_ok;
    if (outcome.has_error()) {
        errcode = outcome.error().wechat_errcode;
        if (errcode == 0)
            errcode = no_answer;
        else if (!meaning_of(errcode, wechat_call::with_token).is_known)
            errcode = unknown_errcode;
    }
    const std::lock_guard guard{lock_};
    ++counts_[{path, errcode}];
}

void call_counts::describe(metrics::report& to) const {
    auto calls = to.counter(
        "wxlogind_wechat_calls_total",
        "Calls to WeChat but code2Session, by path and errcode (none: no answer that makes sense).");
    const std::lock_guard guard{lock_};
    for (const auto& [what, number] : counts_) {
        const std::string errcode = what.second == no_answer         ? "none"
                                    : what.second == unknown_errcode ? "other"
                                                                     : std::to_string(what.second);
        calls.add(number, {{"path", what.first}, {"errcode", errcode}});
    }
}

} // namespace wxlogind::wechat
