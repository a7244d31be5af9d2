// One HTTPS server that we are a client of: what the pools of all reactors share.
#pragma once

#include "core/net/https_origin.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls_client_context.hpp"

namespace wxlogind::net {

// Constructed by the main thread, before the pools; outlives them.
struct https_upstream {
    // Throws std::runtime_error: a CA file that cannot be read, name servers that are not addresses.
    https_upstream(https_origin where, const std::string& ca_file, const resolver_settings& lookup)
        : origin{std::move(where)}, tls{ca_file}, names{origin, lookup} {}

    const https_origin origin;
    const tls_client_context tls;
    const resolver names;
};

} // namespace wxlogind::net
