// Users who turn out to be one person: their tokens keep working, and mean the survivor.
#include "tests/support/merging_deployment.hpp"
#include "tests/support/open_data.hpp"
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
    BOOST_TEST(ask("GET", "/metrics").body.find("wxlogind_users_merged_total 1\n") != std::string::npos);
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

BOOST_AUTO_TEST_CASE(back_ends_that_know_the_merged_id_go_on_with_it) {
    const auto one = log_in_without_unionid("bob");
    const auto other = log_in_to(second_appid, "carol");
    BOOST_TEST_REQUIRE(merge(other, one).status == 200u);
    const std::string id = text_of(one, "id");
    const std::string merged = text_of(other, "id");
    const std::string path = "/users/" + merged;

    const auto call = [&](std::string_view name, std::string_view more = {}) {
        return ask(
            "POST", "/wechat/" + std::string{name},
            R"({"user":")" + merged + R"(","appid":")" + std::string{second_appid} + '"' + std::string{more} +
                '}');
    };
    BOOST_TEST(call("check-session").body == R"({"valid":true})");
    BOOST_TEST(json_of(call("user-encrypt-key")).at("keys").as_array().size() > 0u);
    BOOST_TEST(text_of(json_of(call("check-text", R"(,"text":"good day")")), "suggest") == "pass");
    const auto made = json_of(order(
        *this, "/open_data",
        R"({"kind":"phone","appid":")" + std::string{second_appid} + R"(","user":"carol"})"));
    BOOST_TEST(
        call(
            "decrypt", R"(,"encryptedData":")" + text_of(made, "encryptedData") + R"(","iv":")" +
                           text_of(made, "iv") + '"')
            .status == 200u);
    BOOST_TEST(call("reset-session-key").status == 204u);

    BOOST_TEST(text_of(json_of(ask("GET", path)), "id") == id);
    BOOST_TEST(text_of(json_of(ask("GET", "/users?id=" + merged)).at("users").at(0).as_object(), "id") == id);
    BOOST_TEST(json_of(ask("GET", path + "/sessions")).at("sessions").as_array().size() == 2u);
    BOOST_TEST(text_of(json_of(ask("GET", path + "/export")).at("user").as_object(), "id") == id);

    BOOST_TEST(ask("POST", path + "/ban").status == 204u);
    BOOST_TEST(verify(one).status == 401u);
    BOOST_TEST(verify(other).status == 401u);
    BOOST_TEST(log_in(mint_code("bob"), "&appid=" + std::string{first_appid}).status == 403u);
    BOOST_TEST(ask("POST", path + "/unban").status == 204u);
    const auto again = log_in_to(second_appid, "carol");
    BOOST_TEST(text_of(again, "id") == id);
    BOOST_TEST(ask("POST", path + "/revoke").status == 204u);
    BOOST_TEST(verify(again).status == 401u);
    BOOST_TEST(json_of(ask("GET", "/audit?event=banned&user=" + id)).at("records").as_array().size() == 1u);
    BOOST_TEST(ask("DELETE", path).status == 204u);
    for (const std::string& each : {id, merged}) {
        BOOST_TEST(ask("GET", "/users/" + each).status == 404u);
        BOOST_TEST(ask("DELETE", "/users/" + each).status == 404u);
        BOOST_TEST(ask("POST", "/users/" + each + "/unmerge").status == 404u);
    }
    BOOST_TEST(log_in_to(second_appid, "carol").at("is_new").as_bool());
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
