#include "core/wechat/wechat_https.hpp"

#include "tests/support/on_reactor.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <fstream>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using api = wxlogind::wechat::wechat_https; // the suite has that name, too

namespace {

const certificate_authority& authority() {
    static const certificate_authority made;
    return made;
}
const certificate& localhost() {
    static const certificate made = authority().issue();
    return made;
}

const std::string session =
    R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oEXAMPLE00000000000000000001"})";

std::string errcode(int number) {
    return ok(
        R"({"errcode":)" + std::to_string(number) + R"(,"errmsg":"text, rid: 66c69111-4157f271-729ca238"})");
}

// Answers one request after the other with these, however many connections there are; "" resets.
struct wechat_of {
    explicit wechat_of(std::initializer_list<std::string> responses) : left{responses} {}

    std::string next(const std::string& request) {
        const std::lock_guard guard{lock};
        requests.push_back(request);
        if (left.empty()) return {};
        std::string response = left.front();
        if (left.size() > 1 || !repeats_last) left.pop_front();
        return response;
    }
    peer_script script() {
        return [this](peer_connection& with) {
            for (;;) {
                const std::string request = with.read_request();
                if (request.empty()) return;
                const std::string response = next(request);
                if (response.empty()) return with.reset();
                with.send(response);
            }
        };
    }

    std::mutex lock;
    std::deque<std::string> left;
    std::vector<std::string> requests;
    bool repeats_last{false};
};

task<result<code_session>>
exchange(api& with, app_credentials app, std::string code, std::function<bool()> is_wanted) {
    auto reply = co_await with.exchange_code(app, code, std::move(is_wanted), {});
    co_return reply;
}

struct client {
    explicit client(std::uint16_t port, wechat_settings wishes = quick())
        : settings{with_address(std::move(wishes), port)},
          upstream{make_upstream(settings)},
          api_{[&](net::reactor& home) {
              return std::make_unique<api>(home, *upstream, settings, client_share{}, counts);
          }} {
        BOOST_TEST_REQUIRE(upstream->names.wait_for_addresses(10s));
    }

    static wechat_settings quick() {
        wechat_settings settings;
        settings.timeout = 3s;
        settings.first_byte_timeout = 300ms;
        return settings;
    }
    wechat_settings with_address(wechat_settings wishes, std::uint16_t port) {
        std::ofstream{directory.file("ca.pem")} << authority().pem();
        wishes.ca_file = directory.file("ca.pem");
        wishes.base_url = "https://localhost:" + std::to_string(port);
        return wishes;
    }

    std::future<result<code_session>>
    start(const std::string& code = "code", const std::function<bool()>& is_wanted = {}) {
        const app_credentials as = app;
        return api_.start<result<code_session>>(
            [as, code, is_wanted](api& with) { return exchange(with, as, code, is_wanted); });
    }
    result<code_session> log_in(const std::string& code = "code") { return value_of(start(code)); }
    upstream_state state() {
        return api_.look([](api& of) { return of.state(); });
    }

    app_credentials app{"wxapp", secret{std::string_view{"s3cret&="}}};
    temporary_directory directory;
    wechat_settings settings;
    std::unique_ptr<net::https_upstream> upstream;
    client_round_trips counts;
    on_reactor<api> api_;
};

void check_failure(const result<code_session>& reply, errc code, int number = 0) {
    BOOST_TEST_REQUIRE(reply.has_error());
    BOOST_TEST(to_string(reply.error().code) == to_string(code));
    BOOST_TEST(reply.error().wechat_errcode == number);
}

std::uint16_t closed_port() {
    return tls_peer{localhost(), always("")}.port();
}

} // namespace

BOOST_AUTO_TEST_SUITE(wechat_https)

BOOST_AUTO_TEST_CASE(a_code_is_exchanged_by_one_get_with_everything_percent_encoded) {
    wechat_of wechat{ok(session)};
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port()};
    const auto reply = to.log_in("a code+/&=");
    BOOST_TEST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->openid == "oEXAMPLE00000000000000000001");
    BOOST_TEST(reply->session_key.reveal().size() == 24u);
    BOOST_TEST(
        wechat.requests.at(0) ==
        "GET /sns/jscode2session?appid=wxapp&secret=s3cret%26%3D&js_code=a%20code%2B%2F%26%3D"
        "&grant_type=authorization_code HTTP/1.1\r\nHost: localhost:" +
            std::to_string(peer.port()) + "\r\nAccept: application/json\r\n\r\n");
    BOOST_TEST((to.state() == upstream_state::up));
}

BOOST_AUTO_TEST_CASE(a_busy_wechat_is_asked_again_at_most_twice) {
    wechat_of recovering{errcode(-1), errcode(-1), ok(session)};
    tls_peer first{localhost(), recovering.script()};
    BOOST_TEST(client{first.port()}.log_in().has_value());
    BOOST_TEST(first.requests() == 3u);

    wechat_of busy{errcode(-1), errcode(-1), errcode(-1), ok(session)};
    tls_peer second{localhost(), busy.script()};
    check_failure(client{second.port()}.log_in(), errc::wechat_unavailable, -1);
    BOOST_TEST(second.requests() == 3u);
}

BOOST_AUTO_TEST_CASE(a_code_that_is_used_up_after_busy_means_log_in_again) {
    for (const int number : {40163, 40029}) {
        wechat_of wechat{errcode(-1), errcode(number)};
        tls_peer peer{localhost(), wechat.script()};
        check_failure(client{peer.port()}.log_in(), errc::code_rejected, number);
        BOOST_TEST(peer.requests() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(definite_answers_are_not_asked_again) {
    const std::pair<int, errc> answers[] = {
        {40029, errc::code_rejected},
        {40226, errc::user_blocked},
        {45011, errc::rate_limited},
        {40125, errc::wechat_misconfigured},
        {12345, errc::wechat_bad_answer}};
    for (const auto& [number, meaning] : answers) {
        wechat_of wechat{errcode(number), ok(session)};
        tls_peer peer{localhost(), wechat.script()};
        client to{peer.port()};
        check_failure(to.log_in(), meaning, number);
        BOOST_TEST(peer.requests() == 1u);
        BOOST_TEST((to.state() == upstream_state::up));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_lost_is_never_asked_for_again) {
    for (const std::string& bytes :
         {std::string{}, std::string{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>"}}) {
        wechat_of wechat{bytes, ok(session)};
        tls_peer peer{localhost(), wechat.script()};
        client to{peer.port()};
        check_failure(to.log_in(), errc::code_rejected);
        BOOST_TEST(peer.requests() == 1u);
        BOOST_TEST((to.state() == upstream_state::failing));
        BOOST_TEST(to.log_in("the next code").has_value());
    }
}

BOOST_AUTO_TEST_CASE(silence_after_the_code_was_sent_is_a_timeout) {
    tls_peer peer{localhost(), [](peer_connection& with) { with.read_request(), with.wait_for_close(); }};
    check_failure(client{peer.port()}.log_in(), errc::wechat_timeout);
    BOOST_TEST(peer.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_of_wechats_is_a_bad_answer) {
    for (const std::string& bytes :
         {ok("<html></html>"), std::string{"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n"},
          std::string{"HTTP/1.1 204 No Content\r\n\r\n"}, std::string{"SSH-2.0-x\r\n\r\n"},
          ok(std::string(65'000, '['))}) {
        tls_peer peer{localhost(), always(bytes)};
        check_failure(client{peer.port()}.log_in(), errc::wechat_bad_answer);
        BOOST_TEST(peer.requests() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_cannot_be_made_is_tried_twice_and_the_code_stays_good) {
    check_failure(client{closed_port()}.log_in(), errc::wechat_unavailable);

    // The second handshake works.
    tls_peer flaky{localhost(), [](peer_connection& with) {
                       if (with.index() == 0) return with.read_raw();
                       while (!with.read_request().empty()) with.send(ok(session));
                   }};
    BOOST_TEST(client{flaky.port()}.log_in().has_value());
    BOOST_TEST(flaky.connections() == 2u);

    tls_peer deaf{localhost(), [](peer_connection& with) { with.read_raw(); }};
    check_failure(client{deaf.port()}.log_in(), errc::wechat_unavailable);
    BOOST_TEST(deaf.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_for_a_client_that_has_gone) {
    tls_peer peer{localhost(), always(ok(session))};
    client to{peer.port()};
    check_failure(value_of(to.start("code", [] { return false; })), errc::wechat_unavailable);
    BOOST_TEST(peer.requests() == 0u);
    BOOST_TEST((to.state() == upstream_state::untried));
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_open_the_breaker_and_then_nobody_is_asked) {
    wechat_settings settings = client::quick();
    settings.breaker_failures = 2;
    settings.breaker_pause = 60s;
    tls_peer peer{localhost(), [](peer_connection& with) { with.read_request(), with.reset(); }};
    client to{peer.port(), settings};
    for (int i = 0; i < 2; ++i) check_failure(to.log_in(), errc::code_rejected);
    BOOST_TEST((to.state() == upstream_state::breaker_open));
    const auto refused = to.log_in();
    check_failure(refused, errc::wechat_unavailable);
    BOOST_TEST((refused.error().retry_after >= 55s));
    BOOST_TEST(peer.requests() == 2u);

    to.app.appid = "wxother"; // has its own breaker
    check_failure(to.log_in(), errc::code_rejected);
}

BOOST_AUTO_TEST_CASE(a_wechat_that_cannot_be_reached_is_the_trouble_of_all_apps) {
    wechat_settings settings = client::quick();
    settings.breaker_failures = 2;
    settings.breaker_pause = 60s;
    client to{closed_port(), settings};
    for (int i = 0; i < 2; ++i) check_failure(to.log_in(), errc::wechat_unavailable);
    BOOST_TEST((to.state() == upstream_state::breaker_open));
    to.app.appid = "wxother";
    const auto refused = to.log_in();
    check_failure(refused, errc::wechat_unavailable);
    BOOST_TEST((refused.error().retry_after >= 55s));
}

BOOST_AUTO_TEST_CASE(the_next_secret_is_tried_when_wechat_does_not_know_the_first_and_then_comes_first) {
    wechat_of wechat{errcode(40125), ok(session), ok(session)};
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port()};
    to.app = app_credentials{"wxapp", secret{std::string{"old"}}, secret{std::string{"new"}}};
    BOOST_TEST(to.log_in().has_value());
    BOOST_TEST(to.log_in("next code").has_value());
    BOOST_TEST_REQUIRE(peer.requests() == 3u);
    BOOST_TEST(wechat.requests.at(0).find("secret=old&js_code=code&") != std::string::npos);
    BOOST_TEST(wechat.requests.at(1).find("secret=new&js_code=code&") != std::string::npos);
    BOOST_TEST(wechat.requests.at(2).find("secret=new&") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_two_secrets_a_busy_wechat_is_not_asked_more_often) {
    wechat_of wechat{errcode(-1), errcode(40125), errcode(-1), errcode(-1), ok(session)};
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port()};
    to.app = app_credentials{"wxapp", secret{std::string{"old"}}, secret{std::string{"new"}}};
    check_failure(to.log_in(), errc::wechat_unavailable, -1);
    BOOST_TEST(peer.requests() == 4u);
}

BOOST_AUTO_TEST_CASE(after_an_answer_that_is_lost_no_other_secret_is_tried) {
    wechat_of wechat{std::string{}, ok(session)};
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port()};
    to.app = app_credentials{"wxapp", secret{std::string{"old"}}, secret{std::string{"new"}}};
    check_failure(to.log_in(), errc::code_rejected);
    BOOST_TEST(peer.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(the_breaker_closes_again_when_its_probe_is_answered) {
    wechat_settings settings = client::quick();
    settings.breaker_failures = 1;
    settings.breaker_pause = 1ms;
    wechat_of wechat{std::string{}, ok(session)};
    wechat.repeats_last = true;
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port(), settings};
    check_failure(to.log_in(), errc::code_rejected);
    std::this_thread::sleep_for(2ms); // the pause
    BOOST_TEST(to.log_in().has_value());
    BOOST_TEST((to.state() == upstream_state::up));
}

BOOST_AUTO_TEST_CASE(a_probe_that_ends_with_an_exception_is_followed_by_another) {
    wechat_settings settings = client::quick();
    settings.breaker_failures = 1;
    settings.breaker_pause = 1ms;
    wechat_of wechat{std::string{}, ok(session)};
    tls_peer peer{localhost(), wechat.script()};
    client to{peer.port(), settings};
    check_failure(to.log_in(), errc::code_rejected);
    std::this_thread::sleep_for(2ms); // the pause
    const auto throws = []() -> bool { throw std::runtime_error{"on purpose"}; };
    BOOST_CHECK_THROW(value_of(to.start("probe", throws)), std::runtime_error);
    BOOST_TEST(to.log_in().has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_does_not_trip_the_breaker) {
    wechat_settings settings = client::quick();
    settings.breaker_failures = 2;
    tls_peer peer{localhost(), always(errcode(40125))};
    client to{peer.port(), settings};
    for (int i = 0; i < 5; ++i) check_failure(to.log_in(), errc::wechat_misconfigured, 40125);
    BOOST_TEST(peer.requests() == 5u);
}

BOOST_AUTO_TEST_CASE(an_app_over_its_minute_limit_is_slowed_down_alone) {
    tls_peer peer{localhost(), always(errcode(45011))};
    client to{peer.port()};
    for (int i = 0; i < 5; ++i) check_failure(to.log_in(), errc::rate_limited, 45011);
    check_failure(to.log_in(), errc::rate_limited, 45011);
    BOOST_TEST(peer.requests() == 5u);
    to.app.appid = "wxother";
    check_failure(to.log_in(), errc::rate_limited, 45011);
    BOOST_TEST(peer.requests() == 6u);
}

BOOST_AUTO_TEST_CASE(too_many_logins_waiting_are_overload) {
    wechat_settings settings = client::quick();
    settings.max_connections = 1;
    settings.max_waiting = 1;
    tls_peer peer{localhost(), [](peer_connection& with) { with.read_request(), with.wait_for_close(); }};
    client to{peer.port(), settings};
    auto first = to.start("1");
    auto second = to.start("2");
    auto third = to.start("3");
    check_failure(value_of(std::move(third)), errc::overloaded);
    check_failure(value_of(std::move(first)), errc::wechat_timeout);
    check_failure(value_of(std::move(second)), errc::wechat_timeout);
}

BOOST_AUTO_TEST_CASE(a_base_url_that_is_not_an_https_origin_stops_the_start) {
    for (const char* const url : {"http://localhost", "https://localhost/path", "localhost", ""}) {
        wechat_settings settings;
        settings.base_url = url;
        BOOST_CHECK_THROW((void)make_upstream(settings), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
