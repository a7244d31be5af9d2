// What Prometheus sees of the running program.
#include "tests/support/deployment.hpp"
#include "tests/support/metrics_text.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

metrics_text scrape(const deployment& of) {
    const http_reply reply = http_get(of.internal_address(), "/metrics");
    BOOST_TEST_REQUIRE(reply.status == 200u);
    BOOST_TEST(reply.field("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    return metrics_text{reply.body};
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_method_and_status) {
    const deployment running;
    const auto login = json_of(running.log_in(running.mint_code("mona")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
    BOOST_TEST(http_get(running.internal_address(), "/verify").status == 401u);
    BOOST_TEST(http_get(running.public_address(), "/no/such/thing").status == 404u);
    BOOST_TEST(http_get(running.public_address(), "/nor/this").status == 404u);
    BOOST_TEST(http_call(running.public_address(), "DELETE", "/login").status == 405u);

    const metrics_text seen = scrape(running);
    const std::string requests = "wxlogind_http_requests_total";
    BOOST_TEST(seen.value(requests, R"(listener="public",route="/login",method="GET",status="200")") == 1.0);
    BOOST_TEST(
        seen.value(requests, R"(listener="internal",route="/verify",method="GET",status="200")") == 3.0);
    BOOST_TEST(
        seen.value(requests, R"(listener="internal",route="/verify",method="GET",status="401")") == 1.0);
    BOOST_TEST(seen.value(requests, R"(listener="public",route="other",method="other",status="404")") == 2.0);
    BOOST_TEST(seen.value(requests, R"(listener="public",route="other",method="other",status="405")") == 1.0);
    BOOST_TEST(
        seen.value(
            "wxlogind_http_request_duration_seconds_count",
            R"(listener="internal",route="/verify",method="GET")") == 4.0);
    BOOST_TEST(seen.value("wxlogind_http_problems_total", R"(listener="public",code="not_found")") == 2.0);
    BOOST_TEST(
        seen.value("wxlogind_http_problems_total", R"(listener="internal",code="invalid_token")") == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()
