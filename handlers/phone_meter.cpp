#include "handlers/phone_meter.hpp"

namespace wxlogind::handlers {

void phone_meter::describe(metrics::report& to) const {
    const std::lock_guard lock{mutex_};
    for (const auto& [appid, of] : apps_) {
        to.counter("wxlogind_phone_calls_total", "Phone numbers asked of WeChat, which it wants money for.")
            .add(of.paid, {{"appid", appid}});
        to.counter(
              "wxlogind_phone_budget_refusals_total", "Phone numbers not asked for: the budget was used up.")
            .add(of.refused, {{"appid", appid}});
        to.gauge(
              "wxlogind_phone_calls_today",
              "Calls of the day of the last one; a day begins at midnight in China.")
            .add(of.today, {{"appid", appid}});
    }
    to.counter("wxlogind_phones_shared_total", "Numbers bound to a user that another user has as well.")
        .add(shared_.value());
}

} // namespace wxlogind::handlers
