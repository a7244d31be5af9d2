#include "handlers/routes.hpp"

namespace wxlogind::handlers {

namespace {

using enum net::method;

// HEAD stands where GET changes nothing. OPTIONS is answered by the router.
constexpr method_set reading{get, head};
constexpr method_set any{get, head, post, put, patch, delete_, options};

const route public_table[] = {
    {"/login", {get, post}, &log_in},
    {"/me", reading, &show_me},
    {"/healthz", reading, &show_liveness},
    {"/readyz", reading, &show_readiness},
};

const route internal_table[] = {
    // Proxies ask with the method of the request that they hold.
    {"/verify", any, &verify_session},
    {"/healthz", reading, &show_liveness},
    {"/readyz", reading, &show_readiness},
};

} // namespace

std::string method_set::to_text() const {
    std::string text;
    for (const net::method each : {get, head, post, put, patch, delete_, options}) {
        if (!contains(each)) continue;
        if (!text.empty()) text += ", ";
        text += net::to_string(each);
    }
    return text;
}

std::span<const route> public_routes() noexcept {
    return public_table;
}
std::span<const route> internal_routes() noexcept {
    return internal_table;
}

} // namespace wxlogind::handlers
