#include "core/wechat/api_security.hpp"

#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"
#include "core/base/rsa_pss.hpp"
#include "tests/support/rsa_keys.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat;
using wxlogind::test::rsa_key_pair;

namespace {

// The published sample, a call of getuserriskrank.
const api_symmetric_key sample_key{
    "fa05fe1e5bcc79b81ad5ad4b58acf787",
    secret{base64_decode("otUpngOjU+nVQaWJIC3D/yMLV17RKaP6t4Ot9tbnzLY=").value()}};

api_envelope sample_at(std::int64_t second) {
    return {
        "https://api.weixin.qq.com/wxa/getuserriskrank", "wxba6223c06417af7b",
        unix_seconds{std::chrono::seconds{second}}};
}

const std::string request_body{
    R"({"iv":"fmW/zNxXlytUZBgj","data":"0IDVdrPtSPF/Oe2CTXCV2vVNPbVJdJlP2WaTMQnoYLh5iCrrSNfQFh25E)"
    R"(nStDMf0hLlVNBCZQtf9NaV0m4aRA4AAYIO7oR/Ge+4yY4EmZp5EVPB42xjScgMx5X3D4VdLCfynXIUKUtZHZvk1zmL)"
    R"(VE3RauzJgiM1BB1CPmwcENo3MTJ0z8Vfkf5tMv54kOXobDLlV5rfqKdAX7gM/rP82DgZdt9vvZX44ipdbHIjJvw83Z)"
    R"(XAFtvftdVw2Qd8=","authtag":"5qeM/2vZv+6KtScN94IpMg=="})"};
const std::string request_plain{
    R"({"_n":"o89QaPVsRu1yppIZzvSZc4","_appid":"wxba6223c06417af7b","_timestamp":1635927954,"appi)"
    R"(d":"wxba6223c06417af7b","openid":"oEWzBfmdLqhFS2mTXCo2E4Y9gJAM","scene":0,"client_ip":"127)"
    R"(.0.0.1"})"};
const std::string request_signature{
    R"(wcSSWHZunjz9VKl9q+If9deiyECXDAELfAJNZ4+5T+NhFr8zfhkwdQtlgQ7nN5xs99R57La9UjBTRBGge2KYyshWtw)"
    R"(7HIMPAqWNsnpHvx0b2f7s6Bt7OpfOQLlIfNgepgTVmUwrqW8/7A12szj7tCe/bRFilwnaX6N0w4duHlfL7ic7IIZXo)"
    R"(uvy9dLRAa5GtEk1eD/LPWRiKh0SvJ3znPY/pSiQW9zSkXVdj9UGGM8qcKLzPGJ7gSmt3ZOPkFapk9wqFmhJwQj//xN)"
    R"(5+hUlr2UiNPMNSHve5Y2ADLsNHqk5t7RfAZ8nW9/8lzhVt4t+toy1FeehxCGIC8qgmjIl1hg==)"};
const std::string signer_pem{R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3FoQOmOl5/CF5hF7ta4E
zCy2LaU3Eu2k9DBwQ73J82I53Sx9LAgM1DH3IsYohRRx/BESfbdDI2powvr6QYKV
IC+4Yavwg7gzhZRxWWmT1HruEADCZAgkUCu+9Il/9FPuitPSoIpBd07NqdkkRe82
NBOfrKTdhge/5zd457fl7J81Q5VTIxO8vvq7FSw7k6Jtv+eOjR6SZOWbbUO7f9r4
UuUkXmvdGv21qiqtaO1EMw4tUCELzY73M7NpCH3RorlommYX3P6q0VrkDHrCE0/Q
MhmHsF+46E+IRcJ3wtEj3p/mO1VoCpEhawC1U728ZUTwWNEii8hPEhcNAZTKaQMa
TQIDAQAB
-----END PUBLIC KEY-----
)"};
const std::string response_body{
    R"({"iv":"r2WDQt56rEAmMuoR","data":"HExs66Ik3el+iM4IpeQ7SMEN934FRLFYOd3EmeaIrpP4EPTHckoco6O+P)"
    R"(aoRZRa3lqaPRZT7r52f7LUok6gLxc6cdR8C4vpIIfh4xfLC4L7FNy9GbuMK1hcoi8b7gkWJcwZMkuCFNEDmqn3T49o)"
    R"(WzAQOrY4LZnnnykv6oUJotdAsnKvmoJkLK7hRh7M2B1d2UnTnRuoIyarXc5Iojwoghx4BOvnV","authtag":"z2BF)"
    R"(D8QctKXTuBlhICGOjQ=="})"};
const std::string response_plain{
    R"({"_n":"ShYZpqdVgY+yQVAxNSWhYg","_appid":"wxba6223c06417af7b","_timestamp":1635927956,"errc)"
    R"(ode":0,"errmsg":"getuserriskrank succ","risk_rank":0,"unoin_id":2258658297})"};

} // namespace

BOOST_AUTO_TEST_SUITE(api_security)

BOOST_AUTO_TEST_CASE(the_published_request_opens_and_its_signature_is_good) {
    BOOST_TEST_REQUIRE(request_body.size() == 324u);
    const auto about = sample_at(1635927954);
    const auto opened = decrypt_api_body(sample_key, about, request_body);
    BOOST_TEST_REQUIRE(opened.has_value(), opened.error().detail);
    BOOST_TEST(opened->reveal() == request_plain);
    const rsa_pss_verifier signer{signer_pem};
    const std::string signature = base64_decode(request_signature).value();
    BOOST_TEST(signer.verify(text_to_sign(about, request_body), signature));
    BOOST_TEST(!signer.verify(text_to_sign(about, request_body) + "\n", signature));
    BOOST_TEST(!signer.verify(text_to_sign(sample_at(1635927955), request_body), signature));
    BOOST_TEST(!signer.verify(text_to_sign(about, request_body), signature.substr(1)));
}

BOOST_AUTO_TEST_CASE(the_published_response_opens) {
    BOOST_TEST_REQUIRE(response_body.size() == 292u);
    const auto opened = decrypt_api_body(sample_key, sample_at(1635927956), response_body);
    BOOST_TEST_REQUIRE(opened.has_value(), opened.error().detail);
    BOOST_TEST(opened->reveal() == response_plain);
}

BOOST_AUTO_TEST_CASE(what_was_changed_or_belongs_elsewhere_does_not_open) {
    const auto is_refused = [](const api_symmetric_key& key, const api_envelope& about,
                               std::string_view body) {
        const auto opened = decrypt_api_body(key, about, body);
        return opened.has_error() && opened.error().code == errc::wechat_bad_answer;
    };
    const auto about = sample_at(1635927956);
    api_envelope elsewhere = about;
    elsewhere.url += "x";
    BOOST_TEST(is_refused(sample_key, elsewhere, response_body));
    elsewhere = about;
    elsewhere.appid = "wxother";
    BOOST_TEST(is_refused(sample_key, elsewhere, response_body));
    BOOST_TEST(is_refused(sample_key, sample_at(1635927957), response_body));
    api_symmetric_key other = sample_key;
    other.number = "another";
    BOOST_TEST(is_refused(other, about, response_body));
    other = {sample_key.number, secret{std::string(32, 'x')}};
    BOOST_TEST(is_refused(other, about, response_body));
    other = {sample_key.number, secret{std::string(16, 'x')}};
    BOOST_TEST(is_refused(other, about, response_body));
    for (const std::string& body :
         {std::string{}, std::string{"{}"}, std::string{R"({"errcode":40234,"errmsg":"x"})"}, request_body,
          response_body.substr(1), std::string{R"({"iv":"AA==","data":"AA==","authtag":"AA=="})"}})
        BOOST_TEST(is_refused(sample_key, about, body));
    // Authentic, and not about this app and second.
    for (const auto* plain :
         {R"({"_appid":"wxother","_timestamp":1635927956})",
          R"({"_appid":"wxba6223c06417af7b","_timestamp":1635927955})", "{}", "x"})
        BOOST_TEST(is_refused(sample_key, about, encrypt_api_body(sample_key, about, plain)));
}

BOOST_AUTO_TEST_CASE(what_we_encrypt_opens_and_looks_different_each_time) {
    const auto about = sample_at(1635927954);
    const std::string one = encrypt_api_body(sample_key, about, request_plain);
    BOOST_TEST(one != encrypt_api_body(sample_key, about, request_plain));
    BOOST_TEST(one.size() == request_body.size());
    BOOST_TEST(decrypt_api_body(sample_key, about, one).value().reveal() == request_plain);
}

BOOST_AUTO_TEST_CASE(what_we_sign_is_good_for_our_public_key_alone) {
    const rsa_key_pair ours;
    const rsa_key_pair others;
    const rsa_pss_signer signer{ours.private_pem()};
    const std::string signature = signer.sign("text");
    BOOST_TEST(signature.size() == 256u);
    BOOST_TEST(rsa_pss_verifier{ours.public_pem()}.verify("text", signature));
    BOOST_TEST(!rsa_pss_verifier{ours.public_pem()}.verify("texts", signature));
    BOOST_TEST(!rsa_pss_verifier{others.public_pem()}.verify("text", signature));
    BOOST_TEST(signature != signer.sign("text")); // the salt
}

BOOST_AUTO_TEST_CASE(what_is_not_an_rsa_key_is_refused) {
    BOOST_CHECK_THROW(rsa_pss_signer{secret{std::string_view{"x"}}}, std::invalid_argument);
    BOOST_CHECK_THROW(rsa_pss_signer{secret{signer_pem}}, std::invalid_argument);
    BOOST_CHECK_THROW(rsa_pss_verifier{"x"}, std::invalid_argument);
    BOOST_CHECK_THROW(rsa_pss_verifier{""}, std::invalid_argument);
    BOOST_CHECK_THROW(rsa_pss_verifier{rsa_key_pair{}.private_pem().reveal()}, std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
