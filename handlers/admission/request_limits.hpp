// Our own quotas, and what counts against which.
//
// Counted in here alone: logins and refreshes by the client's address (the router, for the routes that say
// so) and by app (before WeChat is asked), logins by openid (before the database is), and calls with a token
// by user. What comes in by the internal listener is not limited.
#pragma once

#include "core/base/config.hpp"
#include "core/base/errors.hpp"
#include "core/base/metrics/report.hpp"
#include "core/base/rate_table.hpp"
#include "core/base/user_id.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace wxlogind::handlers {

// Shared by all reactors. Every function: any thread; errc::rate_limited when the quota is used up.
class request_limits {
public:
    using time_point = rate_table::time_point;

    request_limits(const limits_settings& settings, time_point start);

    // Other quotas from now on; what has been used stays used. tracked_addresses and tracked_users stay as
    // they are.
    void change(const limits_settings& settings);

    // IPv4 by address, IPv6 by /64. Loopback and Unix sockets are not limited: who is seen there is a proxy
    // of ours that is not named as one, and to limit it would be to limit everybody.
    [[nodiscard]] result<void> admit_address(const boost::asio::ip::address& client, time_point now);
    // `own`: the app's own quota, or nullptr for the one of all apps.
    [[nodiscard]] result<void> admit_app(std::string_view appid, const rate* own, time_point now);
    [[nodiscard]] result<void>
    admit_identity(std::string_view appid, std::string_view openid, time_point now);
    [[nodiscard]] result<void> admit_user(const user_id& user, time_point now);

    // How much of its quota an app has used: 1 when all of it is, 0 where it has none. `own`: as above. Any
    // thread.
    [[nodiscard]] double used_by_app(std::string_view appid, const rate* own, time_point now) const noexcept;
    void describe(metrics::report& to) const;

private:
    // A table, the rate that counts, and when it last was said in the log that a quota is used up.
    struct limit {
        rate_table table;
        std::atomic<const rate*> allowed{nullptr};
        std::atomic<rate_table::time_point::rep> said{0};
        metrics::shared_counter refused{};

        [[nodiscard]] const rate& now_allowed() const noexcept {
            return *allowed.load(std::memory_order_acquire);
        }
    };
    static result<void> admit(limit& by, const rate& allowed, std::string_view key, time_point now);

    limit addresses_;
    limit users_;
    limit apps_;
};

// The quota of an app that has one of its own.
[[nodiscard]] const rate* rate_of_app(std::uint32_t logins);

} // namespace wxlogind::handlers
