// Phone numbers: asked of WeChat or decrypted, kept sealed, shown masked, counted.
#include "tests/support/expect_problem.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <thread>
#include <vector>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

constexpr std::string_view phone_path{"/wxa/business/getuserphonenumber"};

deployment_options with_budget(std::string lines = {}) {
    deployment_options options;
    options.first_app = std::move(lines);
    return options;
}

struct running : session_deployment {
    explicit running(deployment_options options = {}) : session_deployment{std::move(options)} {
        make_user(*this, R"({"user":"alice","phone":"13900000017"})");
        make_user(*this, R"({"user":"bob","phone":"13900000017"})");
        make_user(*this, R"({"user":"chan","phone":"51234567","country_code":"852"})");
    }

    json::object log_in_as(std::string_view user) const { return json_of(log_in(mint_code(user))); }
    std::string phone_code(std::string_view user) const { return phone_code_of(*this, user); }
    http_reply bind(const json::object& login, const json::object& body) const {
        return bind_phone(login, json::serialize(body));
    }
    http_reply bind_code(const json::object& login, std::string_view code) const {
        return bind(login, {{"code", code}});
    }
    json::object operator_sees(const json::object& login, std::string_view more = {}) const {
        return json_of(http_get(internal_address(), "/users/" + text_of(login, "id") + std::string{more}));
    }
    // How many calls for numbers have come to WeChat, and what they came to.
    std::int64_t calls() const {
        const auto paths = json_of(http_get(control_address(), "/statistics")).at("calls").as_object();
        std::int64_t all = 0;
        if (const auto* const found = paths.if_contains(phone_path))
            for (const auto& each : found->as_object()) all += each.value().to_number<std::int64_t>();
        return all;
    }
    bool is_in_database(std::string_view text) const {
        const std::string all = content_of(database()) + content_of(database() + "-wal");
        return all.find(text) != std::string::npos;
    }
};

struct with_two_a_day : running {
    with_two_a_day() : running{with_budget("phone_daily_budget = 2\n")} {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(phone)

BOOST_FIXTURE_TEST_CASE(a_number_by_code_is_kept_sealed_and_shown_masked, running) {
    const auto login = log_in_as("alice");
    const http_reply bound = bind_code(login, phone_code("alice"));
    BOOST_TEST_REQUIRE(bound.status == 200u, bound.body);
    BOOST_TEST(bound.field("cache-control") == "no-store");
    BOOST_TEST(bound.body == R"({"phone":"139****0017"})");
    BOOST_TEST(text_of(json_of(me(login)), "phone") == "139****0017");
    BOOST_TEST(!json_of(me(login)).contains("phone_number"));
    BOOST_TEST(text_of(operator_sees(login), "phone_number") == "+8613900000017");
    const auto all = json_of(http_get(public_address(), "/me/export", bearer(login)));
    BOOST_TEST(text_of(all.at("user").as_object(), "phone_number") == "+8613900000017");
    BOOST_TEST_REQUIRE(all.at("audit").as_array().size() == 1u);
    BOOST_TEST(text_of(all.at("audit").at(0).as_object(), "event") == "phone_bound");
    BOOST_TEST(text_of(all.at("audit").at(0).as_object(), "by") == "user");
    BOOST_TEST(!is_in_database("13900000017"));

    kill_wxlogind();
    start_wxlogind();
    BOOST_TEST(text_of(json_of(me(login)), "phone") == "139****0017");
    http_call(public_address(), "DELETE", "/me", "", bearer(login));
    BOOST_TEST(http_get(internal_address(), "/users?phone=13900000017").body == R"({"users":[]})");
}

BOOST_FIXTURE_TEST_CASE(a_number_that_the_button_encrypted_costs_no_call, running) {
    const auto login = log_in_as("chan");
    const auto made = make_open_data(*this, "chan", R"("kind":"phone")");
    const http_reply bound = bind(login, only(made, {"encryptedData", "iv"}));
    BOOST_TEST_REQUIRE(bound.status == 200u, bound.body);
    BOOST_TEST(bound.body == R"({"phone":"+852 ****4567"})");
    BOOST_TEST(text_of(operator_sees(login), "phone_number") == "+85251234567");
    BOOST_TEST(calls() == 0);
    const auto foreign = make_open_data(*this, "chan", R"("kind":"phone","watermark_appid":"wx-another")");
    expect_problem(bind(login, only(foreign, {"encryptedData", "iv"})), 409, "session_key_stale");
    const auto profile = make_open_data(*this, "chan");
    expect_problem(
        bind(login, only(profile, {"encryptedData", "iv"})), 400, "invalid_request", "encryptedData: ");
}

BOOST_FIXTURE_TEST_CASE(a_country_code_may_be_a_number, running) {
    order(*this, "/style", R"({"country_code_number":true})");
    const auto login = log_in_as("chan");
    BOOST_TEST(bind_code(login, phone_code("chan")).body == R"({"phone":"+852 ****4567"})");
}

BOOST_FIXTURE_TEST_CASE(a_code_is_spent_once, running) {
    const auto alice = log_in_as("alice");
    const auto bob = log_in_as("bob");
    const std::string code = phone_code("alice");
    BOOST_TEST_REQUIRE(bind_code(alice, code).status == 200u);
    // A double tap gets the first one's answer, somebody else does not.
    BOOST_TEST(bind_code(alice, code).status == 200u);
    expect_problem(bind_code(bob, code), 400, "invalid_request", "code: ");
    BOOST_TEST(calls() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_code_whose_answer_was_lost_is_not_sent_again, running) {
    const auto login = log_in_as("alice");
    inject(R"({"kind":"drop_after","count":1,"path":"/wxa/business/getuserphonenumber"})");
    const std::string code = phone_code("alice");
    BOOST_TEST(bind_code(login, code).status >= 500u);
    clear_faults();
    BOOST_TEST(bind_code(login, code).status >= 400u);
    BOOST_TEST(calls() == 1);
    BOOST_TEST(!json_of(me(login)).contains("phone"));
}

BOOST_FIXTURE_TEST_CASE(a_code_that_comes_many_times_at_once_is_sent_once, running) {
    const auto alice = log_in_as("alice");
    const auto bob = log_in_as("bob");
    inject(R"({"kind":"latency","latency":"fixed:200","path":"/wxa/business/getuserphonenumber"})");
    const std::string code = phone_code("alice");
    std::vector<std::future<http_reply>> taps;
    for (int number = 0; number < 16; ++number)
        taps.push_back(std::async(std::launch::async, [&] { return bind_code(alice, code); }));
    for (auto& each : taps) BOOST_TEST(each.get().body == R"({"phone":"139****0017"})");
    expect_problem(bind_code(bob, code), 400, "invalid_request", "code: ");
    BOOST_TEST(exchanges_of(code) == 1u);
    BOOST_TEST(!json_of(me(bob)).contains("phone"));
}

BOOST_FIXTURE_TEST_CASE(a_call_that_a_crash_cut_off_is_counted_and_its_code_buys_one_number, with_two_a_day) {
    const auto login = log_in_as("alice");
    inject(R"({"kind":"hang","consume":true,"count":1,"path":"/wxa/business/getuserphonenumber"})");
    const std::string code = phone_code("alice");
    auto cut_off = std::async(std::launch::async, [&] {
        try {
            return bind_code(login, code).status;
        } catch (const std::exception&) { // the connection ends
            return 0u;
        }
    });
    for (int i = 0; i < 10'000 && exchanges_of(code) == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    kill_wxlogind();
    BOOST_TEST(cut_off.get() == 0u);
    start_wxlogind();
    expect_problem(bind_code(login, code), 400, "invalid_request", "code: "); // which WeChat took before
    const auto counted = json_of(http_get(control_address(), "/exchanges?code=" + code));
    BOOST_TEST(counted.at("exchanged").to_number<int>() == 1);
    BOOST_TEST(bind_code(login, phone_code("alice")).status == 200u);
    expect_problem(bind_code(login, phone_code("alice")), 429, "rate_limited");
}

BOOST_FIXTURE_TEST_CASE(codes_that_wechat_does_not_take_are_named, running) {
    const auto login = log_in_as("alice");
    for (const std::string& code : {std::string{"0no1such2code"}, mint_code("alice"), phone_code("bob")})
        expect_problem(bind_code(login, code), 400, "invalid_request");
    BOOST_TEST(!json_of(me(login)).contains("phone"));
}

BOOST_FIXTURE_TEST_CASE(bad_fields_are_named_and_spend_no_call, running) {
    const auto login = log_in_as("alice");
    const std::string before = me(login).body;
    expect_problem(bind(login, {}), 400, "invalid_request", "code: missing");
    expect_problem(bind(login, {{"code", std::string(513, 'a')}}), 400, "invalid_request", "code: ");
    expect_problem(bind(login, {{"code", "a b"}}), 400, "invalid_request", "code: ");
    expect_problem(bind(login, {{"encryptedData", "AAAA"}}), 400, "invalid_request", "iv: missing");
    expect_problem(bind(login, {{"iv", "AAAA"}}), 400, "invalid_request", "code: missing");
    expect_problem(bind({{"token", "x"}}, {{"code", "a"}}), 401, "invalid_token");
    BOOST_TEST(me(login).body == before);
    BOOST_TEST(calls() == 0);
}

BOOST_FIXTURE_TEST_CASE(the_same_number_on_two_users_is_reported_and_found, running) {
    const auto alice = log_in_as("alice");
    const auto bob = log_in_as("bob");
    BOOST_TEST_REQUIRE(bind_code(alice, phone_code("alice")).status == 200u);
    BOOST_TEST_REQUIRE(bind_code(bob, phone_code("bob")).status == 200u);
    for (const std::string_view phone : {"13900000017", "%2B8613900000017"}) {
        const auto found = json_of(http_get(internal_address(), "/users?phone=" + std::string{phone}));
        BOOST_TEST(found.at("users").as_array().size() == 2u);
    }
    BOOST_TEST(http_get(internal_address(), "/users?phone=13900000001").body == R"({"users":[]})");
    expect_problem(http_get(internal_address(), "/users?phone=alice"), 400, "invalid_request", "phone: ");
    const auto log =
        json_of(http_get(internal_address(), "/audit?event=phone_shared")).at("records").as_array();
    BOOST_TEST_REQUIRE(log.size() == 1u);
    BOOST_TEST(text_of(log[0].as_object(), "user") == text_of(bob, "id"));
    BOOST_TEST(text_of(log[0].as_object(), "detail") == text_of(alice, "id"));
    BOOST_TEST(
        http_get(internal_address(), "/metrics").body.find("wxlogind_phones_shared_total 1") !=
        std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_days_budget_holds_over_restarts_and_failures_do_not_count, with_two_a_day) {
    const auto login = log_in_as("alice");
    expect_problem(bind_code(login, "0no1such2code"), 400, "invalid_request");
    BOOST_TEST_REQUIRE(bind_code(login, phone_code("alice")).status == 200u);
    stop_wxlogind();
    start_wxlogind();
    BOOST_TEST_REQUIRE(bind_code(login, phone_code("alice")).status == 200u);
    const std::int64_t before = calls();
    const http_reply refused = bind_code(login, phone_code("alice"));
    expect_problem(refused, 429, "rate_limited");
    BOOST_TEST(!refused.field("retry-after").empty());
    BOOST_TEST(calls() == before);
    BOOST_TEST(
        http_get(internal_address(), "/metrics").body.find("wxlogind_phone_calls_today") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
