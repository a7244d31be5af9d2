// What calls to WeChat look like to Prometheus.
#pragma once

#include "core/base/metrics/report.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace wxlogind::wechat {

struct wechat_client;

// Calls, breakers and connections of all reactors. The login call of each of `appids` is shown before it is
// first made, with the errcodes that operators wait for: Prometheus sees no increase in what begins with 1.
// Any thread.
void describe(
    const std::vector<std::unique_ptr<wechat_client>>& clients, std::span<const std::string> appids,
    metrics::report& to);

} // namespace wxlogind::wechat
