// Who may call the internal listener: business back ends and operators, each with a key of its own and the
// scopes that it was given. Only hashes of the keys are kept.
#pragma once

#include "core/base/config.hpp"
#include "core/base/current.hpp"
#include "core/base/errors.hpp"
#include "core/base/hmac.hpp"
#include "core/net/http.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

enum class service_scope : unsigned char {
    none, // everybody who can reach the listener
    verify,
    users_read,
    users_write,
    wechat,
    metrics,
};

// "users:read", as a key's section has it; "" for none.
[[nodiscard]] std::string_view to_string(service_scope scope) noexcept;

// What is kept of a key. A key is 32 random bytes: one round of a hash is as good as many.
[[nodiscard]] sha256_digest hash_of_service_key(std::string_view key) noexcept;

// "wxsk_" and 32 random bytes in base64url.
[[nodiscard]] std::string make_service_key();

// Whether the internal listener wants keys: it is neither on loopback nor a Unix socket, or the configuration
// says so.
[[nodiscard]] bool wants_service_keys(const server_settings& settings);

// The keys of one configuration. Immutable; any thread.
class service_key_list {
public:
    service_key_list(const std::vector<service_key_settings>& keys, bool are_required);

    [[nodiscard]] bool are_required() const noexcept { return are_required_; }
    [[nodiscard]] bool empty() const noexcept { return services_.empty(); }

    struct service {
        std::string name;
        sha256_digest hash;
        unsigned scopes; // a bit each
    };
    // Takes the same time whichever it is.
    [[nodiscard]] const service* find(std::string_view key) const noexcept;

private:
    std::vector<service> services_;
    bool are_required_;
};

// The keys that count now. What it hands out is good as current::now() says: for the request that asked.
class service_keys {
public:
    service_keys(const std::vector<service_key_settings>& keys, bool are_required)
        : list_{std::make_shared<const service_key_list>(keys, are_required)} {}

    [[nodiscard]] bool are_required() const noexcept { return list_.now().are_required(); }

    // Whose key the request brings, in its Authorization header and nowhere else: "" when none, or one that
    // is not known. Takes the same time whichever it is.
    [[nodiscard]] std::string_view caller_of(const net::request& incoming) const noexcept;

    // Whether the request may do what needs `scope`: always where no keys are required.
    // errc::service_key_required, errc::insufficient_scope.
    [[nodiscard]] result<void> admit(const net::request& incoming, service_scope scope) const;

    // See current::replace().
    [[nodiscard]] std::shared_ptr<const service_key_list>
    replace(std::shared_ptr<const service_key_list> next) {
        return list_.replace(std::move(next));
    }

private:
    [[nodiscard]] const service_key_list::service* find(const net::request& incoming) const noexcept;

    current<service_key_list> list_;
};

} // namespace wxlogind::handlers
