// Every errcode that WeChat's pages name for its login calls, and what a client of ours has to be told.
#include "core/wechat/errcodes.hpp"
#include "handlers/problem.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <ostream>

using namespace wxlogind;
using wechat::wechat_call;

namespace {

struct expected_answer {
    wechat_call call;
    int errcode;
    std::string_view code;
    std::string_view retry;
};
std::ostream& operator<<(std::ostream& out, const expected_answer& e) {
    return out << "errcode " << e.errcode << " of call " << static_cast<int>(e.call);
}

constexpr auto login = wechat_call::code_to_session;
constexpr auto token = wechat_call::access_token;
constexpr auto phone = wechat_call::phone_number;
constexpr auto other = wechat_call::with_token;

// `retry` as WeChat's pages and the experience of others have it, not as the switch says.
const expected_answer answers[] = {
    // code2Session
    {login, -1, "wechat_unavailable", "later"},
    {login, 40029, "code_rejected", "login"},
    {login, 40163, "code_rejected", "login"},
    {login, 42003, "code_rejected", "login"},
    {login, 40226, "user_blocked", "no"},
    {login, 50001, "user_blocked", "no"},
    {login, 50002, "user_blocked", "no"},
    {login, 45011, "rate_limited", "later"},
    {login, 45009, "rate_limited", "later"},
    {login, 40001, "wechat_misconfigured", "no"},
    {login, 40002, "wechat_misconfigured", "no"},
    {login, 40013, "wechat_misconfigured", "no"},
    {login, 40066, "wechat_misconfigured", "no"},
    {login, 40125, "wechat_misconfigured", "no"},
    {login, 40164, "wechat_misconfigured", "no"},
    {login, 40243, "wechat_misconfigured", "no"},
    {login, 41002, "wechat_misconfigured", "no"},
    {login, 41004, "wechat_misconfigured", "no"},
    {login, 41008, "wechat_misconfigured", "no"},
    {login, 43001, "wechat_misconfigured", "no"},
    {login, 43003, "wechat_misconfigured", "no"},
    {login, 48017, "wechat_misconfigured", "no"},
    {login, 61007, "wechat_misconfigured", "no"},
    // token and stable_token
    {token, -1, "wechat_unavailable", "later"},
    {token, 40001, "wechat_misconfigured", "no"},
    {token, 40002, "wechat_misconfigured", "no"},
    {token, 40013, "wechat_misconfigured", "no"},
    {token, 40125, "wechat_misconfigured", "no"},
    {token, 40164, "wechat_misconfigured", "no"},
    {token, 40243, "wechat_misconfigured", "no"},
    {token, 41002, "wechat_misconfigured", "no"},
    {token, 41004, "wechat_misconfigured", "no"},
    {token, 43002, "wechat_misconfigured", "no"},
    {token, 45009, "rate_limited", "later"},
    {token, 45011, "rate_limited", "later"},
    {token, 50004, "wechat_misconfigured", "no"},
    {token, 50007, "wechat_misconfigured", "no"},
    {token, 89503, "wechat_misconfigured", "no"},
    {token, 89506, "wechat_misconfigured", "no"},
    {token, 89507, "wechat_misconfigured", "no"},
    // getuserphonenumber
    {phone, -1, "wechat_unavailable", "later"},
    {phone, 40029, "invalid_request", "no"},
    {phone, 40163, "invalid_request", "no"},
    {phone, 40013, "invalid_request", "no"},
    {phone, 40001, "wechat_unavailable", "later"},
    {phone, 40014, "wechat_unavailable", "later"},
    {phone, 42001, "wechat_unavailable", "later"},
    {phone, 41001, "wechat_misconfigured", "no"},
    {phone, 43002, "wechat_misconfigured", "no"},
    {phone, 44002, "wechat_misconfigured", "no"},
    {phone, 45011, "rate_limited", "later"},
    {phone, 47001, "wechat_misconfigured", "no"},
    {phone, 48001, "wechat_misconfigured", "no"},
    // checksession, resetusersessionkey, getuserencryptkey
    {other, 40001, "wechat_unavailable", "later"},
    {other, 40003, "invalid_request", "no"},
    {other, 40014, "wechat_unavailable", "later"},
    {other, 40035, "wechat_misconfigured", "no"},
    {other, 40097, "wechat_misconfigured", "no"},
    {other, 42001, "wechat_unavailable", "later"},
    {other, 87007, "session_key_stale", "login"},
    {other, 87008, "wechat_misconfigured", "no"},
    {other, 87009, "session_key_stale", "login"},
    // msg_sec_check, media_check_async
    {other, 40129, "invalid_request", "no"},
    {other, 43104, "invalid_request", "no"},
    {other, 44991, "rate_limited", "later"},
    {other, 61010, "session_key_stale", "login"},
    {other, 87014, "invalid_request", "no"},
    {other, 40004, "invalid_request", "no"},
    {other, 87020, "wechat_bad_answer", "later"},
    {other, -1008, "invalid_request", "no"},
    // the API's signature and encryption
    {other, 40230, "wechat_misconfigured", "no"},
    {other, 40231, "wechat_misconfigured", "no"},
    {other, 40232, "wechat_misconfigured", "no"},
    {other, 40233, "wechat_misconfigured", "no"},
    {other, 40234, "wechat_misconfigured", "no"},
    {other, 40235, "wechat_misconfigured", "no"},
    {other, 40236, "wechat_misconfigured", "no"},
    {other, 40237, "wechat_misconfigured", "no"},
    {other, 40238, "wechat_misconfigured", "no"},
    {other, 40239, "wechat_misconfigured", "no"},
    {other, 40240, "wechat_misconfigured", "no"},
    // quotas, getpaidunionid, getpluginopenpid
    {other, 48006, "wechat_misconfigured", "no"},
    {other, 76001, "wechat_bad_answer", "later"},
    {other, 89002, "wechat_misconfigured", "no"},
    {other, 89300, "wechat_bad_answer", "later"},
    {other, 1000, "wechat_bad_answer", "later"},
    {other, 1001, "wechat_bad_answer", "later"},
    {other, 1003, "wechat_bad_answer", "later"},
    {other, 1005, "wechat_bad_answer", "later"},
    {other, 1007, "wechat_bad_answer", "later"},
    {other, 1022, "wechat_bad_answer", "later"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(errcodes)

BOOST_DATA_TEST_CASE(
    every_errcode_of_wechats_pages_is_one_problem_with_its_advice, boost::unit_test::data::make(answers), e) {
    const failure why = wechat::refusal_of(e.errcode, e.call);
    BOOST_TEST(to_string(why.code) == e.code);
    BOOST_TEST(handlers::to_string(handlers::kind_of(why.code).retry) == e.retry);
    BOOST_TEST(why.wechat_errcode == e.errcode);
    BOOST_TEST(!why.detail.empty());
    BOOST_TEST(wechat::meaning_of(e.errcode, e.call).is_known);
}

BOOST_AUTO_TEST_CASE(no_errcode_is_known_that_is_not_in_that_list) {
    std::map<int, int> listed;
    for (const expected_answer& each : answers) ++listed[each.errcode];
    for (int errcode = -2000; errcode < 200'000; ++errcode) {
        if (errcode == wechat::errcode_ok) continue;
        const bool is_known = wechat::meaning_of(errcode, other).is_known;
        if (is_known != listed.contains(errcode)) BOOST_ERROR("errcode " << errcode);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_errcode_is_passed_on_as_a_bad_answer) {
    for (const wechat_call call : {login, token, phone, other})
        for (const int errcode : {1, -2, 40098, 2147483647, -2147483647 - 1}) {
            const failure why = wechat::refusal_of(errcode, call);
            BOOST_TEST(to_string(why.code) == "wechat_bad_answer");
            BOOST_TEST(why.wechat_errcode == errcode);
            BOOST_TEST(!wechat::meaning_of(errcode, call).is_known);
            const std::string body = handlers::problem_response(why, "1").body;
            BOOST_TEST(body.find("\"errcode\":" + std::to_string(errcode)) != std::string::npos);
        }
}

BOOST_AUTO_TEST_CASE(whatever_an_operator_must_act_on_says_where) {
    for (const expected_answer& each : answers) {
        const wechat::errcode_meaning means = wechat::meaning_of(each.errcode, each.call);
        const bool must_act = means.problem == errc::wechat_misconfigured;
        if (must_act) BOOST_TEST(!means.check.empty(), "errcode " << each.errcode);
    }
}

BOOST_AUTO_TEST_CASE(a_limit_tells_how_long_it_may_last) {
    BOOST_TEST(wechat::refusal_of(45011, login).retry_after.count() == 60);
    BOOST_TEST(wechat::refusal_of(44991, other).retry_after.count() == 60);
    BOOST_TEST(wechat::refusal_of(45009, other).retry_after.count() == 3600);
}

// What a new access token may help against is what says that the old one was not taken.
BOOST_AUTO_TEST_CASE(three_errcodes_refuse_an_access_token) {
    for (int errcode = -2000; errcode < 200'000; ++errcode) {
        if (errcode == wechat::errcode_ok || errcode == wechat::errcode_busy) continue;
        const bool is_token = wechat::meaning_of(errcode, other).problem == errc::wechat_unavailable;
        if (is_token != wechat::refuses_access_token(errcode)) BOOST_ERROR("errcode " << errcode);
    }
}

BOOST_AUTO_TEST_SUITE_END()
