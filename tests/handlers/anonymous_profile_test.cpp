#include "handlers/anonymous_profile.hpp"

#include "handlers/forms/profile_form.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

constexpr std::string_view grey{
    "https://thirdwx.qlogo.cn/mmopen/vi_32/"
    "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132"};
constexpr std::string_view real{"https://thirdwx.qlogo.cn/mmopen/vi_32/Q0j4TwGTfTIAbc/132"};

storage::profile_change change_by(std::string_view body) {
    net::request incoming;
    incoming.verb = net::method::patch;
    incoming.content_type = "application/json";
    incoming.body = body;
    return parse_profile_change(incoming).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(anonymous_profile)

BOOST_AUTO_TEST_CASE(what_wechat_says_of_everybody_says_nothing) {
    std::string body{
        R"({"nickName":"微信用户","gender":0,"language":"","city":"","province":"","country":"",)"};
    body += R"("avatarUrl":")";
    body += grey;
    body += R"("})";
    BOOST_TEST(change_by(body).empty());

    json_document document{"body"};
    const auto members = document.read(body);
    BOOST_TEST(read_profile(members.value())->empty());
    std::string query{"nickName=%E5%BE%AE%E4%BF%A1%E7%94%A8%E6%88%B7&gender=0&avatarUrl="};
    query += grey;
    BOOST_TEST(read_profile(query_fields::parse(query).value())->empty());
}

BOOST_AUTO_TEST_CASE(the_grey_picture_is_known_in_every_size_and_from_every_host) {
    BOOST_TEST(is_anonymous_avatar(grey));
    BOOST_TEST(is_anonymous_avatar(
        "http://wx.qlogo.cn/mmopen/vi_32/"
        "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/0"));
    BOOST_TEST(is_anonymous_avatar(
        "https://mmbiz.qpic.cn/mmbiz/"
        "icTdbqWNOwNRna42FI242Lcia07jQodd2FJGIYQfG0LAJGFxM4FbnQP6yfMxBgJ0F3YRqJCJ1aPAK2dQagdusBZg/0"));
    BOOST_TEST(!is_anonymous_avatar(real));
    BOOST_TEST(!is_anonymous_avatar(""));
}

BOOST_AUTO_TEST_CASE(each_part_counts_by_itself) {
    const auto named = change_by(R"({"nickName":"Alice","avatarUrl":")" + std::string{grey} + R"("})");
    BOOST_TEST(named.nick_name.value() == "Alice");
    BOOST_TEST(!named.avatar_url.has_value());
    const auto pictured = change_by(R"({"nickName":"微信用户","avatarUrl":")" + std::string{real} + R"("})");
    BOOST_TEST(!pictured.nick_name.has_value());
    BOOST_TEST(pictured.avatar_url.value() == real);
}

BOOST_AUTO_TEST_CASE(what_a_user_says_beside_it_counts) {
    const auto change = change_by(R"({"nickName":" 微信用户 ","gender":2,"city":"Shenzhen"})");
    BOOST_TEST(!change.nick_name.has_value());
    BOOST_TEST(change.gender.value() == 2);
    BOOST_TEST(change.city.value() == "Shenzhen");
}

BOOST_AUTO_TEST_CASE(to_clear_a_field_is_no_anonymous_profile) {
    const auto change = change_by(R"({"nickName":"","avatarUrl":null,"gender":0})");
    BOOST_TEST(change.nick_name.value() == "");
    BOOST_TEST(change.avatar_url.value() == "");
    BOOST_TEST(change.gender.value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
