// /verify: forward authentication for nginx auth_request and its kin. Decided from the token alone.
//
// /verify/{appid} says which app's users the caller serves: a token of another app is no token there. In the
// path, because that is the proxy's own: some pass the client's query and fields on.
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/routes.hpp"

namespace wxlogind::handlers {

task<result<net::response>> verify_session(const net::request& incoming, services& with) {
    auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const std::string_view wanted = segment_of(incoming.path, 1);
    if (!wanted.empty() && wanted != claims->appid) co_return errc::invalid_token;

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
