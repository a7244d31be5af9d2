// Users who turn out to be one person: their tokens keep working, and mean the survivor.
#include "tests/support/merging_deployment.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace wxlogind::test;

BOOST_FIXTURE_TEST_SUITE(merging, merging_deployment)

BOOST_AUTO_TEST_CASE(a_unionid_that_arrives_later_makes_one_user_of_two) {
    const auto first = log_in_without_unionid("alice");
    const auto second = log_in_to(second_appid, "alice");
    const std::string id = text_of(first, "id");
    BOOST_TEST_REQUIRE(text_of(second, "id") != id);

    const auto third = log_in_to(first_appid, "alice");
    BOOST_TEST(text_of(third, "id") == id);
    BOOST_TEST(text_of(log_in_to(second_appid, "alice"), "id") == id);
    expect_to_mean(first, id);
    expect_to_mean(second, id);
    kill_wxlogind();
    start_wxlogind();
    expect_to_mean(second, id);
    const auto refreshed = json_of(refresh(second));
    BOOST_TEST(text_of(refreshed, "id") == id);
    expect_to_mean(refreshed, id);

    const auto exported = json_of(http_get(public_address(), "/me/export", bearer(second)));
    BOOST_TEST(exported.at("sessions").as_array().size() == 4u);
    BOOST_TEST(exported.at("identities").as_array().size() == 2u);
    BOOST_TEST(text_of(json_of(ask("GET", "/users/" + text_of(second, "id"))), "id") == id);

    BOOST_TEST(log_out(third, R"({"all":true})").status == 204u);
    for (const auto& each : {first, second, third, refreshed}) BOOST_TEST(verify(each).status == 401u);
}

BOOST_AUTO_TEST_CASE(operators_merge_and_unmerge) {
    const auto one = log_in_without_unionid("bob");
    const auto other = log_in_to(second_appid, "carol");
    const auto merged = merge(other, one);
    BOOST_TEST_REQUIRE(merged.status == 200u);
    BOOST_TEST(text_of(json_of(merged), "id") == text_of(one, "id"));
    BOOST_TEST(text_of(json_of(merged), "merged") == text_of(other, "id"));
    expect_to_mean(other, text_of(one, "id"));

    const auto records = json_of(ask("GET", "/audit?event=merged")).at("records").as_array();
    BOOST_TEST_REQUIRE(records.size() == 1u);
    BOOST_TEST(text_of(records[0].as_object(), "detail").starts_with(text_of(other, "id")));

    BOOST_TEST(ask("POST", "/users/" + text_of(other, "id") + "/unmerge").status == 200u);
    BOOST_TEST(verify(one).status == 401u);
    BOOST_TEST(verify(other).status == 401u);
    BOOST_TEST(text_of(log_in_to(second_appid, "carol"), "id") == text_of(other, "id"));
    BOOST_TEST(ask("POST", "/users/" + text_of(other, "id") + "/unmerge").status == 404u);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
    const auto one = log_in_to(first_appid, "dave");
    const auto other = log_in_to(first_appid, "erin");
    const http_reply apart = merge(one, other);
    BOOST_TEST(apart.status == 400u);
    BOOST_TEST(text_of(json_of(apart), "detail").find("unionid") != std::string::npos);
    BOOST_TEST(merge(one, one).status == 400u);
    const std::string id = text_of(one, "id");
    for (const std::string& body :
         {std::string{"{}"}, std::string{"[]"}, std::string{""}, R"({"user":")" + id + R"("})",
          R"({"user":")" + id + R"(","other":"x"})", R"({"user":")" + id + R"(","other":7})"})
        BOOST_TEST_CONTEXT(body) {
            const auto status = ask("POST", "/users/merge", body).status;
            BOOST_TEST((status == 400u || status == 415u));
        }
    BOOST_TEST(
        ask("POST", "/users/merge",
            R"({"user":")" + id + R"(","other":"01900000-0000-7000-8000-000000000000"})")
            .status == 404u);
    BOOST_TEST(verify(one).status == 200u);
}

// Both log in and refresh all the time; the first login with a unionid merges them meanwhile.
BOOST_AUTO_TEST_CASE(logins_of_both_go_on_while_they_are_merged) {
    const auto first = log_in_without_unionid("frank");
    const auto second = log_in_to(second_appid, "frank");
    const std::string old_id = text_of(first, "id");
    const std::string young_id = text_of(second, "id");
    std::atomic<bool> is_over{false};
    std::atomic<int> wrong{0};
    std::atomic<int> rounds{0};
    const auto person = [&](std::string_view appid) {
        while (!is_over) {
            const http_reply next = refresh(log_in_to(appid, "frank"));
            const bool is_good = next.status == 200;
            const std::string id = is_good ? text_of(json_of(next), "id") : "";
            if (id != old_id && id != young_id) ++wrong;
            if (is_good && verify(json_of(next)).status != 200) ++wrong;
            ++rounds;
        }
    };
    std::thread one{[&] { person(second_appid); }};
    std::thread two{[&] { person(second_appid); }};
    (void)comes_true([&] { return rounds >= 4; }, std::chrono::seconds{60});
    std::thread three{[&] { person(first_appid); }};
    std::thread four{[&] { person(first_appid); }};
    const bool are_enough = comes_true([&] { return rounds >= 40; }, std::chrono::seconds{60});
    is_over = true;
    for (std::thread* each : {&one, &two, &three, &four}) each->join();
    BOOST_TEST(are_enough);
    BOOST_TEST(wrong == 0);
    for (const std::string_view appid : {first_appid, second_appid})
        BOOST_TEST(text_of(log_in_to(appid, "frank"), "id") == old_id);
    expect_to_mean(first, old_id);
    expect_to_mean(second, old_id);
    BOOST_TEST(json_of(ask("GET", "/audit?event=merged")).at("records").as_array().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
