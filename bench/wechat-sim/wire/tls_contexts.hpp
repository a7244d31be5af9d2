// One TLS context for each certificate that may be shown. TLS 1.2 and 1.3, session tickets.
#pragma once

#include "bench/wechat-sim/wire/certificates.hpp"

#include <boost/asio/ssl/context.hpp>

#include <deque>

namespace wxlogind::wechat_sim {

// Shared by all lanes. Immutable but for what OpenSSL guards itself.
class tls_contexts {
public:
    explicit tls_contexts(const certificate_authority& authority);
    [[nodiscard]] boost::asio::ssl::context& showing(certificate_kind kind) noexcept {
        return contexts_[static_cast<std::size_t>(kind)];
    }

private:
    std::deque<boost::asio::ssl::context> contexts_; // in the order of certificate_kind
};

} // namespace wxlogind::wechat_sim
