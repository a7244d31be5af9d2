#include "core/wechat/open_data.hpp"

#include "bench/wechat-sim/world/open_data.hpp"
#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace wxlogind;
using namespace wxlogind::wechat;

namespace {

const std::string session_key{"tiihtNczf5v6AKRyjwEUhQ=="};
const std::string appid{"wx4f4bc4dec97d474b"};
const unix_seconds noon{std::chrono::seconds{1'790'000'000}};

encrypted_text encrypt(std::string_view payload, std::string_view key = session_key) {
    const auto sealed = wechat_sim::seal(payload, key, "sixteen bytes!!!");
    const auto read = read_encrypted_text(sealed.encrypted_data, sealed.iv);
    BOOST_TEST_REQUIRE(read.has_value());
    return *read;
}

std::string payload_of(std::int64_t timestamp, std::string_view of = appid) {
    return R"({"openId":"o1","watermark":{"timestamp":)" + std::to_string(timestamp) + R"(,"appid":")" +
           std::string{of} + R"("}})";
}

watermark_rule strict() {
    watermark_rule rule;
    rule.appid = appid;
    rule.now = noon;
    rule.longest_age = std::chrono::seconds{600};
    return rule;
}

std::string opened(std::string_view payload, const watermark_rule& rule = strict()) {
    const auto plain = decrypt(encrypt(payload), session_key, rule);
    return plain ? std::string{plain->reveal()} : "";
}

// The same refusal whatever is wrong.
void expect_stale(const result<secret>& refused) {
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::session_key_stale));
    BOOST_TEST(refused.error().detail == "not readable with a session_key of this user");
}

std::string detail_of(const auto& refused) {
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::invalid_request));
    return refused.error().detail;
}

// WeChat's published sample.
constexpr std::string_view sample_data{
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+"
    "3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6"
    "/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs"
    "8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns"
    "/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG"
    "20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew=="};
constexpr std::string_view sample_iv{"r7BXXKkLb8qrSNn05n0qiA=="};
const unix_seconds sample_time{std::chrono::seconds{1'477'314'187}};

} // namespace

BOOST_AUTO_TEST_SUITE(open_data)

BOOST_AUTO_TEST_CASE(wechats_sample_of_encrypted_data_comes_out) {
    const auto read = read_encrypted_text(sample_data, sample_iv);
    BOOST_TEST_REQUIRE(read.has_value());
    watermark_rule rule = strict();
    rule.now = sample_time;
    rule.openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
    const auto plain = decrypt(*read, session_key, rule);
    BOOST_TEST_REQUIRE(plain.has_value());
    BOOST_TEST(plain->reveal().size() == 393u);
    BOOST_TEST(plain->reveal().starts_with(R"({"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickName":"Band")"));
    BOOST_TEST(plain->reveal().ends_with(R"("appid":"wx4f4bc4dec97d474b"}})"));
}

BOOST_AUTO_TEST_CASE(wechats_sample_of_a_signature_comes_out) {
    const auto read = read_signed_text(
        R"({"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"})",
        "75e81ceda165f4ffa64f4068af58c64b8f54b88c");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(is_signed_with(*read, "HyVFkGl5F5OQWJZZaNzBBg=="));
    BOOST_TEST(!is_signed_with(*read, "HyVFkGl5F5OQWJZZaNzBBw=="));
    BOOST_TEST(!is_signed_with(*read, ""));
}

BOOST_AUTO_TEST_CASE(a_signature_is_of_the_text_as_it_came) {
    const std::string raw{R"({"nickName":"A"})"};
    const std::string signature = wechat_sim::sign_raw_data(raw, session_key);
    BOOST_TEST(is_signed_with(*read_signed_text(raw, signature), session_key));
    BOOST_TEST(!is_signed_with(*read_signed_text(raw + " ", signature), session_key));
    std::string upper = signature;
    std::ranges::transform(
        upper, upper.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    BOOST_TEST(is_signed_with(*read_signed_text(raw, upper), session_key));
}

BOOST_AUTO_TEST_CASE(signatures_that_are_none_are_named) {
    const std::string forty(40, 'a');
    BOOST_TEST(detail_of(read_signed_text("", forty)) == "rawData: empty");
    for (const std::string& bad : {std::string{}, forty.substr(1), forty + "aa", std::string(40, 'g')})
        BOOST_TEST(detail_of(read_signed_text("{}", bad)) == "signature: not 40 hexadecimal digits");
}

BOOST_AUTO_TEST_CASE(a_plus_that_became_a_space_is_a_plus_again) {
    std::string damaged{sample_data};
    BOOST_TEST_REQUIRE(std::ranges::count(damaged, '+') > 3);
    std::ranges::replace(damaged, '+', ' ');
    const auto read = read_encrypted_text(damaged, sample_iv);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->bytes == read_encrypted_text(sample_data, sample_iv)->bytes);
    // "+w==" and " w==" alike.
    const std::string iv = base64_encode(std::string(16, '\xfb'));
    std::string damaged_iv = iv;
    std::ranges::replace(damaged_iv, '+', ' ');
    BOOST_TEST(damaged_iv != iv);
    BOOST_TEST(read_encrypted_text(sample_data, damaged_iv)->iv == std::string(16, '\xfb'));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_encrypted_data_is_named) {
    for (const std::string_view bad : {"", "=", "AAA", "AAAA*AAA", "AA\nAA", "%2B"})
        BOOST_TEST(detail_of(read_encrypted_text(bad, sample_iv)) == "encryptedData: not base64");
    BOOST_TEST(
        detail_of(read_encrypted_text("AAAA", sample_iv)) == "encryptedData: not made of whole blocks");
    for (const std::string_view bad : {"", "AAAA", "r7BXXKkLb8qrSNn05n0qiA", "r7BXXKkLb8qrSNn05n0qiAAAAA=="})
        BOOST_TEST(detail_of(read_encrypted_text(sample_data, bad)) == "iv: not 16 bytes in base64");
}

BOOST_AUTO_TEST_CASE(a_watermark_has_to_name_the_app) {
    BOOST_TEST(opened(payload_of(1'790'000'000)) == payload_of(1'790'000'000));
    expect_stale(decrypt(encrypt(payload_of(1'790'000'000, "wx-another")), session_key, strict()));
    for (const std::string_view bad :
         {R"({"watermark":{"timestamp":1790000000}})", R"({"watermark":{"appid":"wx4f4bc4dec97d474b"}})",
          R"({"watermark":{"timestamp":"1790000000","appid":"wx4f4bc4dec97d474b"}})", R"({"watermark":[]})",
          R"({"watermark":{"timestamp":1790000000,"appid":1}})", R"({"watermark":"wx4f4bc4dec97d474b"})"})
        expect_stale(decrypt(encrypt(bad), session_key, strict()));
}

BOOST_AUTO_TEST_CASE(a_watermark_may_be_neither_older_than_is_allowed_nor_ahead_of_its_time) {
    BOOST_TEST(opened(payload_of(1'790'000'000 - 600)) != "");
    BOOST_TEST(opened(payload_of(1'790'000'000 - 601)) == "");
    BOOST_TEST(opened(payload_of(1'790'000'000 + 300)) != "");
    BOOST_TEST(opened(payload_of(1'790'000'000 + 301)) == "");
    BOOST_TEST(opened(payload_of(INT64_MAX)) == "");
    BOOST_TEST(opened(payload_of(INT64_MIN)) == "");
    watermark_rule any_age = strict();
    any_age.longest_age = {};
    BOOST_TEST(opened(payload_of(1), any_age) != "");
}

BOOST_AUTO_TEST_CASE(payloads_without_a_watermark_are_served_only_where_none_is_required) {
    const std::string share{R"({"openGId":"g1"})"};
    expect_stale(decrypt(encrypt(share), session_key, strict()));
    watermark_rule lax = strict();
    lax.is_required = false;
    BOOST_TEST(opened(share, lax) == share);
    // One that is there counts all the same.
    BOOST_TEST(opened(payload_of(1'790'000'000, "wx-another"), lax) == "");
    BOOST_TEST(opened(payload_of(1), lax) == "");
}

BOOST_AUTO_TEST_CASE(data_of_another_user_is_refused) {
    watermark_rule rule = strict();
    rule.openid = "o1";
    BOOST_TEST(opened(payload_of(1'790'000'000), rule) != "");
    rule.openid = "o2";
    expect_stale(decrypt(encrypt(payload_of(1'790'000'000)), session_key, rule));
}

BOOST_AUTO_TEST_CASE(another_key_and_every_changed_byte_are_refused_alike) {
    const auto read = encrypt(payload_of(1'790'000'000));
    expect_stale(decrypt(read, "AAAAAAAAAAAAAAAAAAAAAA==", strict()));
    expect_stale(decrypt(read, "not base64", strict()));
    expect_stale(decrypt(read, "", strict()));
    for (std::size_t i = 0; i < read.bytes.size(); ++i)
        for (const int bit : {0x01, 0x80}) {
            encrypted_text changed = read;
            changed.bytes[i] = static_cast<char>(changed.bytes[i] ^ bit);
            expect_stale(decrypt(changed, session_key, strict()));
        }
}

BOOST_AUTO_TEST_CASE(whole_blocks_that_end_early_are_refused_alike) {
    encrypted_text cut = encrypt(payload_of(1'790'000'000));
    while (cut.bytes.size() > 16) {
        cut.bytes.resize(cut.bytes.size() - 16);
        expect_stale(decrypt(cut, session_key, strict()));
    }
}

BOOST_AUTO_TEST_CASE(a_whole_object_without_padding_is_refused_alike) {
    std::string payload = payload_of(1'790'000'000);
    payload.resize((payload.size() / 16 + 1) * 16, ' ');
    encrypted_text cut = encrypt(payload);
    BOOST_TEST(opened(payload) == payload);
    cut.bytes.resize(payload.size());
    expect_stale(decrypt(cut, session_key, strict()));
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused_alike) {
    watermark_rule lax = strict();
    lax.is_required = false;
    for (const std::string_view bad :
         {"", "text", "[]", "1", R"({"a":1)", R"({"a":1,"a":2})", R"({"openId":1})", "{\"a\":\"\xff\"}",
          R"({} {})"})
        expect_stale(decrypt(encrypt(bad), session_key, lax));
}

// With a wrong key the last byte is a right padding by chance, once in 256 times.
BOOST_AUTO_TEST_CASE(wrong_keys_that_leave_a_right_padding_are_refused_too) {
    watermark_rule lax = strict();
    lax.is_required = false;
    const auto read = encrypt(payload_of(1'790'000'000));
    for (int i = 0; i < 2000; ++i) {
        std::string key(16, '\0');
        key[0] = static_cast<char>(i);
        key[1] = static_cast<char>(i >> 8);
        expect_stale(decrypt(read, base64_encode(key), lax));
    }
}

BOOST_AUTO_TEST_SUITE_END()
