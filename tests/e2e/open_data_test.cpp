// What mini programs pass on from WeChat, signed and encrypted, and what becomes of it.
#include "core/base/encoding.hpp"
#include "tests/support/expect_problem.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

struct running : session_deployment {
    running() {
        make_user(
            *this,
            R"({"user":"alice","nickname":"爱丽丝","avatar_url":"https://a.example/1","gender":2,"city":"Guangzhou"})");
    }

    json::object log_in_as(std::string_view user, std::string_view more = {}) const {
        return json_of(log_in(mint_code(user), more));
    }
    http_reply take(const json::object& login, const json::object& body) const {
        return http_post(public_address(), "/me/userinfo", json::serialize(body), bearer(login));
    }
    http_reply decrypt(json::object body, const json::object& login) const {
        body["user"] = text_of(login, "id");
        return http_post(internal_address(), "/wechat/decrypt", json::serialize(body));
    }
    json::object profile_of(const json::object& login) const { return json_of(me(login)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(open_data, running)

BOOST_AUTO_TEST_CASE(what_wechat_signed_becomes_the_profile) {
    const auto login = log_in_as("alice");
    const auto made = make_open_data(*this, "alice");
    const http_reply changed = take(login, only(made, {"rawData", "signature"}));
    BOOST_TEST_REQUIRE(changed.status == 200u, changed.body);
    BOOST_TEST(changed.field("cache-control") == "no-store");
    BOOST_TEST(text_of(json_of(changed), "nickName") == "爱丽丝");
    BOOST_TEST(text_of(json_of(changed), "city") == "Guangzhou");
    BOOST_TEST(me(login).body == changed.body);
}

BOOST_AUTO_TEST_CASE(what_wechat_encrypted_becomes_the_profile_and_so_do_both_together) {
    const auto login = log_in_as("alice");
    const auto made = make_open_data(*this, "alice");
    const http_reply changed = take(login, only(made, {"encryptedData", "iv"}));
    BOOST_TEST_REQUIRE(changed.status == 200u, changed.body);
    BOOST_TEST(text_of(json_of(changed), "nickName") == "爱丽丝");
    BOOST_TEST(json_of(changed).at("gender").as_int64() == 2);
    BOOST_TEST(take(login, only(made, {"rawData", "signature", "encryptedData", "iv"})).status == 200u);
}

// Which may be an hour old, and of the Open Platform account that the app was bound to then.
BOOST_AUTO_TEST_CASE(a_unionid_in_encrypted_data_joins_nobody_and_the_next_login_does) {
    const std::string app = R"({"appid":")" + std::string{first_appid} + R"(","group":")";
    order(*this, "/apps", app + "\"}");
    const auto login = log_in_as("alice");
    BOOST_TEST(!login.contains("unionid"));
    order(*this, "/apps", app + "group\"}");
    const auto made = make_open_data(*this, "alice");
    BOOST_TEST_REQUIRE(text_of(made, "payload").find("unionId") != std::string::npos);
    BOOST_TEST(take(login, only(made, {"encryptedData", "iv"})).status == 200u);
    BOOST_TEST(!profile_of(login).contains("unionid"));
    BOOST_TEST(log_in_as("alice").contains("unionid"));
    BOOST_TEST(profile_of(login).contains("unionid"));
}

BOOST_AUTO_TEST_CASE(a_plus_that_became_a_space_does_no_harm) {
    const auto login = log_in_as("alice");
    auto body = only(make_open_data(*this, "alice"), {"encryptedData", "iv"});
    std::string damaged = text_of(body, "encryptedData");
    BOOST_TEST_REQUIRE(std::ranges::count(damaged, '+') > 0);
    std::ranges::replace(damaged, '+', ' ');
    body["encryptedData"] = damaged;
    BOOST_TEST(take(login, body).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_anonymous_profile_takes_the_place_of_nothing) {
    const auto login = log_in_as("alice", "&nickName=Real&avatarUrl=https%3A%2F%2Fa.example%2Freal&gender=1");
    const std::string before = me(login).body;
    const auto made = make_open_data(*this, "alice", R"("anonymous":true)");
    BOOST_TEST(take(login, only(made, {"rawData", "signature"})).body == before);
    BOOST_TEST(take(login, only(made, {"encryptedData", "iv"})).body == before);
}

BOOST_AUTO_TEST_CASE(data_under_the_key_before_are_taken_and_under_others_are_stale) {
    log_in_as("alice");
    const auto first = make_open_data(*this, "alice");
    rotate_session_key(*this, "alice");
    auto login = log_in_as("alice");
    BOOST_TEST(take(login, only(first, {"rawData", "signature"})).status == 200u);
    BOOST_TEST(take(login, only(first, {"encryptedData", "iv"})).status == 200u);

    // WeChat has another key than the one of the last login here.
    rotate_session_key(*this, "alice");
    const auto ahead = make_open_data(*this, "alice");
    expect_problem(take(login, only(ahead, {"rawData", "signature"})), 409, "session_key_stale");
    expect_problem(take(login, only(ahead, {"encryptedData", "iv"})), 409, "session_key_stale");
    // The cure that "retry":"login" names.
    login = log_in_as("alice");
    BOOST_TEST(take(login, only(ahead, {"encryptedData", "iv"})).status == 200u);
}

BOOST_AUTO_TEST_CASE(whatever_is_wrong_with_encrypted_data_is_answered_alike) {
    const auto login = log_in_as("alice");
    log_in_as("bob");
    const std::string before = me(login).body;
    const auto good = only(make_open_data(*this, "alice"), {"encryptedData", "iv"});

    std::vector<json::object> bad{
        only(make_open_data(*this, "bob"), {"encryptedData", "iv"}),
        only(make_open_data(*this, "alice", R"("watermark":false)"), {"encryptedData", "iv"}),
        only(make_open_data(*this, "alice", R"("watermark_appid":"wx-another")"), {"encryptedData", "iv"}),
        only(make_open_data(*this, "alice", R"("watermark_age_s":3700)"), {"encryptedData", "iv"}),
        only(make_open_data(*this, "alice", R"("payload":"no JSON")"), {"encryptedData", "iv"})};
    for (const std::size_t at : {0u, 30u, 60u}) { // of base64: the first blocks and, by its end, the padding
        json::object changed = good;
        std::string text = text_of(good, "encryptedData");
        const std::size_t place = at == 60u ? text.size() - 20 : at;
        text[place] = text[place] == 'A' ? 'B' : 'A';
        changed["encryptedData"] = text;
        bad.push_back(changed);
    }
    json::object of_problem;
    for (const json::object& each : bad) {
        const http_reply refused = take(login, each);
        expect_problem(refused, 409, "session_key_stale");
        json::object problem = json_of(refused);
        problem.erase("request_id");
        if (of_problem.empty()) of_problem = problem;
        BOOST_TEST(json::serialize(problem) == json::serialize(of_problem));
    }
    BOOST_TEST(me(login).body == before);
}

BOOST_AUTO_TEST_CASE(bad_fields_are_named_and_change_nothing) {
    const auto login = log_in_as("alice");
    const std::string before = me(login).body;
    const std::string forty(40, 'a');
    const auto expect_named = [&](const json::object& body, std::string_view field) {
        BOOST_TEST_CONTEXT(json::serialize(body))
        expect_problem(take(login, body), 400, "invalid_request", field);
    };
    expect_named({}, "rawData: missing");
    expect_named({{"rawData", "{}"}}, "signature: missing");
    expect_named({{"signature", forty}}, "rawData: missing");
    expect_named({{"rawData", "{}"}, {"signature", "short"}}, "signature: ");
    expect_named({{"rawData", "no JSON"}, {"signature", forty}}, "rawData: ");
    expect_named({{"rawData", R"({"gender":7})"}, {"signature", forty}}, "gender: ");
    expect_named({{"rawData", 1}, {"signature", forty}}, "body: member \"rawData\"");
    expect_named({{"encryptedData", "AAAA"}}, "iv: missing");
    expect_named({{"iv", "AAAA"}}, "encryptedData: missing");
    expect_named({{"encryptedData", "not base64!"}, {"iv", "AAAA"}}, "encryptedData: ");
    expect_named({{"encryptedData", "AAAA"}, {"iv", "AAAA"}}, "encryptedData: ");
    expect_named({{"encryptedData", "AAAAAAAAAAAAAAAAAAAAAA=="}, {"iv", "AAAA"}}, "iv: ");
    expect_problem(take({{"token", "x"}}, {}), 401, "invalid_token");
    BOOST_TEST(me(login).body == before);
}

BOOST_AUTO_TEST_CASE(a_login_takes_open_data_with_its_code) {
    log_in_as("alice");
    const auto made = make_open_data(*this, "alice");
    json::object body = only(made, {"rawData", "signature"});
    body["code"] = mint_code("alice");
    body["nickName"] = "said, not proven";
    body["province"] = "Guangdong";
    const http_reply login = http_post(public_address(), "/login", json::serialize(body));
    BOOST_TEST_REQUIRE(login.status == 200u, login.body);
    const auto profile = profile_of(json_of(login));
    BOOST_TEST(text_of(profile, "nickName") == "爱丽丝");
    BOOST_TEST(text_of(profile, "province") == "Guangdong");

    // As wx.request writes a GET.
    const auto again = log_in_as(
        "alice", "&encryptedData=" + wxlogind::percent_encode(text_of(made, "encryptedData")) +
                     "&iv=" + wxlogind::percent_encode(text_of(made, "iv")));
    BOOST_TEST(text_of(profile_of(again), "city") == "Guangzhou");
}

BOOST_AUTO_TEST_CASE(a_login_takes_open_data_of_the_key_before_its_own) {
    log_in_as("alice");
    json::object body = only(make_open_data(*this, "alice"), {"encryptedData", "iv"});
    rotate_session_key(*this, "alice");
    body["code"] = mint_code("alice");
    const http_reply login = http_post(public_address(), "/login", json::serialize(body));
    BOOST_TEST_REQUIRE(login.status == 200u, login.body);
    BOOST_TEST(text_of(profile_of(json_of(login)), "nickName") == "爱丽丝");
}

BOOST_AUTO_TEST_CASE(a_login_with_open_data_of_nobody_is_stale_and_makes_no_session) {
    log_in_as("alice");
    log_in_as("bob");
    json::object body = only(make_open_data(*this, "bob"), {"rawData", "signature"});
    const std::string code = mint_code("alice");
    body["code"] = code;
    const auto sessions = [this](const json::object& login) {
        return json_of(http_get(internal_address(), "/users/" + text_of(login, "id") + "/sessions"))
            .at("sessions")
            .as_array()
            .size();
    };
    const auto alice = log_in_as("alice");
    const std::size_t before = sessions(alice);
    expect_problem(http_post(public_address(), "/login", json::serialize(body)), 409, "session_key_stale");
    BOOST_TEST(sessions(alice) == before);
    // What is wrong by itself costs no code.
    body["code"] = mint_code("alice");
    body["signature"] = "short";
    expect_problem(
        http_post(public_address(), "/login", json::serialize(body)), 400, "invalid_request", "signature: ");
    BOOST_TEST(exchanges_of(text_of(body, "code")) == 0u);
}

BOOST_AUTO_TEST_CASE(back_ends_decrypt_by_user_and_app) {
    const auto login = log_in_as("alice");
    const auto made = make_open_data(*this, "alice", R"("kind":"phone")");
    const http_reply plain = decrypt(only(made, {"encryptedData", "iv"}), login);
    BOOST_TEST_REQUIRE(plain.status == 200u, plain.body);
    BOOST_TEST(plain.field("cache-control") == "no-store");
    BOOST_TEST(
        json::serialize(json_of(plain).at("payload")) ==
        json::serialize(json::parse(text_of(made, "payload"))));
    BOOST_TEST(text_of(json_of(plain), "session_key") == "current");
    rotate_session_key(*this, "alice");
    log_in_as("alice");
    BOOST_TEST(
        text_of(json_of(decrypt(only(made, {"encryptedData", "iv"}), login)), "session_key") == "previous");
}

BOOST_AUTO_TEST_CASE(groups_and_steps_are_decrypted_where_no_watermark_is_required_and_only_there) {
    const auto login = log_in_as("alice");
    for (const std::string_view kind : {"share", "group", "werun"}) {
        const auto made = make_open_data(*this, "alice", R"("kind":")" + std::string{kind} + '"');
        auto body = only(made, {"encryptedData", "iv"});
        expect_problem(decrypt(body, login), 409, "session_key_stale");
        body["require_watermark"] = true;
        expect_problem(decrypt(body, login), 409, "session_key_stale");
        expect_problem(take(login, only(made, {"encryptedData", "iv"})), 409, "session_key_stale");
        body["require_watermark"] = false;
        const http_reply plain = decrypt(body, login);
        BOOST_TEST_CONTEXT(kind) BOOST_TEST_REQUIRE(plain.status == 200u, plain.body);
    }
    // One that is there has to be right in any case.
    auto body =
        only(make_open_data(*this, "alice", R"("watermark_appid":"wx-another")"), {"encryptedData", "iv"});
    body["require_watermark"] = false;
    expect_problem(decrypt(body, login), 409, "session_key_stale");
}

BOOST_AUTO_TEST_CASE(bad_orders_to_decrypt_name_the_field) {
    const auto login = log_in_as("alice");
    const auto good = only(make_open_data(*this, "alice"), {"encryptedData", "iv"});
    const auto with = [&](std::string_view name, json::value value) {
        json::object body = good;
        body["user"] = text_of(login, "id");
        body[name] = std::move(value);
        return http_post(internal_address(), "/wechat/decrypt", json::serialize(body));
    };
    BOOST_TEST(with("appid", json::string{first_appid}).status == 200u);
    expect_problem(with("user", nullptr), 400, "invalid_request", "user: missing");
    expect_problem(with("user", "x"), 400, "invalid_request", "user: ");
    expect_problem(with("user", "0192f0c1-2b3c-7d4e-8f50-112233445566"), 404, "not_found");
    expect_problem(with("appid", "wx-none"), 400, "invalid_request", "appid: ");
    expect_problem(with("appid", 1), 400, "invalid_request", "body: member \"appid\"");
    expect_problem(with("encryptedData", nullptr), 400, "invalid_request", "encryptedData: missing");
    expect_problem(with("iv", ""), 400, "invalid_request", "iv: missing");
    expect_problem(
        with("require_watermark", "no"), 400, "invalid_request", "body: member \"require_watermark\"");
}

BOOST_AUTO_TEST_SUITE_END()
