// Phone numbers of users who turn out to be one person, and of those who do not.
#include "tests/support/merging_deployment.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

constexpr std::string_view of_bob{"+8613900000001"};
constexpr std::string_view of_carol{"+8613900000002"};

// Bob, who was there first, and Carol.
struct two_people : merging_deployment {
    json::object bob;
    json::object carol;

    two_people() {
        make_user(*this, R"({"user":"bob","phone":"13900000001"})");
        make_user(*this, R"({"user":"carol","phone":"13900000002"})");
        bob = log_in_without_unionid("bob");
        carol = log_in_to(second_appid, "carol");
    }
    void bind(const json::object& login, std::string_view user, std::string_view appid) const {
        const std::string body = R"({"code":")" + phone_code_of(*this, user, appid) + "\"}";
        BOOST_TEST_REQUIRE(bind_phone(login, body).status == 200u);
    }
    std::string number_of(const json::object& login, std::string_view more = {}) const {
        const auto shown = json_of(ask("GET", "/users/" + text_of(login, "id") + std::string{more}));
        return shown.contains("phone_number") ? text_of(shown, "phone_number") : "none";
    }
    json::object exported(const json::object& login) const {
        return json_of(ask("GET", "/users/" + text_of(login, "id") + "/export"));
    }
    std::size_t found_by(std::string_view number) const {
        return json_of(ask("GET", "/users?phone=" + std::string{number})).at("users").as_array().size();
    }
    void unmerge(const json::object& login) const {
        BOOST_TEST_REQUIRE(ask("POST", "/users/" + text_of(login, "id") + "/unmerge").status == 200u);
    }
    // With so many values.
    void seal_again(int values) const {
        BOOST_TEST_REQUIRE(ask("POST", "/keys/reseal").status == 202u);
        BOOST_TEST_REQUIRE(comes_true(
            [this] { return text_of(json_of(ask("GET", "/keys/reseal")), "state") == "complete"; },
            std::chrono::seconds{60}));
        const auto state = json_of(ask("GET", "/keys/reseal"));
        BOOST_TEST(state.at("resealed").as_int64() == values);
        BOOST_TEST(state.at("unreadable").as_int64() == 0);
    }
    void change_sealing_key() {
        BOOST_TEST_REQUIRE(run_command(*this, {"keys", "add", "--sealing"}).status == 0);
        BOOST_TEST_REQUIRE(run_command(*this, {"keys", "promote", "sealing:2"}).status == 0);
        BOOST_TEST_REQUIRE(text_of(reload(), "message") == "SIGHUP: reloaded");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(merged_phones, two_people)

BOOST_AUTO_TEST_CASE(a_number_that_only_the_younger_one_has_follows_and_goes_back) {
    bind(carol, "carol", second_appid);
    BOOST_TEST_REQUIRE(merge(carol, bob).status == 200u);
    BOOST_TEST(number_of(bob) == of_carol);
    BOOST_TEST(text_of(json_of(me(carol)), "phone") == "139****0002");
    BOOST_TEST(found_by("13900000002") == 1u);
    BOOST_TEST(text_of(exported(bob).at("user").as_object(), "phone_number") == of_carol);
    change_sealing_key();
    seal_again(3);
    BOOST_TEST(number_of(bob) == of_carol);

    unmerge(carol);
    BOOST_TEST(number_of(bob) == "none");
    BOOST_TEST(number_of(carol) == of_carol);
    BOOST_TEST(found_by("13900000002") == 1u);
}

BOOST_AUTO_TEST_CASE(the_older_ones_number_stays_and_the_other_is_kept_for_later) {
    bind(bob, "bob", first_appid);
    bind(carol, "carol", second_appid);
    BOOST_TEST_REQUIRE(merge(carol, bob).status == 200u);
    BOOST_TEST(number_of(bob) == of_bob);
    BOOST_TEST(found_by("13900000002") == 0u);
    const auto merged = exported(bob).at("merged").as_array();
    BOOST_TEST_REQUIRE(merged.size() == 1u);
    BOOST_TEST(text_of(merged[0].as_object(), "id") == text_of(carol, "id"));
    BOOST_TEST(text_of(merged[0].as_object(), "phone_number") == of_carol);
    const http_reply records = ask("GET", "/audit?event=merged");
    BOOST_TEST(records.body.find(" aside=phone") != std::string::npos);
    BOOST_TEST(records.body.find("1390000000") == std::string::npos);
    change_sealing_key();
    seal_again(4); // two session_keys, two numbers

    unmerge(carol);
    BOOST_TEST(number_of(bob) == of_bob);
    BOOST_TEST(number_of(carol) == of_carol);
}

BOOST_AUTO_TEST_SUITE_END()
