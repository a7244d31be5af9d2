#include "bench/wechat-sim/wire/tls_contexts.hpp"

namespace wxlogind::wechat_sim {

namespace ssl = boost::asio::ssl;

tls_contexts::tls_contexts(const certificate_authority& authority) {
    for (const auto kind :
         {certificate_kind::good, certificate_kind::expired, certificate_kind::wrong_host,
          certificate_kind::self_signed}) {
        const certificate shown = authority.issue(kind);
        ssl::context& context = contexts_.emplace_back(ssl::context::tls_server);
        context.set_options(ssl::context::default_workarounds | ssl::context::no_compression);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
        context.use_certificate_chain(boost::asio::buffer(shown.chain_pem));
        context.use_private_key(boost::asio::buffer(shown.key_pem), ssl::context::pem);
    }
}

} // namespace wxlogind::wechat_sim
