// What Prometheus sees of the running program.
#include "tests/support/deployment.hpp"
#include "tests/support/metrics_text.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace wxlogind::test;

namespace {

metrics_text scrape(const deployment& of) {
    const http_reply reply = http_get(of.internal_address(), "/metrics");
    BOOST_TEST_REQUIRE(reply.status == 200u);
    BOOST_TEST(reply.field("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    return metrics_text{reply.body};
}

const std::string requests = "wxlogind_http_requests_total";
const std::string first_app = "appid=\"" + std::string{first_appid} + '"';
const std::string login_calls = first_app + R"(,path="/sns/jscode2session")";

// A request is counted right after its answer has gone: the scrape, which another reactor may take, waits for
// `labels` to be there so often.
metrics_text scrape_after(const deployment& of, const std::string& labels, double count) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    metrics_text seen = scrape(of);
    while (seen.value(requests, labels) < count && std::chrono::steady_clock::now() < limit)
        seen = scrape(of);
    return seen;
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

    const std::pair<std::string, double> expected[] = {
        {R"(listener="public",route="/login",method="GET",status="200")", 1},
        {R"(listener="internal",route="/verify",method="GET",status="200")", 3},
        {R"(listener="internal",route="/verify",method="GET",status="401")", 1},
        {R"(listener="public",route="other",method="other",status="404")", 2},
        {R"(listener="public",route="other",method="other",status="405")", 1}};
    for (const auto& [labels, count] : expected)
        BOOST_TEST(scrape_after(running, labels, count).value(requests, labels) == count, labels);
    const metrics_text seen = scrape(running);
    BOOST_TEST(
        seen.value(
            "wxlogind_http_request_duration_seconds_count",
            R"(listener="internal",route="/verify",method="GET")") == 4.0);
    BOOST_TEST(seen.value("wxlogind_http_problems_total", R"(listener="public",code="not_found")") == 2.0);
    BOOST_TEST(
        seen.value("wxlogind_http_problems_total", R"(listener="internal",code="invalid_token")") == 1.0);
}

BOOST_AUTO_TEST_CASE(what_all_reactors_count_is_what_clients_have_sent) {
    deployment_options options;
    options.threads = 4;
    const deployment running{options};
    const auto login = json_of(running.log_in(running.mint_code("nora")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    constexpr int clients = 8;
    constexpr int times = 250;
    std::atomic<int> answered{0};
    {
        std::vector<std::jthread> threads;
        for (int client = 0; client < clients; ++client)
            threads.emplace_back([&] {
                // Several connections each, so that every reactor has some.
                for (int round = 0; round < 5; ++round) {
                    http_connection to{running.internal_address()};
                    for (int i = 0; i < times / 5; ++i)
                        answered += to.exchange(get_request("/verify", bearer)).status == 200 ? 1 : 0;
                }
            });
        // Scrapes in the midst of it never fall.
        double before = 0;
        while (answered < clients * times / 2) {
            const double now = scrape(running).value(
                requests, R"(listener="internal",route="/verify",method="GET",status="200")");
            BOOST_TEST_REQUIRE(now >= before);
            before = now;
        }
    }
    BOOST_TEST_REQUIRE(answered == clients * times);
    const std::string good = R"(listener="internal",route="/verify",method="GET",status="200")";
    const metrics_text seen = scrape_after(running, good, clients * times);
    BOOST_TEST(seen.value(requests, good) == clients * times);
    const std::string verify = R"(listener="internal",route="/verify",method="GET")";
    const std::string durations = "wxlogind_http_request_duration_seconds";
    BOOST_TEST(seen.value(durations + "_count", verify) == clients * times);
    BOOST_TEST(seen.value(durations + "_bucket", verify + R"(,le="+Inf")") == clients * times);
    BOOST_TEST(seen.value(durations + "_sum", verify) > 0.0);
    BOOST_TEST(
        seen.value("wxlogind_http_connections_accepted_total", R"(listener="internal")") >= clients * 5.0);
}

BOOST_AUTO_TEST_CASE(logins_sessions_and_commits_add_up) {
    const deployment running;
    std::vector<boost::json::object> logins;
    for (const std::string_view user : {"ada", "bob", "ada"})
        logins.push_back(json_of(running.log_in(running.mint_code(user))));
    const std::string shown = R"({"refresh_token":")" + text_of(logins[0], "refresh_token") + R"("})";
    const http_reply refreshed = http_post(running.public_address(), "/token/refresh", shown);
    BOOST_TEST(refreshed.status == 200u);
    BOOST_TEST(http_post(running.public_address(), "/token/refresh", shown).body == refreshed.body);
    const std::string bearer = "Authorization: Bearer " + text_of(logins[1], "token") + "\r\n";
    BOOST_TEST(http_call(running.public_address(), "POST", "/logout", "{}", bearer).status == 204u);

    const metrics_text seen = scrape(running);
    BOOST_TEST(seen.value("wxlogind_sessions_issued_total") == 3.0);
    BOOST_TEST(seen.value("wxlogind_users_created_total") == 2.0);
    BOOST_TEST(seen.value("wxlogind_sessions_refreshed_total") == 1.0);
    BOOST_TEST(seen.value("wxlogind_sessions_refresh_repeats_total") == 1.0);
    BOOST_TEST(seen.value("wxlogind_sessions_revoked_total") == 1.0);
    BOOST_TEST(seen.value("wxlogind_storage_writable") == 1.0);
    BOOST_TEST(seen.value("wxlogind_storage_queued_writes") == 0.0);
    BOOST_TEST(seen.value("wxlogind_storage_batch_writes_sum") >= 6.0);
    BOOST_TEST(
        seen.value("wxlogind_storage_batch_writes_count") ==
        seen.value("wxlogind_storage_commit_duration_seconds_count"));
    BOOST_TEST(seen.value("wxlogind_storage_wal_bytes") > 0.0);
}

BOOST_AUTO_TEST_CASE(wechat_is_counted_by_what_it_answers_and_how_it_fails) {
    deployment_options options;
    options.threads = 1;
    options.wechat = "breaker_failures = 2\nbreaker_pause_ms = 60000\nfirst_byte_timeout_ms = 300\n";
    const deployment running{options};
    metrics_text seen = scrape(running);
    const auto answers = [&](std::string_view errcode) {
        return seen.find(
            "wxlogind_wechat_calls_total", login_calls + ",errcode=\"" + std::string{errcode} + '"');
    };
    const auto breakers = [&](std::string_view state) {
        return seen.value(
            "wxlogind_wechat_breakers", first_app + R"(,calls="logins",state=")" + std::string{state} + '"');
    };
    // What has not happened yet is there, so that its first time is an increase.
    for (const std::string_view errcode : {"0", "40029", "40125", "45011"})
        BOOST_TEST((answers(errcode) == 0.0), errcode);

    BOOST_TEST(running.log_in(running.mint_code("olga")).status == 200u);
    BOOST_TEST(running.log_in("0c0de0that0nobody0has0made0000000").status == 401u);
    seen = scrape(running);
    BOOST_TEST((answers("0") == 1.0));
    BOOST_TEST((answers("40029") == 1.0));
    BOOST_TEST(seen.value("wxlogind_wechat_handshakes_total", R"(kind="new")") == 1.0);
    BOOST_TEST(seen.value("wxlogind_wechat_reused_connections_total") == 1.0);
    BOOST_TEST(seen.value("wxlogind_wechat_connections", R"(listener="public",state="idle")") == 1.0);
    BOOST_TEST(seen.value("wxlogind_wechat_connections", R"(listener="public",state="busy")") == 0.0);
    BOOST_TEST(seen.value("wxlogind_wechat_connections_limit", R"(listener="public")") == 256.0);
    BOOST_TEST(seen.value("wxlogind_wechat_connections_limit", R"(listener="internal")") == 64.0);
    BOOST_TEST(breakers("closed") == 1.0);
    BOOST_TEST(
        seen.value("wxlogind_wechat_call_duration_seconds_count", R"(path="/sns/jscode2session")") == 2.0);

    // An errcode that nobody has heard of has no label of its own.
    running.inject(R"({"kind":"errcode","errcode":-87654,"count":1})");
    BOOST_TEST(running.log_in(running.mint_code("olga")).status == 502u);
    running.inject(R"({"kind":"hang","count":2})");
    for (int i = 0; i < 2; ++i) BOOST_TEST(running.log_in(running.mint_code("olga")).status == 504u);
    BOOST_TEST(running.log_in(running.mint_code("olga")).status == 503u);
    seen = scrape_after(running, R"(listener="public",route="/login",method="GET",status="503")", 1);
    BOOST_TEST((answers("other") == 1.0));
    BOOST_TEST((answers("none") == 2.0));
    BOOST_TEST(seen.text().find("87654") == std::string::npos);
    BOOST_TEST(seen.value("wxlogind_wechat_faults_total", login_calls + R"(,fault="deadline")") == 2.0);
    BOOST_TEST(breakers("open") == 1.0);
    BOOST_TEST(breakers("closed") == 0.0);
    BOOST_TEST(seen.value("wxlogind_wechat_reach_breakers", R"(state="closed")") == 2.0); // one a reactor
    BOOST_TEST(
        seen.value("wxlogind_http_problems_total", R"(listener="public",code="wechat_timeout")") == 2.0);
}

BOOST_AUTO_TEST_CASE(a_wechat_that_cannot_be_reached_is_seen_in_the_breaker_of_all_apps) {
    deployment_options options;
    options.threads = 1;
    options.wechat = "breaker_failures = 2\nbreaker_pause_ms = 60000\n";
    const deployment running{options};
    running.inject(R"({"kind":"refuse_accept"})");
    for (int i = 0; i < 3; ++i) BOOST_TEST(running.log_in(running.mint_code("olaf")).status == 503u);
    const metrics_text seen = scrape(running);
    BOOST_TEST(seen.value("wxlogind_wechat_reach_breakers", R"(state="open")") == 1.0);
    BOOST_TEST(seen.value("wxlogind_wechat_connect_failures_total") >= 2.0);
    BOOST_TEST(seen.value("wxlogind_wechat_faults_total", login_calls + R"(,fault="tls")") >= 2.0);
    BOOST_TEST(
        seen.value("wxlogind_wechat_call_duration_seconds_count", R"(path="/sns/jscode2session")") == 0.0);
}

BOOST_AUTO_TEST_CASE(calls_that_wait_for_a_connection_are_seen_and_so_is_where_the_time_went) {
    deployment_options options;
    options.threads = 1;
    options.wechat = "max_connections = 1\n";
    const deployment running{options};
    running.inject(R"({"kind":"hang","count":1})");
    std::atomic<int> answered{0};
    std::vector<std::jthread> clients;
    for (int i = 0; i < 3; ++i)
        clients.emplace_back([&] {
            (void)running.log_in(running.mint_code("rosa"));
            ++answered;
        });
    const auto waiting = [&] {
        return scrape(running).value("wxlogind_wechat_waiting_calls", R"(listener="public")");
    };
    while (waiting() < 2 && answered < 3) std::this_thread::yield();
    BOOST_TEST(answered == 0);
    BOOST_TEST(scrape(running).value("wxlogind_admission_inside", R"(lane="logins")") == 3.0);
    clients.clear();

    const metrics_text seen = scrape(running);
    BOOST_TEST(seen.value("wxlogind_wechat_waiting_calls", R"(listener="public")") == 0.0);
    BOOST_TEST(seen.value("wxlogind_admission_inside", R"(lane="logins")") == 0.0);
    BOOST_TEST(seen.value("wxlogind_admission_refused_total", R"(lane="logins")") == 0.0);
    const auto stage = [&](std::string_view which, const std::string& part) {
        return seen.value(
            "wxlogind_http_request_stage_duration_seconds" + part,
            R"(listener="public",lane="logins",stage=")" + std::string{which} + '"');
    };
    for (const std::string_view which : {"read", "pool", "wechat", "queue", "commit", "write"})
        BOOST_TEST(stage(which, "_count") >= 2.0, which);
    BOOST_TEST(stage("pool", "_sum") > 1.0); // two have waited for the one that hung
    BOOST_TEST(stage("commit", "_sum") > 0.0);
}

BOOST_AUTO_TEST_CASE(refusals_of_the_reader_and_limits_that_were_hit_are_counted_by_reason) {
    deployment_options options;
    options.server = "trusted_proxies = [\"127.0.0.1\"]\n";
    options.sections = "[limits]\nlogins_per_address = 1\nlogins_per_app = 10\n";
    const deployment running{options};
    const std::string from = "X-Forwarded-For: 203.0.113.9\r\n";
    BOOST_TEST(
        http_get(running.public_address(), "/login?code=" + running.mint_code("petra"), from).status == 200u);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(http_get(running.public_address(), "/login?code=c0de", from).status == 429u);
    http_connection rude{running.public_address()};
    BOOST_TEST(rude.exchange("GET / HTTP/1.1\r\nHost : x\r\n\r\n").status == 400u);
    http_connection chunked{running.public_address()};
    BOOST_TEST(
        chunked.exchange("POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").status ==
        411u);

    const metrics_text seen =
        scrape_after(running, R"(listener="public",route="other",method="other",status="411")", 1);
    const auto refusals = [&](const std::string& reason) {
        return seen.value("wxlogind_http_refusals_total", R"(listener="public",reason=")" + reason + '"');
    };
    BOOST_TEST(refusals("invalid_request") == 1.0);
    BOOST_TEST(refusals("length_required") == 1.0);
    BOOST_TEST(seen.value("wxlogind_rate_limited_total", R"(quota="address")") == 3.0);
    BOOST_TEST(seen.value("wxlogind_rate_limited_total", R"(quota="app")") == 0.0);
    // A tenth of the app's quota, which comes back only slowly.
    BOOST_TEST(seen.value("wxlogind_app_quota_used_ratio", first_app) == 0.1);
}

BOOST_AUTO_TEST_CASE(apps_come_and_go_with_a_reload) {
    deployment_options options;
    options.log_level = "info";
    deployment running{options};
    const std::string second = "appid=\"" + std::string{second_appid} + '"';
    const auto mentions = [](const metrics_text& of, const std::string& app) {
        return of.text().find(app) != std::string::npos;
    };
    BOOST_TEST(!mentions(scrape(running), second));

    running.configure([](deployment_options& next) { next.two_apps = true; });
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    const auto log_in_there = [&] {
        return running.log_in(running.mint_code("sara", second_appid), "&appid=" + std::string{second_appid})
            .status;
    };
    const std::string good = second + R"(,path="/sns/jscode2session",errcode="0")";
    BOOST_TEST((scrape(running).find("wxlogind_wechat_calls_total", good) == 0.0));
    BOOST_TEST((scrape(running).find("wxlogind_app_quota_used_ratio", second) == 0.0));
    BOOST_TEST(log_in_there() == 200u);
    BOOST_TEST(scrape(running).value("wxlogind_wechat_calls_total", good) == 1.0);

    running.configure([](deployment_options& next) { next.two_apps = false; });
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    const metrics_text without = scrape(running);
    BOOST_TEST(!mentions(without, second));
    BOOST_TEST(mentions(without, first_app));

    // Back again, it goes on from where it was: counters never fall.
    running.configure([](deployment_options& next) { next.two_apps = true; });
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    BOOST_TEST(log_in_there() == 200u);
    BOOST_TEST(scrape(running).value("wxlogind_wechat_calls_total", good) == 2.0);
}

BOOST_AUTO_TEST_CASE(the_process_and_the_build_are_told) {
    const deployment running;
    const metrics_text seen = scrape(running);
    BOOST_TEST(seen.value("process_resident_memory_bytes") > 1e6);
    BOOST_TEST(seen.value("process_virtual_memory_bytes") > seen.value("process_resident_memory_bytes"));
    BOOST_TEST(seen.value("process_open_fds") > 10.0);
    BOOST_TEST(seen.value("wxlogind_heap_allocated_bytes") > 1e6);
    BOOST_TEST(seen.value("wxlogind_heap_allocated_bytes") < seen.value("process_virtual_memory_bytes"));
    BOOST_TEST(seen.value("process_open_fds") < seen.value("process_max_fds"));
    BOOST_TEST(seen.value("process_threads") >= 5.0);
    BOOST_TEST(seen.value("process_cpu_seconds_total") > 0.0);
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    BOOST_TEST(seen.value("process_start_time_seconds") < now + 1);
    BOOST_TEST(seen.value("process_start_time_seconds") > now - 300);
    BOOST_TEST(seen.sum("wxlogind_build_info") == 1.0);
    BOOST_TEST(seen.value("wxlogind_reactors", R"(listener="public")") == 2.0);
    BOOST_TEST(seen.value("wxlogind_reactors", R"(listener="internal")") == 1.0);
    BOOST_TEST(seen.value("wxlogind_reactor_exceptions_total") == 0.0);
}

BOOST_AUTO_TEST_CASE(no_user_no_secret_and_nothing_that_clients_send_is_in_it) {
    deployment_options options;
    options.two_apps = true;
    const deployment running{options};
    const std::string code = running.mint_code("quentin");
    const auto login = json_of(running.log_in(code, "&nickName=Quentin&appid=" + std::string{first_appid}));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    BOOST_TEST(http_get(running.public_address(), "/me", bearer).status == 200u);
    BOOST_TEST(http_get(running.internal_address(), "/users/" + text_of(login, "id")).status == 200u);
    BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
    BOOST_TEST(http_get(running.public_address(), "/wp-login.php?x=y").status == 404u);
    BOOST_TEST(http_call(running.public_address(), "DELETE", "/pathsofclients").status == 404u);

    const std::string text = scrape(running).text();
    for (const std::string& secret :
         {code, text_of(login, "id"), text_of(login, "openid"), text_of(login, "token"),
          text_of(login, "refresh_token"), std::string{"Quentin"}, std::string{"quentin"},
          std::string{first_secret}, std::string{second_secret}, std::string{"wp-login"},
          std::string{"pathsofclients"}, std::string{"127.0.0.1"}})
        BOOST_TEST(text.find(secret) == std::string::npos, secret << " is in it");
}

BOOST_AUTO_TEST_CASE(nothing_that_clients_send_makes_it_grow) {
    const deployment running;
    BOOST_TEST(http_get(running.public_address(), "/first").status == 404u);
    const std::string unknown = R"(listener="public",route="other",method="other",status="404")";
    (void)scrape_after(running, unknown, 1); // which is counted itself
    const std::size_t before = scrape(running).samples();
    for (int i = 0; i < 300; ++i)
        BOOST_TEST(http_get(running.public_address(), "/path-" + std::to_string(i)).status == 404u);
    BOOST_TEST(scrape_after(running, unknown, 301).samples() == before);
}

BOOST_AUTO_TEST_SUITE_END()
