#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

constexpr std::string_view stable_body =
    R"({"grant_type":"client_credential","appid":"wx-bound","secret":"one"})";
constexpr std::string_view classic_target =
    "/cgi-bin/token?grant_type=client_credential&appid=wx-bound&secret=one";

std::string token_of(const tls_reply& reply) {
    return std::string{boost::json::parse(reply.body).at("access_token").as_string()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_token_wire, running_simulator)

BOOST_AUTO_TEST_CASE(a_classic_token_is_fetched_with_a_get) {
    tls_client client{listen, authority};
    const tls_reply reply = client.get(classic_target);
    BOOST_TEST(reply.field("Content-Type") == "application/json; encoding=utf-8");
    BOOST_TEST(reply.body == "{\"access_token\":\"" + token_of(reply) + "\",\"expires_in\":7200}");
    BOOST_TEST(token_of(client.get(classic_target)) != token_of(reply));
}

BOOST_AUTO_TEST_CASE(a_stable_token_is_fetched_with_a_post_of_json_and_in_no_other_way) {
    tls_client client{listen, authority};
    const tls_reply reply = client.post("/cgi-bin/stable_token", stable_body);
    BOOST_TEST(reply.body == "{\"access_token\":\"" + token_of(reply) + "\",\"expires_in\":7200}");
    BOOST_TEST(token_of(client.post("/cgi-bin/stable_token", stable_body)) == token_of(reply));
    BOOST_TEST(
        without_rid(client.get("/cgi-bin/stable_token").body) ==
        R"({"errcode":43002,"errmsg":"require POST method rid: "})");
    const tls_reply form = client.post(
        "/cgi-bin/stable_token", "grant_type=client_credential&appid=wx-bound&secret=one",
        "application/x-www-form-urlencoded");
    BOOST_TEST(without_rid(form.body) == R"({"errcode":41002,"errmsg":"appid missing rid: "})");
    BOOST_TEST(errcode_of(client.post("/cgi-bin/stable_token", R"({"appid":)")) == 47001);
}

BOOST_AUTO_TEST_CASE(force_refresh_is_a_member_of_the_body) {
    tls_client client{listen, authority};
    const std::string first = token_of(client.post("/cgi-bin/stable_token", stable_body));
    std::string forced{stable_body};
    forced.insert(forced.size() - 1, R"(,"force_refresh":true)");
    BOOST_TEST(token_of(client.post("/cgi-bin/stable_token", forced)) != first);
    BOOST_TEST(
        http_get(control, "/tokens?appid=wx-bound").body ==
        R"({"appid":"wx-bound","classic":0,"stable":2,"stable_made":2,"stable_forced":1,"second_server":0})");
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_allowed_is_told_to_its_owner) {
    BOOST_TEST(order("/apps", R"({"appid":"wx-bound","allowed_ips":["192.0.2.1"]})") == 204u);
    tls_client client{listen, authority};
    BOOST_TEST(
        without_rid(client.post("/cgi-bin/stable_token", stable_body).body) ==
        R"({"errcode":40164,"errmsg":"invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "})");
}

BOOST_AUTO_TEST_CASE(orders_about_tokens_are_carried_out_and_bad_ones_refused) {
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"rotate"})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"rotate","overlap_s":0})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"expire","kind":"stable"})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"revoke","kind":"classic"})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","second_server_s":600})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"expire","access_token":"nobody's"})") == 404u);
    BOOST_TEST(order("/tokens", R"({"appid":"nobody","do":"rotate"})") == 404u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"burn"})") == 400u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"expire","kind":"green"})") == 400u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound"})") == 400u);
    BOOST_TEST(
        http_get(control, "/tokens?appid=wx-bound").body.find(R"("second_server":2)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(faults_strike_one_call_and_one_app) {
    BOOST_TEST(
        order(
            "/faults",
            R"({"kind":"errcode","errcode":45009,"path":"/cgi-bin/stable_token","appid":"wx-bound"})") ==
        201u);
    BOOST_TEST(order("/faults", R"({"kind":"errcode","errcode":-1,"path":"/cgi-bin/nothing"})") == 400u);
    tls_client client{listen, authority};
    BOOST_TEST(errcode_of(client.post("/cgi-bin/stable_token", stable_body)) == 45009);
    BOOST_TEST(errcode_of(client.get(classic_target)) == 0);
    BOOST_TEST(
        errcode_of(client.post(
            "/cgi-bin/stable_token",
            R"({"grant_type":"client_credential","appid":"wx-alone","secret":"two"})")) == 0);
    BOOST_TEST(errcode_of(client.get(target_of(mint()))) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
