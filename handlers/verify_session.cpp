// /verify: forward authentication for nginx auth_request and its kin. Decided from the token alone.
#include "handlers/bearer.hpp"
#include "handlers/endpoints.hpp"

namespace wxlogind::handlers {

task<result<net::response>> verify_session(const net::request& incoming, services& with) {
    auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();

    net::response valid;
    valid.no_store = true;
    valid.subject = to_string(claims->user);
    valid.fields.reserve(4);
    valid.fields.emplace_back("X-User-Id", valid.subject);
    valid.fields.emplace_back("X-App-Id", std::move(claims->appid));
    valid.fields.emplace_back("X-Session-Id", std::to_string(claims->sid));
    if (!claims->openid.empty()) valid.fields.emplace_back("X-Openid", std::move(claims->openid));
    co_return valid;
}

} // namespace wxlogind::handlers
