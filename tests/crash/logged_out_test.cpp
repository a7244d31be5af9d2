// Logged out means refused in the next request: on every connection, every time, and after kill -9 too.
// WXLOGIND_LOGOUTS says how many times.
#include "tests/support/campaign.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace wxlogind::test;

namespace {

constexpr unsigned client_count = 4;

deployment_options options() {
    deployment_options how;
    how.simulator = {"--load-codes"};
    how.server = "max_requests_per_connection = 1000000\n";
    return how;
}

// A code that needs no minting, of one of some users.
std::string code_of(unsigned number) {
    std::string user = std::to_string(number % 500);
    std::string serial = std::to_string(number);
    return "0L" + std::string(10 - user.size(), '0') + user + std::string(20 - serial.size(), 'x') + serial;
}

struct tally {
    std::atomic<unsigned> logged_out{0};
    std::atomic<unsigned> let_in{0};  // after the logout
    std::atomic<unsigned> unusual{0}; // something else went wrong
};

// The token ends on one connection and is shown on others, of which half belong to other reactors.
void log_out_again_and_again(
    const deployment& with, unsigned first, std::vector<std::string>& tokens, tally& seen) {
    http_connection app{with.public_address()};
    std::vector<http_connection> back_ends;
    for (int each = 0; each < 4; ++each) back_ends.emplace_back(with.internal_address());

    for (unsigned number = first; number < tokens.size(); number += client_count) {
        const http_reply login = app.exchange(get_request("/login?code=" + code_of(number)));
        if (login.status != 200) {
            ++seen.unusual;
            continue;
        }
        const auto body = json_of(login);
        const std::string bearer = session_deployment::bearer(body);
        tokens[number] = bearer;
        http_connection& back_end = back_ends[number % back_ends.size()];
        if (back_end.exchange(get_request("/verify", bearer)).status != 200) ++seen.unusual;

        const bool all = number % 2 == 1;
        const http_reply done =
            app.exchange(post_json_request("/logout", all ? R"({"all":true})" : "{}", bearer));
        // A logout of all, of the same user by another client, may have come first.
        if (done.status != 204 && done.status != 401) ++seen.unusual;
        if (done.status == 204) ++seen.logged_out;
        if (back_end.exchange(get_request("/verify", bearer)).status != 401) ++seen.let_in;
        if (number % 8 == 0) {
            const std::string refresh = R"({"refresh_token":")" + text_of(body, "refresh_token") + R"("})";
            if (app.exchange(post_json_request("/token/refresh", refresh)).status != 401) ++seen.let_in;
            if (app.exchange(get_request("/me", bearer)).status != 401) ++seen.let_in;
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(logged_out)

BOOST_AUTO_TEST_CASE(who_is_logged_out_is_refused_in_the_next_request) {
    session_deployment running{options()};
    std::vector<std::string> tokens(from_environment("WXLOGIND_LOGOUTS", 10'000));
    tally seen;
    {
        std::vector<std::jthread> clients;
        for (unsigned first = 0; first < client_count; ++first)
            clients.emplace_back([&, first] { log_out_again_and_again(running, first, tokens, seen); });
    }
    BOOST_TEST(seen.let_in == 0u);
    BOOST_TEST(seen.unusual <= tokens.size() / 100);
    BOOST_TEST(seen.logged_out >= tokens.size() / 2);

    running.kill_wxlogind();
    running.start_wxlogind();
    http_connection back_end{running.internal_address()};
    unsigned let_in = 0;
    for (const std::string& bearer : tokens)
        if (!bearer.empty() && back_end.exchange(get_request("/verify", bearer)).status != 401) ++let_in;
    BOOST_TEST(let_in == 0u);
    BOOST_TEST(running.stop_wxlogind() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
