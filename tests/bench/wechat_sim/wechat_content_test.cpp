#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

struct content : running_simulator {
    tls_client client{listen, authority};
    std::string token{access_token()};
    std::string openid{boost::json::parse(client.get(target_of(mint())).body).at("openid").as_string()};

    content() {
        BOOST_TEST(order("/words", R"({"word":"bad","suggest":"risky","label":20006})") == 204u);
        BOOST_TEST(order("/words", R"({"word":"odd","suggest":"review"})") == 204u);
    }
    tls_reply ask(std::string_view body) {
        return client.post("/wxa/msg_sec_check?access_token=" + token, body);
    }
    tls_reply check(std::string_view text, std::string_view more = R"("version":2,"scene":1)") {
        return ask(
            "{\"content\":\"" + std::string{text} + "\"," + std::string{more} + ",\"openid\":\"" + openid +
            "\"}");
    }
    std::string verdict_on(std::string_view text) {
        const auto result = boost::json::parse(check(text).body).at("result");
        return std::string{result.at("suggest").as_string()} + " " +
               std::to_string(result.at("label").to_number<int>());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_content, content)

BOOST_AUTO_TEST_CASE(a_risky_text_is_no_error) {
    const tls_reply reply = check("a bad word");
    BOOST_TEST(reply.body.starts_with(
        R"({"errcode":0,"errmsg":"ok","result":{"suggest":"risky","label":20006},"detail":[{)"));
    BOOST_TEST(
        reply.body.find(
            R"("strategy":"keyword","errcode":0,"suggest":"risky","label":20006,"keyword":"bad")") !=
        std::string::npos);
    BOOST_TEST(reply.body.find(R"("trace_id":")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_worst_word_decides) {
    BOOST_TEST(verdict_on("fine") == "pass 100");
    BOOST_TEST(verdict_on("odd") == "review 21000");
    BOOST_TEST(verdict_on("odd and bad") == "risky 20006");
    BOOST_TEST(order("/words", R"({"word":"bad","suggest":"pass"})") == 204u);
    BOOST_TEST(verdict_on("odd and bad") == "review 21000");
}

BOOST_AUTO_TEST_CASE(the_nickname_is_looked_at_too) {
    const auto reply = boost::json::parse(check("fine", R"("version":2,"scene":1,"nickname":"bad")").body);
    BOOST_TEST(reply.at("result").at("suggest").as_string() == "risky");
}

BOOST_AUTO_TEST_CASE(the_first_version_answers_87014) {
    BOOST_TEST(errcode_of(ask(R"({"content":"a bad word"})")) == 87014);
    BOOST_TEST(ask(R"({"content":"fine"})").body == R"({"errcode":0,"errmsg":"ok"})");
}

BOOST_AUTO_TEST_CASE(a_user_who_was_not_here_for_two_hours_is_not_asked_about) {
    BOOST_TEST(order("/clock", R"({"advance_s":7201})") == 200u);
    token = access_token();
    BOOST_TEST(errcode_of(check("fine")) == 61010);
    (void)client.get(target_of(mint()));
    BOOST_TEST(errcode_of(check("fine")) == 0);
}

BOOST_AUTO_TEST_CASE(bad_requests_are_told_apart) {
    BOOST_TEST(errcode_of(client.post("/wxa/msg_sec_check", "{}")) == 41001);
    BOOST_TEST(errcode_of(client.get("/wxa/msg_sec_check?access_token=" + token)) == 43002);
    BOOST_TEST(errcode_of(ask("")) == 44002);
    BOOST_TEST(errcode_of(ask("content=fine")) == 47001);
    BOOST_TEST(errcode_of(ask(R"({"version":2})")) == 47001);
    BOOST_TEST(errcode_of(check("fine", R"("version":2,"scene":5)")) == 40129);
    std::string long_text;
    for (int index = 0; index < 2501; ++index) long_text += "字";
    BOOST_TEST(errcode_of(check(long_text)) == 45002);
    BOOST_TEST(errcode_of(check(long_text.substr(3))) == 0);
    openid = "oNobody00000000000000000000x";
    BOOST_TEST(errcode_of(check("fine")) == 40003);
    const std::string code = http_get(control, "/codes?appid=wx-alone&user=alice").body;
    const auto elsewhere =
        boost::json::parse(client
                               .get(
                                   "/sns/jscode2session?appid=wx-alone&secret=two&js_code=" + code +
                                   "&grant_type=authorization_code")
                               .body);
    openid = elsewhere.at("openid").as_string();
    BOOST_TEST(errcode_of(check("fine")) == 43104);
}

BOOST_AUTO_TEST_CASE(bad_orders_about_words_are_refused) {
    BOOST_TEST(order("/words", R"({"word":"x","suggest":"green"})") == 400u);
    BOOST_TEST(order("/words", R"({"suggest":"risky"})") == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
