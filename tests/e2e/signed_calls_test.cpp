// An app whose calls WeChat wants signed and encrypted: the real programs, over TLS.
#include "core/base/encoding.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

const rsa_key_pair& ours() {
    static const rsa_key_pair made;
    return made;
}

struct signing : session_deployment {
    signing() {
        make_user(*this, R"({"user":"alice","phone":"13900000000"})");
        write("symmetric", wxlogind::base64_encode(std::string(32, 'k')));
        write("ours", ours().private_pem().reveal());
        const json::object wish{
            {"appid", first_appid},
            {"symmetric_key", wxlogind::base64_encode(std::string(32, 'k'))},
            {"symmetric_key_number", "k1"},
            {"public_key", ours().public_pem()}};
        take_certificate(json_of(order(*this, "/api_security", json::serialize(wish))));
        login = json_of(log_in(mint_code("alice")));
    }

    void write(std::string_view name, std::string_view content) const {
        std::ofstream{file(name)} << content;
        ::chmod(file(name).c_str(), 0600);
    }
    // Configures it; what runs learns of it by a reload.
    void take_certificate(const json::object& shown) {
        write("wechats", text_of(shown, "certificate"));
        configure([&](deployment_options& options) {
            options.first_app = "nickname_check = \"refuse\"\n"
                                "api_key_file = \"symmetric\"\napi_key_number = \"k1\"\n"
                                "api_private_key_file = \"ours\"\napi_certificate_file = \"wechats\"\n"
                                "api_certificate_number = \"" +
                                text_of(shown, "certificate_number") + "\"\n";
        });
        BOOST_TEST_REQUIRE(text_of(reload(), "message") == "SIGHUP: reloaded");
    }
    [[nodiscard]] std::string phone_code() const {
        const std::string wish =
            R"({"kind":"phone","appid":")" + std::string{first_appid} + R"(","user":"alice"})";
        return text_of(json_of(order(*this, "/codes", wish)), "code");
    }
    [[nodiscard]] http_reply bind_with(std::string_view phone_code) const {
        const json::object body{{"code", phone_code}};
        return http_post(public_address(), "/me/phone", json::serialize(body), bearer(login));
    }
    [[nodiscard]] http_reply bind() const { return bind_with(phone_code()); }
    [[nodiscard]] http_reply rename(std::string_view name) const {
        return http_call(
            public_address(), "PATCH", "/me", json::serialize(json::object{{"nickName", name}}),
            bearer(login));
    }
    // Waits for the line: the log is written behind. Throws when it does not come.
    void expect_log(std::string_view text) {
        boost::ignore_unused(wxlogind().wait_for_line(
            [text](std::string_view line) { return line.find(text) != std::string_view::npos; }));
    }
    [[nodiscard]] bool has_phone() const { return json_of(me(login)).contains("phone"); }

    json::object login;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signed_calls, signing)

BOOST_AUTO_TEST_CASE(every_call_that_supports_it_is_signed_and_the_rest_goes_as_ever) {
    const http_reply bound = bind();
    BOOST_TEST_REQUIRE(bound.status == 200u, bound.body);
    BOOST_TEST(bound.body == R"({"phone":"139****0000"})");
    BOOST_TEST(rename("Alice").status == 200u);
    const std::string about = R"({"user":")" + text_of(login, "id") + R"("})";
    const http_reply keys = http_post(internal_address(), "/wechat/user-encrypt-key", about);
    BOOST_TEST(keys.status == 200u, keys.body);
    BOOST_TEST(http_post(internal_address(), "/wechat/check-session", about).status == 200u);

    stop_wxlogind();
    start_wxlogind();
    BOOST_TEST(bind().status == 200u);
}

BOOST_AUTO_TEST_CASE(an_app_without_the_keys_is_told_what_to_do) {
    configure([](deployment_options& options) { options.first_app.clear(); });
    BOOST_TEST_REQUIRE(text_of(reload(), "message") == "SIGHUP: reloaded");
    const http_reply refused = bind();
    BOOST_TEST(refused.status == 502u);
    BOOST_TEST(text_of(json_of(refused), "code") == "wechat_misconfigured");
    BOOST_TEST(json_of(refused).at("errcode").to_number<int>() == 40233);
}

BOOST_AUTO_TEST_CASE(of_an_answer_that_is_not_to_be_believed_nothing_counts) {
    const std::tuple<const char*, const char*, const char*> kinds[] = {
        {"bad_signature", "wechat_bad_answer", "the signature of WeChat's answer is wrong"},
        {"other_certificate", "wechat_misconfigured",
         "WeChat's answer is signed with a certificate that is not configured"},
        {"old_answer", "wechat_bad_answer", "WeChat's answer is more than 300 s off this server's time"},
        {"other_appid", "wechat_bad_answer", "WeChat's answer is to another app"},
        {"unsigned_answer", "wechat_bad_answer", "WeChat's answer is not signed"},
        {"undecipherable", "wechat_misconfigured", "WeChat's answer cannot be decrypted"}};
    for (const auto& [kind, code, why] : kinds) {
        inject(
            R"({"count":1,"path":"/wxa/business/getuserphonenumber","kind":")" + std::string{kind} + "\"}");
        const std::string code_of_button = phone_code();
        const http_reply refused = bind_with(code_of_button);
        BOOST_TEST(refused.status == 502u, kind);
        BOOST_TEST(text_of(json_of(refused), "code") == code);
        BOOST_TEST(text_of(json_of(refused), "detail") == why);
        BOOST_TEST(!has_phone());
        expect_log(why);
        // WeChat has taken the code: it does not go there again.
        BOOST_TEST(bind_with(code_of_button).status == 400u, kind);
        BOOST_TEST(exchanges_of(code_of_button) == 1u);
    }
    expect_log("an answer of WeChat's is not believed");
    BOOST_TEST(bind().status == 200u);
    BOOST_TEST(has_phone());
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_twice_counts_once_also_after_a_reload) {
    BOOST_TEST(rename("Alice").status == 200u);
    BOOST_TEST_REQUIRE(text_of(reload(), "message") == "SIGHUP: reloaded");
    inject(R"({"count":1,"kind":"repeated_answer"})");
    const http_reply refused = rename("Bob");
    BOOST_TEST(refused.status == 502u, refused.body);
    BOOST_TEST(text_of(json_of(refused), "detail") == "WeChat's answer was here before");
    BOOST_TEST(text_of(json_of(me(login)), "nickName") == "Alice");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_is_not_encrypted_ends_the_call_with_its_errcode) {
    inject(R"({"count":1,"kind":"errcode","errcode":40234,"path":"/wxa/business/getuserphonenumber"})");
    const http_reply refused = bind();
    BOOST_TEST(refused.status == 502u);
    BOOST_TEST(json_of(refused).at("errcode").to_number<int>() == 40234);
    BOOST_TEST(!has_phone());
}

// The refusal of the token is not signed: WeChat does not know whose call it is.
BOOST_AUTO_TEST_CASE(a_token_that_has_expired_costs_one_repetition) {
    BOOST_TEST(bind().status == 200u);
    order(*this, "/tokens", R"({"do":"expire","kind":"stable","appid":")" + std::string{first_appid} + "\"}");
    BOOST_TEST(bind().status == 200u);
}

BOOST_AUTO_TEST_CASE(wechats_certificate_changes_without_a_failed_call) {
    const std::string about = R"({"appid":")" + std::string{first_appid} + R"(","do":")";
    const auto next = json_of(order(*this, "/api_security", about + "rotate\"}"));
    BOOST_TEST(bind().status == 200u);
    expect_log("WeChat is about to sign with another certificate only");
    take_certificate(next);
    BOOST_TEST(bind().status == 200u);
    order(*this, "/api_security", about + "finish\"}");
    BOOST_TEST(bind().status == 200u);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_is_no_good_refuses_the_reload_and_says_why) {
    write("ours", "not a key");
    const auto refused = reload();
    BOOST_TEST(text_of(refused, "message").starts_with("SIGHUP: refused"));
    expect_log("apps.api_private_key_file");
    BOOST_TEST(bind().status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
