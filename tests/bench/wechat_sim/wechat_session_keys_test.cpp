#include "bench/wechat-sim/world/session_calls.hpp"
#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>

using namespace wxlogind::test;
using wxlogind::wechat_sim::sign_with_key;

namespace {

struct session_keys : running_simulator {
    tls_client client{listen, authority};
    std::string token{access_token()};
    std::string key;
    std::string openid;

    session_keys() { log_in(); }
    void log_in() {
        const auto login = boost::json::parse(client.get(target_of(mint())).body);
        key = login.at("session_key").as_string();
        openid = login.at("openid").as_string();
    }
    [[nodiscard]] std::string
    query(const std::string& signature, const std::string& method = "hmac_sha256") const {
        return "?access_token=" + token + "&openid=" + openid + "&signature=" + signature +
               "&sig_method=" + method;
    }
    [[nodiscard]] std::string query() const { return query(sign_with_key(key, "")); }
    [[nodiscard]] std::string current_key() const {
        const auto shown = boost::json::parse(http_get(control, "/sessions?appid=wx-bound&user=alice").body);
        return std::string{shown.at("session_key").as_string()};
    }
};

constexpr std::string_view check = "/wxa/checksession";
constexpr std::string_view reset = "/wxa/resetusersessionkey";
constexpr std::string_view encrypt = "/wxa/business/getuserencryptkey";

std::string operator+(std::string_view path, const std::string& query) {
    return std::string{path} + query;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_session_keys, session_keys)

BOOST_AUTO_TEST_CASE(the_official_example_is_signed_as_documented) {
    BOOST_TEST(
        sign_with_key("o0q0otL8aEzpcZL/FT9WsQ==", R"({"foo":"bar"})") ==
        "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b");
    BOOST_TEST(
        sign_with_key("o0q0otL8aEzpcZL/FT9WsQ==", "") ==
        "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128");
}

BOOST_AUTO_TEST_CASE(a_current_key_is_confirmed_in_lower_and_in_upper_case) {
    BOOST_TEST(client.get(check + query()).body == R"({"errcode":0,"errmsg":"ok"})");
    std::string upper = sign_with_key(key, "");
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    BOOST_TEST(errcode_of(client.get(check + query(upper))) == 0);
}

BOOST_AUTO_TEST_CASE(more_parameters_than_documented_are_ignored) {
    BOOST_TEST(errcode_of(client.get(check + query() + "&session_key=x&appid=wx-bound&lang=zh_CN")) == 0);
}

BOOST_AUTO_TEST_CASE(the_proof_may_come_as_json_or_as_a_form) {
    const std::string path = std::string{encrypt} + "?access_token=" + token;
    const std::string signature = sign_with_key(key, "");
    BOOST_TEST(
        errcode_of(client.post(
            path, "{\"openid\":\"" + openid + "\",\"signature\":\"" + signature +
                      "\",\"sig_method\":\"hmac_sha256\"}")) == 0);
    BOOST_TEST(
        errcode_of(client.post(
            path, "openid=" + openid + "&signature=" + signature + "&sig_method=hmac_sha256",
            "application/x-www-form-urlencoded")) == 0);
    BOOST_TEST(errcode_of(client.post(encrypt + query(), "")) == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_method_or_openid_is_told) {
    BOOST_TEST(
        without_rid(client.get(check + query("00")).body) ==
        R"({"errcode":87009,"errmsg":"invalid signature rid: "})");
    BOOST_TEST(errcode_of(client.get(check + query(sign_with_key(key, ""), "md5"))) == 87008);
    for (const std::string_view path : {reset, encrypt}) {
        BOOST_TEST(errcode_of(client.get(path + query("00"))) == 87009);
        BOOST_TEST(errcode_of(client.get(path + query(sign_with_key(key, ""), "md5"))) == 87008);
        BOOST_TEST(errcode_of(client.get(path + query(""))) == 40097);
    }
    openid = "oNobody00000000000000000000x";
    BOOST_TEST(errcode_of(client.get(check + query())) == 40003);
    BOOST_TEST(errcode_of(client.get(reset + query())) == 87007);
    BOOST_TEST(errcode_of(client.get(encrypt + query())) == 87007);
}

BOOST_AUTO_TEST_CASE(a_user_of_another_app_is_nobody_here) {
    const std::string code = http_get(control, "/codes?appid=wx-alone&user=alice").body;
    const auto login =
        boost::json::parse(client
                               .get(
                                   "/sns/jscode2session?appid=wx-alone&secret=two&js_code=" + code +
                                   "&grant_type=authorization_code")
                               .body);
    openid = login.at("openid").as_string();
    key = login.at("session_key").as_string();
    BOOST_TEST(errcode_of(client.get(check + query())) == 40003);
}

BOOST_AUTO_TEST_CASE(all_three_need_an_access_token_in_the_query) {
    for (const std::string_view path : {check, reset, encrypt}) {
        BOOST_TEST(errcode_of(client.get(path)) == 41001);
        BOOST_TEST(errcode_of(client.post(path, "{\"access_token\":\"" + token + "\"}")) == 41001);
        BOOST_TEST(errcode_of(client.get(std::string{path} + "?access_token=abc")) == 40014);
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_a_later_login_replaced_is_no_longer_right) {
    const std::string old = key;
    BOOST_TEST(order("/clock", R"({"advance_s":61})") == 200u);
    log_in();
    BOOST_TEST(key != old);
    BOOST_TEST(errcode_of(client.get(check + query(sign_with_key(old, "")))) == 87009);
    BOOST_TEST(errcode_of(client.get(check + query())) == 0);
}

BOOST_AUTO_TEST_CASE(a_reset_gives_a_new_key_and_the_old_one_is_dead) {
    const auto answer = boost::json::parse(client.get(reset + query()).body);
    BOOST_TEST(answer.at("errcode").to_number<int>() == 0);
    BOOST_TEST(answer.at("openid").as_string() == openid);
    BOOST_TEST(errcode_of(client.get(check + query())) == 87009);
    key = answer.at("session_key").as_string();
    BOOST_TEST(key == current_key());
    BOOST_TEST(errcode_of(client.get(check + query())) == 0);
}

BOOST_AUTO_TEST_CASE(a_reset_does_not_make_a_key_live_longer) {
    BOOST_TEST(order("/clock", R"({"advance_s":2588400})") == 200u); // an hour is left of 30 days
    token = access_token();
    const auto answer = boost::json::parse(client.get(reset + query()).body);
    key = answer.at("session_key").as_string();
    BOOST_TEST(errcode_of(client.get(check + query())) == 0);
    BOOST_TEST(order("/clock", R"({"advance_s":3601})") == 200u);
    token = access_token();
    BOOST_TEST(errcode_of(client.get(check + query())) == 87009);
    BOOST_TEST(errcode_of(client.get(reset + query())) == 87007);
}

BOOST_AUTO_TEST_CASE(keys_rotate_and_expire_on_order) {
    const std::string old = key;
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"alice","do":"rotate"})") == 204u);
    BOOST_TEST(errcode_of(client.get(check + query())) == 87009);
    const auto shown = boost::json::parse(http_get(control, "/sessions?appid=wx-bound&user=alice").body);
    BOOST_TEST(shown.at("previous_session_key").as_string() == old);
    BOOST_TEST(shown.at("openid").as_string() == openid);
    key = shown.at("session_key").as_string();
    BOOST_TEST(errcode_of(client.get(check + query())) == 0);
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"alice","do":"expire"})") == 204u);
    BOOST_TEST(errcode_of(client.get(encrypt + query())) == 87007);
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"alice","do":"rotate"})") == 409u);
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"nobody","do":"rotate"})") == 404u);
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"alice","do":"burn"})") == 400u);
}

BOOST_AUTO_TEST_CASE(encrypt_keys_live_an_hour_and_three_are_told) {
    const auto list_of = [this] {
        const auto answer = boost::json::parse(client.get(encrypt + query()).body);
        return answer.at("key_info_list").as_array();
    };
    const auto first = list_of();
    BOOST_TEST(first.size() == 1u);
    BOOST_TEST(first[0].at("version").to_number<int>() == 1);
    BOOST_TEST(first[0].at("expire_in").to_number<int>() <= 3600);
    BOOST_TEST(first[0].at("iv").as_string().size() == 16u);
    BOOST_TEST(list_of()[0].at("encrypt_key") == first[0].at("encrypt_key"));
    for (int hour = 0; hour < 4; ++hour) {
        BOOST_TEST(order("/clock", R"({"advance_s":3600})") == 200u);
        token = access_token();
        (void)list_of();
    }
    const auto last = list_of();
    BOOST_TEST(last.size() == 3u);
    BOOST_TEST(last[0].at("version").to_number<int>() == 5);
    BOOST_TEST(last[2].at("version").to_number<int>() == 3);
    BOOST_TEST(last[2].at("expire_in").to_number<int>() == 0);
    BOOST_TEST(last[0].at("encrypt_key") != last[1].at("encrypt_key"));
}

BOOST_AUTO_TEST_SUITE_END()
