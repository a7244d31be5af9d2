#include "handlers/forms/profile_form.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

result<storage::profile_change>
change_in(std::string_view body, std::string_view content_type = "application/json") {
    net::request incoming;
    incoming.verb = net::method::patch;
    incoming.content_type = content_type;
    incoming.body = body;
    return parse_profile_change(incoming);
}

// "code_name: detail" of the failure, or "ok".
std::string outcome_of(std::string_view body, std::string_view content_type = "application/json") {
    const auto change = change_in(body, content_type);
    if (change) return "ok";
    return std::string{to_string(change.error().code)} + ": " + change.error().detail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(profile_form)

BOOST_AUTO_TEST_CASE(a_change_holds_what_was_named_and_nothing_else) {
    const auto change = change_in(R"({"nickName":"👩‍🚀 C","gender":2,"id":"not ours to change"})");
    BOOST_TEST_REQUIRE(change.has_value());
    BOOST_TEST(change->nick_name.value() == "👩‍🚀 C");
    BOOST_TEST(change->gender.value() == 2);
    BOOST_TEST(!change->avatar_url.has_value());
    BOOST_TEST(!change->country.has_value());
    BOOST_TEST(!change->province.has_value());
    BOOST_TEST(!change->city.has_value());
    BOOST_TEST(!change->language.has_value());
}

BOOST_AUTO_TEST_CASE(null_and_the_empty_text_clear_a_field) {
    for (const std::string_view blank : {"null", R"("")"}) {
        std::string body{R"({"city":)"};
        body += blank;
        body += R"(,"gender":)";
        body += blank;
        body += '}';
        const auto change = change_in(body);
        BOOST_TEST_REQUIRE(change.has_value());
        BOOST_TEST(change->city.value() == "");
        BOOST_TEST(change->gender.value() == 0);
        BOOST_TEST(!change->nick_name.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_blank_field_says_nothing_at_a_login) {
    json_document body{"body"};
    const auto members = body.read(R"({"city":null,"country":"","gender":null,"language":"zh_CN"})");
    BOOST_TEST_REQUIRE(members.has_value());
    const auto profile = read_profile(*members);
    BOOST_TEST_REQUIRE(profile.has_value());
    BOOST_TEST(!profile->city.has_value());
    BOOST_TEST(!profile->country.has_value());
    BOOST_TEST(!profile->gender.has_value());
    BOOST_TEST(profile->language.value() == "zh_CN");
}

BOOST_AUTO_TEST_CASE(a_merge_patch_is_taken_and_forms_are_not) {
    BOOST_TEST(outcome_of(R"({"city":"x"})", "application/merge-patch+json") == "ok");
    for (const std::string_view type : {"", "text/plain", "application/x-www-form-urlencoded"})
        BOOST_TEST(
            outcome_of(R"({"city":"x"})", type) ==
            "unsupported_media_type: Content-Type: send application/json");
}

BOOST_AUTO_TEST_CASE(a_bad_change_is_refused_naming_the_field) {
    const std::pair<std::string, std::string_view> bad[] = {
        {"", "body: not JSON"},
        {"[]", "body: not an object"},
        {"{}", "body: names no field of the profile"},
        {R"({"nickname":"a"})", "body: names no field of the profile"},
        {R"({"city":1})", "body: member \"city\" is not a string"},
        {R"({"city":"a","city":"b"})", "body: duplicate member \"city\""},
        {R"({"city":"a\nb"})", "city: control characters"},
        {R"({"gender":3})", "gender: neither 0 (unknown), 1 (male) nor 2 (female)"},
        {R"({"gender":-1})", "gender: neither 0 (unknown), 1 (male) nor 2 (female)"},
        {R"({"gender":1.0})", "body: member \"gender\" is not a string"},
        {R"({"nickName":")" + std::string(65, 'a') + R"("})", "nickName: over 64 characters"},
        {R"({"language":")" + std::string(17, 'a') + R"("})", "language: over 16 characters"},
        {R"({"avatarUrl":")" + std::string(1025, 'a') + R"("})", "avatarUrl: over 1024 characters"},
    };
    for (const auto& [body, detail] : bad) {
        const auto change = change_in(body);
        BOOST_TEST_CONTEXT(body) {
            BOOST_TEST_REQUIRE(!change.has_value());
            BOOST_TEST((change.error().code == errc::invalid_request));
            BOOST_TEST(change.error().detail == detail);
        }
    }
    BOOST_TEST(outcome_of(R"({"nickName":")" + std::string(64, 'a') + R"("})") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
