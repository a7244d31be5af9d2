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

std::optional<std::string_view> bearer_credential(const net::request& incoming) noexcept {
    const auto authorization = incoming.header("Authorization");
    if (!authorization || !is_bearer_scheme(*authorization)) return std::nullopt;
    return authorization->substr(std::string_view{"Bearer "}.size());
}

result<session::token_claims> check_token(std::string_view token, const services& with) {
    const auto now = std::chrono::floor<std::chrono::seconds>(with.clock.now());
    auto claims = session::verify_token(token, with.token_rules, with.keys.now(), now);
    if (claims && with.apps.find(claims->appid) == nullptr) return errc::invalid_token;
    if (claims && with.revoked.is_revoked(*claims, now)) return errc::invalid_token;
    if (claims)
        if (const auto survivor = with.revoked.survivor_of(claims->user, now)) claims->user = *survivor;
    return claims;
}

result<session::token_claims> authenticate(const net::request& incoming, const services& with) {
    const auto token = bearer_credential(incoming);
    if (!token) return errc::invalid_token;
    auto claims = check_token(*token, with);
    if (!claims || incoming.is_internal) return claims;
    const auto admitted = with.limits.admit_user(claims->user, steady_clock::now());
    if (!admitted) return admitted.error();
    return claims;
}

} // namespace wxlogind::handlers
