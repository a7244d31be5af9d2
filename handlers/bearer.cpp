#include "handlers/bearer.hpp"

namespace wxlogind::handlers {

namespace {

bool is_bearer_scheme(std::string_view text) noexcept {
    constexpr std::string_view lower = "bearer ";
    if (text.size() < lower.size()) return false;
    for (std::size_t i = 0; i + 1 < lower.size(); ++i)
        if ((text[i] | 0x20) != lower[i]) return false;
    return text[lower.size() - 1] == ' ';
}

} // namespace

result<session::token_claims> authenticate(const net::request& incoming, const services& with) {
    const auto authorization = incoming.header("Authorization");
    if (!authorization || !is_bearer_scheme(*authorization)) return errc::invalid_token;
    const std::string_view token = authorization->substr(std::string_view{"Bearer "}.size());
    const auto now = std::chrono::floor<std::chrono::seconds>(with.clock.now());
    auto claims = session::verify_token(token, with.token_rules, with.keys.now(), now);
    if (claims && with.apps.find(claims->appid) == nullptr) return errc::invalid_token;
    if (claims && with.revoked.is_revoked(*claims, now)) return errc::invalid_token;
    return claims;
}

} // namespace wxlogind::handlers
