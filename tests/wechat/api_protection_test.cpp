#include "core/wechat/api_protection.hpp"

#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "core/wechat/seen_nonces.hpp"
#include "tests/support/rsa_keys.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::wechat;
using protection = wxlogind::wechat::api_protection; // the suite has that name, too

namespace {

constexpr std::string_view appid{"wxba6223c06417af7b"};
constexpr std::string_view phone_path{"/wxa/business/getuserphonenumber"};
const unix_seconds now{std::chrono::seconds{1635927954}};

const test::rsa_key_pair& ours() {
    static const test::rsa_key_pair made;
    return made;
}
const test::rsa_key_pair& wechats() {
    static const test::rsa_key_pair made;
    return made;
}

api_key_settings keys() {
    api_key_settings all;
    all.key_file = "key";
    all.key = secret{base64_encode(std::string(32, 'k'))};
    all.key_number = "k1";
    all.private_key = ours().private_pem();
    all.certificate = wechats().public_pem();
    all.certificate_number = "c1";
    return all;
}

api_call phone_call() {
    api_call call;
    call.path = phone_path;
    call.kind = wechat_call::phone_number;
    call.body = secret{std::string_view{R"({"code":"abc"})"}};
    return call;
}

struct reply {
    std::vector<net::response_field> fields;
    std::string body;

    std::string& field(std::string_view name) {
        return std::find_if(
                   fields.begin(), fields.end(), [name](const auto& each) { return each.name == name; })
            ->value;
    }
};

api_envelope about(unix_seconds at, std::string_view path = phone_path, std::string_view whose = appid) {
    return {"https://api.weixin.qq.com" + std::string{path}, std::string{whose}, at};
}

std::string signature_of(const api_envelope& what, std::string_view body) {
    return base64_encode(rsa_pss_signer{wechats().private_pem()}.sign(text_to_sign(what, body)));
}

// As WeChat answers at `at`: the members behind what every answer has.
reply answer(
    unix_seconds at = now, std::string_view members = R"(,"errcode":0,"errmsg":"ok","phone_info":{})",
    std::string_view nonce = "n1") {
    const std::string seconds = std::to_string(at.time_since_epoch().count());
    const std::string plain = R"({"_n":")" + std::string{nonce} + R"(","_appid":")" + std::string{appid} +
                              R"(","_timestamp":)" + seconds + std::string{members} + "}";
    const api_symmetric_key key{.number = "k1", .bytes = secret{std::string(32, 'k')}};
    reply made;
    made.body = encrypt_api_body(key, about(at), plain);
    made.fields = {
        {"Wechatmp-Appid", std::string{appid}},
        {"Wechatmp-TimeStamp", seconds},
        {"Wechatmp-Serial", "c1"},
        {"Wechatmp-Signature", signature_of(about(at), made.body)}};
    return made;
}

result<secret> opened(const reply& what, const protection& by = {std::string{appid}, keys()}) {
    return by.open(phone_call(), what.fields, what.body, now);
}

std::string why_not(const reply& what) {
    const auto got = opened(what);
    return got ? "" : got.error().detail;
}

std::string plain_of(const protection::request& made, std::string_view path = phone_path) {
    const api_symmetric_key key{.number = "k1", .bytes = secret{std::string(32, 'k')}};
    return std::string{decrypt_api_body(key, about(now, path), made.body).value().reveal()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_protection)

BOOST_AUTO_TEST_CASE(calls_that_wechats_list_names_are_covered_and_logins_are_not) {
    BOOST_TEST(protection::covers(phone_path));
    BOOST_TEST(protection::covers("/wxa/business/getuserencryptkey"));
    BOOST_TEST(protection::covers("/wxa/msg_sec_check"));
    for (const char* const path :
         {"/sns/jscode2session", "/cgi-bin/token", "/cgi-bin/stable_token", "/wxa/checksession"})
        BOOST_TEST(!protection::covers(path));
}

BOOST_AUTO_TEST_CASE(a_request_carries_the_parameters_encrypted_and_is_signed_with_our_key) {
    const protection by{std::string{appid}, keys()};
    const auto made = by.protect(phone_call(), now);
    const std::string plain = plain_of(made);
    BOOST_TEST(plain.starts_with(R"({"_n":")"));
    BOOST_TEST(plain.ends_with(R"(","_appid":"wxba6223c06417af7b","_timestamp":1635927954,"code":"abc"})"));
    BOOST_TEST(plain != plain_of(by.protect(phone_call(), now))); // the nonce

    const std::string start = "Wechatmp-Appid: wxba6223c06417af7b\r\nWechatmp-TimeStamp: 1635927954\r\n"
                              "Wechatmp-Signature: ";
    BOOST_TEST_REQUIRE(made.fields.starts_with(start));
    BOOST_TEST_REQUIRE(made.fields.ends_with("\r\n"));
    const std::string text = made.fields.substr(start.size(), made.fields.size() - start.size() - 2);
    const rsa_pss_verifier wechat{ours().public_pem()};
    BOOST_TEST(wechat.verify(text_to_sign(about(now), made.body), base64_decode(text).value()));
}

BOOST_AUTO_TEST_CASE(parameters_of_a_query_become_members) {
    api_call call;
    call.path = "/wxa/business/getuserencryptkey";
    call.query = "openid=o%2F1&signature=ab&sig_method=hmac_sha256";
    const auto made = protection{std::string{appid}, keys()}.protect(call, now);
    BOOST_TEST(plain_of(made, call.path)
                   .ends_with(R"(,"openid":"o/1","signature":"ab","sig_method":"hmac_sha256"})"));
}

BOOST_AUTO_TEST_CASE(the_number_of_our_key_is_sent_where_there_is_one) {
    api_key_settings numbered = keys();
    numbered.private_key_number = "p1";
    const auto made = protection{std::string{appid}, numbered}.protect(phone_call(), now);
    BOOST_TEST(made.fields.find("\r\nWechatmp-Serial: p1\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_wechat_signed_and_encrypted_opens) {
    const auto got = opened(answer());
    BOOST_TEST_REQUIRE(got.has_value(), got.error().detail);
    json_document document{"answer"};
    BOOST_TEST(document.read(got->reveal())->object("phone_info")->has_value());
    BOOST_TEST(opened(answer(now + std::chrono::seconds{300})).has_value());
    BOOST_TEST(opened(answer(now - std::chrono::seconds{300})).has_value());
}

BOOST_AUTO_TEST_CASE(an_encrypted_refusal_is_a_refusal) {
    const auto got = opened(answer(now, R"(,"errcode":40029,"errmsg":"invalid code")"));
    BOOST_TEST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().wechat_errcode == 40029);
    BOOST_TEST((got.error().code == errc::invalid_request));
}

BOOST_AUTO_TEST_CASE(an_unsigned_refusal_ends_the_call_and_an_unsigned_success_counts_for_nothing) {
    const auto refused = opened({{}, R"({"errcode":40234,"errmsg":"wrong signature"})"});
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().wechat_errcode == 40234);
    BOOST_TEST((refused.error().code == errc::wechat_misconfigured));
    for (const char* const body : {R"({"errcode":0,"phone_info":{}})", R"({"phone_info":{}})", "", "x"})
        BOOST_TEST(why_not({{}, body}) == "WeChat's answer is not signed");
    BOOST_TEST(why_not({{}, answer().body}) == "WeChat's answer is not signed");
}

BOOST_AUTO_TEST_CASE(what_anybody_changed_is_not_believed) {
    using change = std::function<void(reply&)>;
    const std::pair<const char*, change> changes[] = {
        {"the signature of WeChat's answer is wrong", [](reply& it) { it.body += ' '; }},
        {"the signature of WeChat's answer is wrong",
         [](reply& it) { it.field("Wechatmp-Signature") = base64_encode(std::string(256, 'x')); }},
        {"the signature of WeChat's answer is wrong",
         [](reply& it) { it.field("Wechatmp-Signature") = "not base64"; }},
        {"the signature of WeChat's answer is wrong",
         [](reply& it) { it.field("Wechatmp-TimeStamp") = "1635927955"; }},
        {"the signature of WeChat's answer is wrong", // of another call
         [](reply& it) {
             it.field("Wechatmp-Signature") = signature_of(about(now, "/wxa/msg_sec_check"), it.body);
         }},
        {"WeChat's answer is not signed", [](reply& it) { it.fields.pop_back(); }},
        {"WeChat's answer is not signed", [](reply& it) { it.fields.push_back(it.fields.back()); }},
        {"WeChat's answer is to another app",
         [](reply& it) { it.field("Wechatmp-Appid") = "wx0123456789abcdef"; }},
        {"WeChat's answer is more than 300 s off this server's time",
         [](reply& it) { it.field("Wechatmp-TimeStamp") = ""; }},
        {"WeChat's answer is more than 300 s off this server's time",
         [](reply& it) { it.field("Wechatmp-TimeStamp") = "99999999999999999999"; }},
        {"WeChat's answer is more than 300 s off this server's time",
         [](reply& it) { it = answer(now - std::chrono::seconds{301}); }},
        {"WeChat's answer is more than 300 s off this server's time",
         [](reply& it) { it = answer(now + std::chrono::seconds{301}); }},
        {"WeChat's answer is signed with a certificate that is not configured",
         [](reply& it) { it.field("Wechatmp-Serial") = "c2"; }},
        {"WeChat's answer cannot be decrypted", // signed, and not encrypted
         [](reply& it) {
             it.body = R"({"errcode":0,"phone_info":{}})";
             it.field("Wechatmp-Signature") = signature_of(about(now), it.body);
         }},
    };
    for (const auto& [why, change_it] : changes) {
        reply bad = answer();
        change_it(bad);
        BOOST_TEST(why_not(bad) == why);
    }
}

BOOST_AUTO_TEST_CASE(while_the_certificate_changes_the_old_signature_counts_and_no_other) {
    reply both = answer();
    both.fields.push_back({"Wechatmp-Serial-Deprecated", "c1"});
    both.fields.push_back({"Wechatmp-Signature-Deprecated", both.field("Wechatmp-Signature")});
    both.field("Wechatmp-Serial") = "c2";
    both.field("Wechatmp-Signature") = base64_encode(std::string(256, 'x'));
    BOOST_TEST(opened(both).has_value());
    both.field("Wechatmp-Signature-Deprecated") = base64_encode(std::string(256, 'x'));
    BOOST_TEST(why_not(both) == "the signature of WeChat's answer is wrong");
    both.field("Wechatmp-Serial-Deprecated") = "c0";
    BOOST_TEST(why_not(both) == "WeChat's answer is signed with a certificate that is not configured");
}

BOOST_AUTO_TEST_CASE(an_answer_opens_once) {
    const protection by{std::string{appid}, keys()};
    const reply one = answer();
    BOOST_TEST(opened(one, by).has_value());
    const auto again = opened(one, by);
    BOOST_TEST_REQUIRE(again.has_error());
    BOOST_TEST(again.error().detail == "WeChat's answer was here before");
    BOOST_TEST(opened(answer(now, "", "n2"), by).has_value());
}

BOOST_AUTO_TEST_CASE(who_has_the_same_keys_is_known) {
    const protection by{std::string{appid}, keys()};
    BOOST_TEST(by.is_of(keys()));
    api_key_settings others = keys();
    others.certificate = test::rsa_key_pair{}.public_pem();
    BOOST_TEST(!by.is_of(others));
}

BOOST_AUTO_TEST_CASE(nonces_are_remembered_for_their_time_and_within_bounds) {
    seen_nonces seen{std::chrono::seconds{600}, 10};
    BOOST_TEST(seen.note("a", now));
    BOOST_TEST(!seen.note("a", now + std::chrono::seconds{599}));
    BOOST_TEST(!seen.note("a", now + std::chrono::seconds{600}));
    BOOST_TEST(seen.note("a", now + std::chrono::seconds{2000}));
    for (int number = 0; number < 100; ++number) BOOST_TEST(seen.note(std::to_string(number), now));
    BOOST_TEST(!seen.note("99", now));
    BOOST_TEST(!seen.note("95", now));
}

BOOST_AUTO_TEST_SUITE_END()
