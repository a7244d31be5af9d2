#include "handlers/service_keys.hpp"

#include "core/base/encoding.hpp"
#include "core/base/random.hpp"
#include "handlers/bearer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace wxlogind::handlers {

namespace {

constexpr std::array<std::pair<std::string_view, service_scope>, 5> scope_names{
    {{"verify", service_scope::verify},
     {"users:read", service_scope::users_read},
     {"users:write", service_scope::users_write},
     {"wechat", service_scope::wechat},
     {"metrics", service_scope::metrics}}};

unsigned bit_of(service_scope scope) noexcept {
    return 1u << static_cast<unsigned>(scope);
}

unsigned bits_of(const std::vector<std::string>& names) {
    unsigned bits = 0;
    for (const auto& [name, scope] : scope_names)
        if (std::find(names.begin(), names.end(), name) != names.end()) bits |= bit_of(scope);
    return bits;
}

sha256_digest digest_of(std::string_view hexadecimal) {
    sha256_digest digest{};
    const auto bytes = hex_decode(hexadecimal);
    if (!bytes || bytes->size() != digest.size())
        throw std::invalid_argument{"a service key's hash is 64 hexadecimal digits"};
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

bool is_local(std::string_view listener) {
    if (listener.starts_with("unix:")) return true;
    std::string_view host = listener.substr(0, listener.rfind(':'));
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    boost::system::error_code why;
    const auto address = asio::ip::make_address(std::string{host}, why);
    return !why && address.is_loopback();
}

} // namespace

std::string_view to_string(service_scope scope) noexcept {
    for (const auto& [name, each] : scope_names)
        if (each == scope) return name;
    return {};
}

sha256_digest hash_of_service_key(std::string_view key) noexcept {
    static const hmac_sha256 hash{"wxlogind service key 1"};
    return hash(key);
}

std::string make_service_key() {
    return "wxsk_" + base64url_encode(random_bytes(32));
}

bool wants_service_keys(const server_settings& settings) {
    return settings.require_service_keys || !is_local(settings.internal_listen);
}

service_key_list::service_key_list(const std::vector<service_key_settings>& keys, bool are_required)
    : are_required_{are_required} {
    for (const service_key_settings& key : keys)
        services_.push_back({key.name, digest_of(key.hash), bits_of(key.scopes)});
}

const service_key_list::service* service_key_list::find(std::string_view key) const noexcept {
    const sha256_digest hash = hash_of_service_key(key);
    const service* found = nullptr;
    for (const service& each : services_)
        if (is_equal(each.hash, hash)) found = &each;
    return found;
}

const service_key_list::service* service_keys::find(const net::request& incoming) const noexcept {
    const auto key = bearer_credential(incoming);
    return key ? list_.now().find(*key) : nullptr;
}

std::string_view service_keys::caller_of(const net::request& incoming) const noexcept {
    const service_key_list::service* const caller = find(incoming);
    return caller != nullptr ? std::string_view{caller->name} : std::string_view{};
}

result<void> service_keys::admit(const net::request& incoming, service_scope scope) const {
    if (!are_required() || scope == service_scope::none) return {};
    const service_key_list::service* const caller = find(incoming);
    if (caller == nullptr) return errc::service_key_required;
    if ((caller->scopes & bit_of(scope)) == 0) return errc::insufficient_scope;
    return {};
}

} // namespace wxlogind::handlers
