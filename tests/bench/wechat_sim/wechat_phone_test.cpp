#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wxlogind::test;

namespace {

struct phone : running_simulator {
    tls_client client{listen, authority};
    std::string token{access_token()};

    [[nodiscard]] std::string
    tap(std::string_view user = "alice", std::string_view appid = "wx-bound") const {
        return http_get(
                   control, "/codes?kind=phone&appid=" + std::string{appid} + "&user=" + std::string{user})
            .body;
    }
    tls_reply ask(std::string_view body) {
        return client.post("/wxa/business/getuserphonenumber?access_token=" + token, body);
    }
    tls_reply exchange(std::string_view code) { return ask("{\"code\":\"" + std::string{code} + "\"}"); }
};

// The answer without the only number in it that changes.
std::string without_time(std::string body) {
    const std::size_t start = body.find("\"timestamp\":") + 12;
    return body.replace(start, body.find(',', start) - start, "T");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_phone, phone)

BOOST_AUTO_TEST_CASE(a_code_of_the_button_buys_the_phone_number_with_its_watermark) {
    BOOST_TEST(order("/users", R"({"user":"alice","phone":"13900000000"})") == 204u);
    const tls_reply reply = exchange(tap());
    BOOST_TEST(reply.field("Content-Type") == "application/json; encoding=utf-8");
    BOOST_TEST(
        without_time(reply.body) ==
        R"({"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"13900000000","purePhoneNumber":"13900000000",)"
        R"("countryCode":"86","watermark":{"timestamp":T,"appid":"wx-bound"}}})");
}

BOOST_AUTO_TEST_CASE(phone_codes_have_a_shape_of_their_own) {
    const std::string code = tap();
    BOOST_TEST(code.size() == 64u);
    BOOST_TEST(code.find_first_not_of("0123456789abcdef") == std::string::npos);
    BOOST_TEST(order("/codes", R"({"appid":"wx-bound","user":"alice","kind":"phone"})") == 201u);
    BOOST_TEST(order("/codes", R"({"appid":"wx-bound","user":"alice","kind":"green"})") == 400u);
}

BOOST_AUTO_TEST_CASE(a_phone_code_is_good_once_and_its_uses_are_counted) {
    const std::string code = tap();
    BOOST_TEST(errcode_of(exchange(code)) == 0);
    BOOST_TEST(errcode_of(exchange(code)) == 40029);
    BOOST_TEST(exchanges_of(code) == R"({"arrived":2,"exchanged":1})");
}

BOOST_AUTO_TEST_CASE(a_phone_code_lives_five_minutes) {
    const std::string code = tap();
    BOOST_TEST(order("/clock", R"({"advance_s":301})") == 200u);
    BOOST_TEST(errcode_of(exchange(code)) == 40029);
}

BOOST_AUTO_TEST_CASE(codes_of_login_and_of_the_button_do_not_serve_for_each_other) {
    BOOST_TEST(errcode_of(exchange(mint())) == 40029);
    BOOST_TEST(errcode_of(client.get(target_of(tap()))) == 40029);
}

BOOST_AUTO_TEST_CASE(a_code_of_another_app_gets_40013_and_stays_good) {
    const std::string code = tap("alice", "wx-alone");
    BOOST_TEST(errcode_of(exchange(code)) == 40013);
    BOOST_TEST(exchanges_of(code) == R"({"arrived":1,"exchanged":0})");
}

BOOST_AUTO_TEST_CASE(an_openid_has_to_be_that_of_the_code) {
    const auto login = boost::json::parse(client.get(target_of(mint("alice"))).body);
    const std::string openid{login.at("openid").as_string()};
    const std::string of_bob = tap("bob");
    BOOST_TEST(errcode_of(ask("{\"code\":\"" + of_bob + "\",\"openid\":\"" + openid + "\"}")) == 40003);
    BOOST_TEST(errcode_of(ask("{\"code\":\"" + tap() + "\",\"openid\":\"" + openid + "\"}")) == 0);
}

BOOST_AUTO_TEST_CASE(a_number_from_abroad_has_its_country_code_in_front) {
    BOOST_TEST(order("/users", R"({"user":"alice","phone":"91234567","country_code":"852"})") == 204u);
    const std::string body = exchange(tap()).body;
    BOOST_TEST(
        body.find(R"("phoneNumber":"85291234567","purePhoneNumber":"91234567","countryCode":"852")") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_country_code_is_a_number_on_order) {
    BOOST_TEST(order("/style", R"({"country_code_number":true})") == 204u);
    BOOST_TEST(exchange(tap()).body.find(R"("countryCode":86,)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_user_of_whom_nothing_was_told_has_a_number_that_stays) {
    const auto number_of = [this](std::string_view user) {
        const auto reply = boost::json::parse(exchange(tap(user)).body);
        return std::string{reply.at("phone_info").at("purePhoneNumber").as_string()};
    };
    BOOST_TEST(number_of("alice") == number_of("alice"));
    BOOST_TEST(number_of("alice") != number_of("bob"));
    BOOST_TEST(number_of("alice").size() == 11u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_request_is_told_before_the_code_is_spent) {
    const std::string code = tap();
    const std::string body = "{\"code\":\"" + code + "\"}";
    const std::string path = "/wxa/business/getuserphonenumber";
    BOOST_TEST(
        without_rid(client.post(path, body).body) ==
        R"({"errcode":41001,"errmsg":"access_token missing rid: "})");
    BOOST_TEST(errcode_of(client.post(path + "?access_token=abc", body)) == 40014);
    BOOST_TEST(errcode_of(client.post(path + "?access_token=" + std::string(512, 'x'), body)) == 40001);
    BOOST_TEST(errcode_of(client.get(path + "?access_token=" + token)) == 43002);
    BOOST_TEST(errcode_of(ask("")) == 44002);
    BOOST_TEST(errcode_of(ask("code=" + code)) == 47001);
    BOOST_TEST(errcode_of(ask("{}")) == 47001);
    BOOST_TEST(order("/apps", R"({"appid":"wx-bound","personal":true})") == 204u);
    BOOST_TEST(errcode_of(exchange(code)) == 48001);
    BOOST_TEST(order("/apps", R"({"appid":"wx-bound","personal":false})") == 204u);
    BOOST_TEST(order("/tokens", R"({"appid":"wx-bound","do":"expire","kind":"stable"})") == 204u);
    BOOST_TEST(
        without_rid(exchange(code).body) == R"({"errcode":42001,"errmsg":"access_token expired rid: "})");
    token = access_token();
    BOOST_TEST(errcode_of(exchange(code)) == 0);
}

BOOST_AUTO_TEST_CASE(a_lost_answer_has_spent_the_code_of_that_user_alone) {
    BOOST_TEST(
        order(
            "/faults",
            R"({"kind":"drop_after","path":"/wxa/business/getuserphonenumber","user":"alice","count":1})") ==
        201u);
    BOOST_TEST(errcode_of(exchange(tap("bob"))) == 0);
    const std::string code = tap("alice");
    BOOST_TEST(!exchange(code).is_whole());
    tls_client again{listen, authority};
    const std::string body = "{\"code\":\"" + code + "\"}";
    BOOST_TEST(
        errcode_of(again.post("/wxa/business/getuserphonenumber?access_token=" + token, body)) == 40029);
    BOOST_TEST(exchanges_of(code) == R"({"arrived":2,"exchanged":1})");
}

BOOST_AUTO_TEST_SUITE_END()
