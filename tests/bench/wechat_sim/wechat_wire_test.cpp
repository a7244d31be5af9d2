#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace wxlogind::test;

BOOST_FIXTURE_TEST_SUITE(wechat_wire, running_simulator)

BOOST_AUTO_TEST_CASE(a_minted_code_buys_a_session_and_is_used_the_second_time) {
    tls_client client{listen, authority};
    BOOST_TEST_REQUIRE(client.error() == "");
    const std::string code = mint();
    const tls_reply first = client.get(target_of(code));
    BOOST_TEST(first.head.starts_with(
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: text/plain\r\nDate: "));
    BOOST_TEST(first.head.find("Server") == std::string::npos);
    BOOST_TEST(first.body.starts_with(R"({"session_key":")"));
    BOOST_TEST(first.body.find(R"(","openid":"o)") != std::string::npos);
    BOOST_TEST(first.body.find(R"(","unionid":"o)") != std::string::npos);
    BOOST_TEST(first.body.find("errcode") == std::string::npos);
    const tls_reply second = client.get(target_of(code));
    BOOST_TEST(without_rid(second.body) == R"({"errcode":40163,"errmsg":"code been used, rid: "})");
    BOOST_TEST(exchanges_of(code) == R"({"arrived":2,"exchanged":1})");
}

BOOST_AUTO_TEST_CASE(an_unknown_code_gets_the_74_bytes) {
    tls_client client{listen, authority};
    const tls_reply reply = client.get(target_of("081LXytJ1Xq1Y40sg3uJ1FWntJ1LXyth"));
    BOOST_TEST(reply.field("Content-Length") == "74");
    BOOST_TEST(without_rid(reply.body) == R"({"errcode":40029,"errmsg":"invalid code, rid: "})");
}

BOOST_AUTO_TEST_CASE(unknown_parameters_are_ignored_and_those_in_a_body_not_seen) {
    tls_client client{listen, authority};
    const tls_reply fine = client.get(target_of(mint()) + "&access_token=x");
    BOOST_TEST(fine.body.starts_with(R"({"session_key":")"));
    const std::string form = "appid=wx-bound&secret=one&js_code=x&grant_type=authorization_code";
    client.send(
        "POST /sns/jscode2session HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(form.size()) +
        "\r\n\r\n" + form);
    BOOST_TEST(without_rid(client.receive().body) == R"({"errcode":41002,"errmsg":"appid missing, rid: "})");
}

BOOST_AUTO_TEST_CASE(an_unknown_path_gets_40066_and_a_wrong_method_43001) {
    tls_client client{listen, authority};
    const tls_reply unknown = client.get("/cgi-bin/nothing");
    BOOST_TEST(without_rid(unknown.body) == R"({"errcode":40066,"errmsg":"invalid url rid: "})");
    BOOST_TEST(unknown.field("Content-Type") == "application/json; encoding=utf-8");
    client.send("PUT " + target_of("x") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(
        without_rid(client.receive().body) == R"({"errcode":43001,"errmsg":"require GET method, rid: "})");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_gets_412_and_an_empty_one) {
    tls_client client{listen, authority};
    client.send(
        "POST /sns/jscode2session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    const tls_reply reply = client.receive();
    BOOST_TEST(reply.head.starts_with("HTTP/1.1 412 Precondition Failed\r\n"));
    BOOST_TEST(reply.field("Content-Length") == "0");
    BOOST_TEST((client.receive_everything().end == stream_end::close_notify));
}

BOOST_AUTO_TEST_CASE(requests_that_come_in_one_record_are_answered_in_order) {
    tls_client client{listen, authority};
    const std::string one = "GET " + target_of(mint()) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(one + one);
    BOOST_TEST(client.receive().body.starts_with(R"({"session_key":")"));
    BOOST_TEST(client.receive().body.starts_with(R"({"errcode":40163,)"));
}

BOOST_AUTO_TEST_CASE(a_client_that_says_close_gets_close_and_a_goodbye) {
    tls_client client{listen, authority};
    client.send("GET " + target_of(mint()) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const tls_reply reply = client.receive();
    BOOST_TEST(reply.field("Connection") == "close");
    BOOST_TEST((client.receive_everything().end == stream_end::close_notify));
}

BOOST_AUTO_TEST_CASE(tls_12_and_13_are_spoken_and_sessions_resume) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client first{listen, authority, "api.weixin.qq.com", nullptr, version};
        BOOST_TEST_REQUIRE(first.error() == "");
        BOOST_TEST(first.version() == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
        BOOST_TEST(first.get(target_of(mint())).is_whole());
        const tls_session kept = first.session();
        tls_client second{listen, authority, "api.weixin.qq.com", kept.get(), version};
        BOOST_TEST(second.is_resumed());
        BOOST_TEST(second.get(target_of(mint())).is_whole());
    }
    const std::string statistics = http_get(control, "/statistics").body;
    BOOST_TEST(statistics.find(R"("handshakes":4,"resumed":2)") != std::string::npos, statistics);
}

BOOST_AUTO_TEST_CASE(tls_11_is_refused) {
    const tls_client client{listen, authority, "api.weixin.qq.com", nullptr, TLS1_1_VERSION};
    BOOST_TEST(client.error() != "");
}

BOOST_AUTO_TEST_CASE(the_certificate_is_good_for_localhost_too_and_for_nobody_else) {
    BOOST_TEST((tls_client{listen, authority, "localhost"}.error().empty()));
    BOOST_TEST((tls_client{listen, authority, "example.com"}.error() == "certificate: hostname mismatch"));
}

BOOST_AUTO_TEST_CASE(statistics_tell_what_was_answered) {
    tls_client client{listen, authority};
    const std::string code = mint();
    (void)client.get(target_of(code));
    (void)client.get(target_of(code));
    const std::string statistics = http_get(control, "/statistics").body;
    BOOST_TEST(statistics.find(R"("open_connections":1)") != std::string::npos, statistics);
    BOOST_TEST(statistics.find(R"("requests":2)") != std::string::npos, statistics);
    BOOST_TEST(statistics.find(R"("by_errcode":{"0":1,"40163":1})") != std::string::npos, statistics);
    BOOST_TEST(
        statistics.find(R"("calls":{"/sns/jscode2session":{"0":1,"40163":1}})") != std::string::npos,
        statistics);
}

BOOST_AUTO_TEST_CASE(several_threads_share_the_port_and_the_world) {
    auto settings = two_apps();
    settings.threads = 2;
    const running_simulator several{settings};
    std::vector<std::jthread> clients;
    std::atomic<int> sessions{0};
    std::atomic<int> used{0};
    const std::string code = several.mint();
    for (int index = 0; index < 8; ++index)
        clients.emplace_back([&] {
            tls_client client{several.listen, several.authority};
            for (int round = 0; round < 20; ++round) {
                const tls_reply reply = client.get(running_simulator::target_of(code));
                ++(reply.body.starts_with(R"({"session_key")") ? sessions : used);
            }
        });
    clients.clear();
    BOOST_TEST(sessions == 1);
    BOOST_TEST(used == 159);
    BOOST_TEST(several.exchanges_of(code) == R"({"arrived":160,"exchanged":1})");
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_are_closed) {
    auto settings = two_apps();
    settings.max_connections = 1;
    const running_simulator small{settings};
    tls_client first{small.listen, small.authority};
    BOOST_TEST(first.error() == "");
    const tls_client second{small.listen, small.authority};
    BOOST_TEST(second.error() != "");
    BOOST_TEST(first.get("/x").is_whole());
}

BOOST_AUTO_TEST_CASE(the_simulator_stops_with_connections_open) {
    auto other = std::make_unique<running_simulator>();
    tls_client idle{other->listen, other->authority};
    BOOST_TEST(idle.get("/x").is_whole());
    BOOST_TEST(other->order("/faults", R"({"kind":"hang"})") == 201u);
    tls_client hanging{other->listen, other->authority};
    hanging.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    other.reset();
    BOOST_TEST((idle.receive_everything().end != stream_end::silence));
}

BOOST_AUTO_TEST_SUITE_END()
