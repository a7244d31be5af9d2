#include "handlers/admission/request_limits.hpp"

#include "core/base/log.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <array>

namespace wxlogind::handlers {

namespace {

using boost::asio::ip::address;
using std::chrono::seconds;

constexpr seconds between_lines{60};
constexpr std::size_t most_apps = 1024;

const rate* rate_of(std::string_view name, std::uint32_t quota) {
    rate_policy policy;
    policy.name = name;
    policy.quota = quota;
    return &rate::of(policy);
}

// Bytes that name the same client: a mapped IPv4 address is one, and of IPv6 the network.
class client_key {
public:
    explicit client_key(const address& client) {
        if (client.is_v6() && !client.to_v6().is_v4_mapped()) {
            const auto bytes = client.to_v6().to_bytes();
            std::copy_n(bytes.begin(), 8, bytes_.begin());
            size_ = 8;
            return;
        }
        const auto v4 =
            client.is_v4() ? client.to_v4() : make_address_v4(boost::asio::ip::v4_mapped, client.to_v6());
        const auto bytes = v4.to_bytes();
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
        size_ = bytes.size();
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, 8> bytes_{};
    std::size_t size_;
};

bool is_ours(const address& client) {
    if (client.is_v6() && client.to_v6().is_v4_mapped())
        return make_address_v4(boost::asio::ip::v4_mapped, client.to_v6()).is_loopback();
    return client.is_unspecified() || client.is_loopback();
}

} // namespace

request_limits::request_limits(const limits_settings& settings, time_point start)
    : addresses_{{settings.tracked_addresses, start}},
      users_{{settings.tracked_users, start}},
      apps_{{most_apps, start}} {
    change(settings);
}

void request_limits::change(const limits_settings& settings) {
    addresses_.allowed = rate_of("address", settings.logins_per_address);
    users_.allowed = rate_of("user", settings.requests_per_user);
    apps_.allowed = rate_of("app", settings.logins_per_app);
}

const rate* rate_of_app(std::uint32_t logins) {
    return rate_of("app", logins);
}

result<void> request_limits::admit(limit& by, const rate& allowed, std::string_view key, time_point now) {
    const rate_decision decision = by.table.take(allowed, key, now);
    if (decision.is_allowed) return {};
    by.refused.add();

    auto said = by.said.load(std::memory_order_relaxed);
    const auto time = now.time_since_epoch().count();
    if ((said == 0 || time - said > time_point::duration{between_lines}.count()) &&
        by.said.compare_exchange_strong(said, time, std::memory_order_relaxed))
        log_warning(
            "a quota is used up: refused with 429, told once a minute", {{"quota", allowed.policy().name}});

    failure limited{errc::rate_limited, "the quota is used up"};
    limited.retry_after = std::max(seconds{1}, std::chrono::ceil<seconds>(decision.wait));
    limited.quota = &allowed.policy();
    return limited;
}

double request_limits::used_by_app(std::string_view appid, const rate* own, time_point now) const noexcept {
    const rate& allowed = own != nullptr ? *own : apps_.now_allowed();
    const std::uint32_t quota = allowed.policy().quota;
    return quota == 0 ? 0 : static_cast<double>(apps_.table.used(allowed, appid, now)) / quota;
}

void request_limits::describe(metrics::report& to) const {
    auto refused = to.counter("wxlogind_rate_limited_total", "Requests that were over one of our quotas.");
    auto forgotten = to.counter(
        "wxlogind_rate_limit_forgotten_total",
        "Clients that were forgotten before their quota was whole again: the table is small.");
    for (const limit* each : {&addresses_, &users_, &apps_}) {
        const std::string_view quota = each->now_allowed().policy().name;
        refused.add(each->refused.value(), {{"quota", quota}});
        forgotten.add(each->table.forgotten(), {{"quota", quota}});
    }
}

result<void> request_limits::admit_address(const address& client, time_point now) {
    const rate& allowed = addresses_.now_allowed();
    if (allowed.policy().quota == 0 || is_ours(client)) return {};
    return admit(addresses_, allowed, client_key{client}.view(), now);
}

result<void> request_limits::admit_app(std::string_view appid, const rate* own, time_point now) {
    return admit(apps_, own != nullptr ? *own : apps_.now_allowed(), appid, now);
}

result<void> request_limits::admit_identity(std::string_view appid, std::string_view openid, time_point now) {
    boost::container::small_vector<char, 96> key; // as long as WeChat's: no allocation a login
    key.insert(key.end(), appid.begin(), appid.end());
    key.push_back('\0');
    key.insert(key.end(), openid.begin(), openid.end());
    return admit(users_, users_.now_allowed(), {key.data(), key.size()}, now);
}

result<void> request_limits::admit_user(const user_id& user, time_point now) {
    const std::string_view key{reinterpret_cast<const char*>(user.bytes.data()), user.bytes.size()};
    return admit(users_, users_.now_allowed(), key, now);
}

} // namespace wxlogind::handlers
