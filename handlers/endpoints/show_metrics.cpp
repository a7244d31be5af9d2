// GET /metrics: what the program counts, for Prometheus.
#include "handlers/endpoints/endpoints.hpp"

#include "core/base/metrics/text.hpp"

namespace wxlogind::handlers {

task<result<net::response>> show_metrics(const net::request&, services& with) {
    auto text = co_await with.metrics.scrape();
    if (!text) co_return text.error();
    net::response figures;
    figures.content_type = metrics::text_content_type;
    figures.no_store = true;
    figures.body = std::move(*text);
    co_return figures;
}

} // namespace wxlogind::handlers
