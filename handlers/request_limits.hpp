// Our own quotas, and what counts against which.
//
// Counted in here alone: logins and refreshes by the client's address (the router, for the routes that say
// so) and by app (before WeChat is asked), logins by openid (before the database is), and calls with a token
// by user. What comes in by the internal listener is not limited.
#pragma once

#include "core/base/config.hpp"
#include "core/base/errors.hpp"
#include "core/base/rate_table.hpp"
#include "core/base/user_id.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <string_view>

namespace wxlogind::handlers {

// Shared by all reactors. Every function: any thread; errc::rate_limited when the quota is used up.
class request_limits {
public:
    using time_point = rate_table::time_point;

    request_limits(const limits_settings& settings, time_point start);

    // IPv4 by address, IPv6 by /64. Loopback and Unix sockets are not limited: who is seen there is a proxy
    // of ours that is not named as one, and to limit it would be to limit everybody.
    [[nodiscard]] result<void> admit_address(const boost::asio::ip::address& client, time_point now);
    [[nodiscard]] result<void> admit_app(std::string_view appid, time_point now);
    [[nodiscard]] result<void>
    admit_identity(std::string_view appid, std::string_view openid, time_point now);
    [[nodiscard]] result<void> admit_user(const user_id& user, time_point now);

private:
    // A table, and when it last was said in the log that a quota is used up.
    struct limit {
        rate_table table;
        std::atomic<rate_table::time_point::rep> said{0};
    };
    static result<void> admit(limit& by, std::string_view key, time_point now);

    limit addresses_;
    limit users_;
    limit apps_;
};

} // namespace wxlogind::handlers
