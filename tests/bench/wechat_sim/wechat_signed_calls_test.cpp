// The API signature: what the simulator asks for, and what it gives.
#include "bench/wechat-sim/world/errcodes.hpp"
#include "core/base/encoding.hpp"
#include "core/wechat/api_protection.hpp"
#include "tests/bench/wechat_sim/running_simulator.hpp"
#include "tests/support/rsa_keys.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using wechat::api_protection;
namespace errcode = wechat_sim::errcode;

namespace {

constexpr std::string_view path{"/wxa/business/getuserphonenumber"};

const rsa_key_pair& ours() {
    static const rsa_key_pair made;
    return made;
}

struct signed_calls : running_simulator {
    signed_calls() {
        const boost::json::object shown = switch_on();
        keys.certificate = text_of(shown, "certificate");
        keys.certificate_number = text_of(shown, "certificate_number");
    }

    [[nodiscard]] boost::json::object switch_on(bool is_required = true) const {
        const boost::json::object wish{
            {"appid", "wx-bound"},
            {"symmetric_key", base64_encode(std::string(32, 'k'))},
            {"symmetric_key_number", "k1"},
            {"public_key", ours().public_pem()},
            {"required", is_required}};
        return boost::json::parse(http_post(control, "/api_security", boost::json::serialize(wish)).body)
            .as_object();
    }
    [[nodiscard]] static std::string text_of(const boost::json::object& from, std::string_view name) {
        return std::string{from.at(name).as_string()};
    }
    [[nodiscard]] static api_key_settings our_keys() {
        api_key_settings made;
        made.key_file = "key";
        made.key = secret{base64_encode(std::string(32, 'k'))};
        made.key_number = "k1";
        made.private_key = ours().private_pem();
        return made;
    }
    [[nodiscard]] static unix_seconds now() {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] wechat::api_call call(std::string_view user = "alice") const {
        const std::string code =
            http_get(control, "/codes?kind=phone&appid=wx-bound&user=" + std::string{user}).body;
        wechat::api_call made;
        made.path = path;
        made.kind = wechat::wechat_call::phone_number;
        made.body = secret{"{\"code\":\"" + code + "\"}"};
        return made;
    }
    [[nodiscard]] tls_reply send(std::string_view fields, std::string_view body, std::string_view to = path) {
        std::string text{"POST "};
        text.append(to).append("?access_token=").append(token).append(" HTTP/1.1\r\nHost: a\r\n");
        text.append(fields).append("Content-Length: ").append(std::to_string(body.size()));
        text.append("\r\n\r\n").append(body);
        client.send(text);
        return client.receive();
    }
    [[nodiscard]] result<secret> opened(const tls_reply& reply, const api_protection& by) const {
        std::vector<net::response_field> fields;
        for (const std::string_view name : api_protection::wanted_fields)
            if (std::string value = reply.field(name); !value.empty())
                fields.push_back({std::string{name}, std::move(value)});
        wechat::api_call about;
        about.path = path;
        about.kind = wechat::wechat_call::phone_number;
        return by.open(about, fields, reply.body, now());
    }
    [[nodiscard]] tls_reply exchange(const api_protection& by) {
        const auto made = by.protect(call(), now());
        return send(made.fields, made.body);
    }
    // Why wxlogind's side does not believe the answer.
    [[nodiscard]] std::string why_not() {
        const api_protection by{"wx-bound", keys};
        const auto got = opened(exchange(by), by);
        return got ? "" : got.error().detail;
    }

    tls_client client{listen, authority};
    std::string token{access_token()};
    api_key_settings keys{our_keys()};
};

std::string without_field(std::string fields, std::string_view name) {
    const std::size_t start = fields.find(name);
    return fields.erase(start, fields.find("\r\n", start) + 2 - start);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_signed_calls, signed_calls)

BOOST_AUTO_TEST_CASE(a_signed_call_is_answered_signed_and_encrypted) {
    const api_protection by{"wx-bound", keys};
    const tls_reply reply = exchange(by);
    BOOST_TEST(reply.body.find("phone_info") == std::string::npos);
    const auto got = opened(reply, by);
    BOOST_TEST_REQUIRE(got.has_value(), got.error().detail);
    BOOST_TEST(got->reveal().find("phone_info") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_encrypted_refusal_of_the_call_itself_is_signed_as_well) {
    const api_protection by{"wx-bound", keys};
    wechat::api_call wrong = call();
    wrong.body = secret{std::string_view{R"({"code":"wrong"})"}};
    const auto made = by.protect(wrong, now());
    const tls_reply reply = send(made.fields, made.body);
    BOOST_TEST(reply.field("Wechatmp-Appid") == "wx-bound");
    const auto got = opened(reply, by);
    BOOST_TEST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().wechat_errcode == 40029);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_not_proved_is_refused_and_its_code_stays_good) {
    const api_protection by{"wx-bound", keys};
    const wechat::api_call asked = call();
    const auto made = by.protect(asked, now());
    const auto refusal = [this](std::string_view fields, std::string_view body) {
        const tls_reply reply = send(fields, body);
        BOOST_TEST(reply.field("Wechatmp-Signature") == "");
        return errcode_of(reply);
    };
    BOOST_TEST(refusal("", asked.body.reveal()) == errcode::signed_appid_missing);
    for (const auto& [name, number] :
         {std::pair{"Wechatmp-Appid", errcode::signed_appid_missing},
          {"Wechatmp-TimeStamp", errcode::timestamp_missing},
          {"Wechatmp-Signature", errcode::signature_missing}})
        BOOST_TEST(refusal(without_field(made.fields, name), made.body) == number);
    BOOST_TEST(refusal(made.fields, made.body + " ") == errcode::wrong_signature);
    const auto old = by.protect(asked, now() - std::chrono::seconds{310});
    BOOST_TEST(refusal(old.fields, old.body) == errcode::timestamp_expired);
    const api_protection another_app{"wx-alone", keys};
    const auto foreign = another_app.protect(asked, now());
    BOOST_TEST(refusal(foreign.fields, foreign.body) == errcode::appid_of_another_token);
    api_key_settings others = keys;
    others.key = secret{base64_encode(std::string(32, 'x'))};
    const auto undecipherable = api_protection{"wx-bound", others}.protect(asked, now());
    BOOST_TEST(refusal(undecipherable.fields, undecipherable.body) == errcode::wrong_encryption);
    others = keys;
    others.private_key = rsa_key_pair{}.private_pem();
    const auto forged = api_protection{"wx-bound", others}.protect(asked, now());
    BOOST_TEST(refusal(forged.fields, forged.body) == errcode::wrong_signature);

    BOOST_TEST(opened(send(made.fields, made.body), by).has_value());
}

BOOST_AUTO_TEST_CASE(calls_that_wechat_does_not_sign_go_plain_and_so_do_other_apps) {
    const tls_reply reply = client.get("/cgi-bin/get_api_domain_ip?access_token=" + token);
    BOOST_TEST(errcode_of(reply) == 0);
    BOOST_TEST(reply.field("Wechatmp-Appid") == "");
    BOOST_TEST(order("/api_security", R"({"appid":"wx-bound","do":"off"})") == 204u);
    BOOST_TEST(errcode_of(send("", call().body.reveal())) == 0);
    const api_protection by{"wx-bound", keys};
    BOOST_TEST(errcode_of(exchange(by)) == errcode::no_public_key);
}

BOOST_AUTO_TEST_CASE(where_it_is_not_required_plain_calls_are_taken_as_well) {
    boost::ignore_unused(switch_on(false));
    const tls_reply reply = send("", call().body.reveal());
    BOOST_TEST(errcode_of(reply) == 0);
    BOOST_TEST(reply.field("Wechatmp-Signature") == "");
}

BOOST_AUTO_TEST_CASE(a_fault_makes_an_answer_that_is_not_to_be_believed) {
    BOOST_TEST(why_not() == "");
    const std::pair<const char*, const char*> kinds[] = {
        {"bad_signature", "the signature of WeChat's answer is wrong"},
        {"other_certificate", "WeChat's answer is signed with a certificate that is not configured"},
        {"old_answer", "WeChat's answer is more than 300 s off this server's time"},
        {"other_appid", "WeChat's answer is to another app"},
        {"unsigned_answer", "WeChat's answer is not signed"},
        {"undecipherable", "WeChat's answer cannot be decrypted"}};
    for (const auto& [kind, why] : kinds) {
        const std::string fault = R"({"count":1,"kind":")" + std::string{kind} + "\"}";
        BOOST_TEST_REQUIRE(order("/faults", fault) == 201u);
        BOOST_TEST(why_not() == why);
    }
    BOOST_TEST(why_not() == "");
}

BOOST_AUTO_TEST_CASE(an_answer_can_be_repeated) {
    const api_protection by{"wx-bound", keys};
    const tls_reply first = exchange(by);
    BOOST_TEST_REQUIRE(order("/faults", R"({"count":1,"kind":"repeated_answer"})") == 201u);
    BOOST_TEST(exchange(by).body == first.body);
}

BOOST_AUTO_TEST_CASE(while_the_certificate_changes_both_sign_and_then_the_new_one_alone) {
    const auto next =
        boost::json::parse(http_post(control, "/api_security", R"({"appid":"wx-bound","do":"rotate"})").body)
            .as_object();
    BOOST_TEST(text_of(next, "certificate_number") != keys.certificate_number);
    BOOST_TEST(why_not() == "");
    api_key_settings before = keys;
    keys.certificate = text_of(next, "certificate");
    keys.certificate_number = text_of(next, "certificate_number");
    BOOST_TEST(why_not() == "");
    BOOST_TEST(order("/api_security", R"({"appid":"wx-bound","do":"finish"})") == 204u);
    BOOST_TEST(why_not() == "");
    std::swap(keys, before);
    BOOST_TEST(why_not() == "WeChat's answer is signed with a certificate that is not configured");
}

BOOST_AUTO_TEST_CASE(orders_that_make_no_sense_are_refused) {
    for (const char* const bad :
         {"{}", R"({"appid":"wx-none","do":"off"})", R"({"appid":"wx-alone","do":"rotate"})",
          R"({"appid":"wx-bound","do":"dance"})",
          R"({"appid":"wx-bound","symmetric_key":"c2hvcnQ=","symmetric_key_number":"k","public_key":"x"})",
          R"({"appid":"wx-bound","symmetric_key_number":"k","public_key":"x"})"})
        BOOST_TEST(order("/api_security", bad) / 100 == 4u);
    const std::string key = base64_encode(std::string(32, 'k'));
    BOOST_TEST(
        order(
            "/api_security", R"({"appid":"wx-bound","symmetric_key":")" + key +
                                 R"(","symmetric_key_number":"k","public_key":"x"})") == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
