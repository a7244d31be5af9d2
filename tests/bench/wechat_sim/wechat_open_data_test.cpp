#include "bench/wechat-sim/world/open_data.hpp"
#include "core/base/encoding.hpp"
#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

using namespace wxlogind;
using namespace wxlogind::wechat_sim;
using namespace wxlogind::test;

namespace {

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// "" when it does not open.
std::string open(std::string_view sealed, std::string_view key, std::string_view iv) {
    const std::string cipher_text = base64_decode(sealed).value();
    const std::string key_bytes = base64_decode(key).value();
    const std::string iv_bytes = base64_decode(iv).value();
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher{
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    std::string plain(cipher_text.size() + 16, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(plain.data());
    int filled = 0;
    int rest = 0;
    EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, bytes_of(key_bytes), bytes_of(iv_bytes));
    EVP_DecryptUpdate(
        cipher.get(), out, &filled, bytes_of(cipher_text), static_cast<int>(cipher_text.size()));
    if (EVP_DecryptFinal_ex(cipher.get(), out + filled, &rest) != 1) return "";
    plain.resize(static_cast<std::size_t>(filled) + static_cast<std::size_t>(rest));
    return plain;
}

struct open_data : running_simulator {
    std::string key;
    std::string openid;

    open_data() { log_in(); }
    void log_in() {
        tls_client client{listen, authority};
        const auto login = boost::json::parse(client.get(target_of(mint())).body);
        key = login.at("session_key").as_string();
        openid = login.at("openid").as_string();
    }
    // With these members besides appid and user.
    [[nodiscard]] boost::json::object make(const std::string& members) const {
        const http_reply reply =
            http_post(control, "/open_data", R"({"appid":"wx-bound","user":"alice",)" + members + "}");
        BOOST_TEST_REQUIRE(reply.status == 201u, reply.body);
        return boost::json::parse(reply.body).as_object();
    }
    [[nodiscard]] std::string opened(const boost::json::object& made) const {
        return open(made.at("encryptedData").as_string(), key, made.at("iv").as_string());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_open_data, open_data)

BOOST_AUTO_TEST_CASE(the_official_sample_is_sealed_to_the_byte) {
    const std::string payload =
        R"({"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickName":"Band","gender":1,"language":"zh_CN",)"
        R"("city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/)"
        R"(aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0",)"
        R"("unionId":"ocMvos6NjeKLIBqg5Mr9QjxrP1FA","watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}})";
    profile band{"Band"};
    band.avatar_url =
        "http://wx.qlogo.cn/mmopen/vi_32/"
        "aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0";
    band.gender = 1;
    band.language = "zh_CN";
    band.city = "Guangzhou";
    band.province = "Guangdong";
    band.country = "CN";
    const open_identity identity{"oGZUI0egBJY1zhBYw2KhdUfwVJJE", "ocMvos6NjeKLIBqg5Mr9QjxrP1FA"};
    const watermark mark{"wx4f4bc4dec97d474b", unix_seconds{std::chrono::seconds{1477314187}}};
    BOOST_TEST(user_info_payload(band, identity, mark) == payload);
    const sealed_data sealed =
        seal(payload, "tiihtNczf5v6AKRyjwEUhQ==", base64_decode("r7BXXKkLb8qrSNn05n0qiA==").value());
    BOOST_TEST(sealed.iv == "r7BXXKkLb8qrSNn05n0qiA==");
    BOOST_TEST(
        sealed.encrypted_data ==
        "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+"
        "3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6"
        "/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs"
        "8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns"
        "/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG"
        "20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==");
}

BOOST_AUTO_TEST_CASE(the_official_raw_data_gets_its_official_signature) {
    const std::string raw =
        R"({"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong",)"
        R"("country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol65)"
        R"(03Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"})";
    BOOST_TEST(sign_raw_data(raw, "HyVFkGl5F5OQWJZZaNzBBg==") == "75e81ceda165f4ffa64f4068af58c64b8f54b88c");
}

BOOST_AUTO_TEST_CASE(user_info_of_today_is_anonymous_but_for_the_ids) {
    const auto made = make(R"("kind":"userinfo")");
    const auto payload = boost::json::parse(opened(made));
    BOOST_TEST(opened(made) == made.at("payload").as_string());
    BOOST_TEST(payload.at("openId").as_string() == openid);
    BOOST_TEST(payload.at("unionId").as_string().size() == 28u);
    BOOST_TEST(payload.at("nickName").as_string() == "微信用户");
    BOOST_TEST(payload.at("gender").to_number<int>() == 0);
    BOOST_TEST(payload.at("country").as_string() == "");
    BOOST_TEST(payload.at("watermark").at("appid").as_string() == "wx-bound");
    const std::string raw{made.at("rawData").as_string()};
    BOOST_TEST(
        raw.starts_with(R"({"nickName":"微信用户","gender":0,"language":"","city":"","province":"",)"));
    BOOST_TEST(made.at("signature").as_string() == sign_raw_data(raw, key));
}

BOOST_AUTO_TEST_CASE(a_user_with_a_profile_shows_it_unless_the_order_says_otherwise) {
    BOOST_TEST(
        order("/users", R"({"user":"alice","nickname":"艾丽丝\"","gender":2,"city":"Shenzhen"})") == 204u);
    const auto named = boost::json::parse(opened(make(R"("kind":"profile")")));
    BOOST_TEST(named.at("nickName").as_string() == "艾丽丝\"");
    BOOST_TEST(named.at("gender").to_number<int>() == 2);
    BOOST_TEST(!named.as_object().contains("openId"));
    BOOST_TEST(!named.as_object().contains("unionId"));
    const auto hidden = boost::json::parse(opened(make(R"("kind":"userinfo","anonymous":true)")));
    BOOST_TEST(hidden.at("nickName").as_string() == "微信用户");
}

BOOST_AUTO_TEST_CASE(a_phone_number_comes_with_a_watermark) {
    BOOST_TEST(order("/users", R"({"user":"alice","phone":"13900000000"})") == 204u);
    const auto made = make(R"("kind":"phone","watermark_appid":"wx-other","watermark_age_s":60)");
    const auto payload = boost::json::parse(opened(made));
    BOOST_TEST(payload.at("purePhoneNumber").as_string() == "13900000000");
    BOOST_TEST(payload.at("watermark").at("appid").as_string() == "wx-other");
    BOOST_TEST(!made.contains("rawData"));
}

BOOST_AUTO_TEST_CASE(groups_and_steps_come_without_a_watermark_unless_ordered) {
    BOOST_TEST(opened(make(R"("kind":"share","group_id":"tG1")")) == R"({"openGId":"tG1"})");
    BOOST_TEST(opened(make(R"("kind":"group","group_id":"tG1")")) == R"({"opengid":"tG1","chat_type":3})");
    const auto steps = boost::json::parse(opened(make(R"("kind":"werun")")));
    BOOST_TEST(steps.at("stepInfoList").as_array().size() == 31u);
    BOOST_TEST(!steps.as_object().contains("watermark"));
    const auto marked = boost::json::parse(opened(make(R"("kind":"werun","watermark":true)")));
    BOOST_TEST(marked.at("watermark").at("appid").as_string() == "wx-bound");
    const auto bare = boost::json::parse(opened(make(R"("kind":"userinfo","watermark":false)")));
    BOOST_TEST(!bare.as_object().contains("watermark"));
}

BOOST_AUTO_TEST_CASE(any_payload_is_sealed_on_order) {
    BOOST_TEST(opened(make(R"("payload":"not even JSON")")) == "not even JSON");
}

BOOST_AUTO_TEST_CASE(data_is_sealed_with_the_previous_key_on_order) {
    BOOST_TEST(order("/open_data", R"({"appid":"wx-bound","user":"alice","key":"previous"})") == 409u);
    BOOST_TEST(order("/sessions", R"({"appid":"wx-bound","user":"alice","do":"rotate"})") == 204u);
    const auto made = make(R"("key":"previous")");
    BOOST_TEST(opened(made) == made.at("payload").as_string());
    // The current one is not known to whoever does not log in again.
    const auto later = make(R"("key":"current")");
    BOOST_TEST(opened(later) != later.at("payload").as_string());
}

BOOST_AUTO_TEST_CASE(bad_orders_are_refused) {
    BOOST_TEST(order("/open_data", R"({"appid":"wx-bound","user":"nobody"})") == 404u);
    BOOST_TEST(order("/open_data", R"({"appid":"nobody","user":"alice"})") == 404u);
    BOOST_TEST(order("/open_data", R"({"appid":"wx-bound","user":"alice","kind":"green"})") == 400u);
    BOOST_TEST(order("/open_data", R"({"appid":"wx-bound","user":"alice","key":"green"})") == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
