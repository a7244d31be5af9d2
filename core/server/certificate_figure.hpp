// What metrics tell of the public listener's certificate.
#pragma once

#include "core/base/metrics/counters.hpp"
#include "core/base/metrics/report.hpp"
#include "core/net/tls_server_context.hpp"

#include <algorithm>
#include <cstdint>

namespace wxlogind {

// One thread notes; any may ask.
class certificate_figure {
public:
    // nullptr: the listener speaks no TLS.
    void note(const net::tls_server_context* served) noexcept {
        if (served == nullptr) return not_after_s_.set(0);
        const std::int64_t end = served->not_after().time_since_epoch().count();
        not_after_s_.set(static_cast<std::uint64_t>(std::max<std::int64_t>(1, end)));
    }

    // Nothing without TLS: whoever compares with the time would take a 0 for a certificate of 1970.
    void describe(metrics::report& to) const {
        if (not_after_s_.value() == 0) return;
        to.gauge(
              "wxlogind_tls_certificate_not_after_timestamp_seconds",
              "Until when the certificate that the public listener shows is good, in Unix time.")
            .add(not_after_s_.value());
    }

private:
    metrics::gauge not_after_s_; // 0: there is none
};

} // namespace wxlogind
