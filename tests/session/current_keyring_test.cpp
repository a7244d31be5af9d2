#include "core/session/current_keyring.hpp"

#include "core/net/reactor.hpp"
#include "core/session/token.hpp"
#include "tests/session/session_fixtures.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <future>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;

namespace {

constexpr unix_seconds now{1'800'000'000s};
const token_rules rules{.issuer = "wxlogind"};

// "k0" always verifies; the other changes.
std::shared_ptr<const keyring> ring_of(unsigned generation) {
    const std::string other = "k" + std::to_string(generation + 1);
    return std::make_shared<const keyring>(test::keyring_of(
        {test::signing_key_of("k0", key_state::passive),
         test::signing_key_of(other, key_state::active, 'n')}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(current_keyring)

BOOST_AUTO_TEST_CASE(the_new_one_counts_at_once_and_the_old_one_is_handed_back) {
    const auto first = ring_of(0);
    const auto second = ring_of(1);
    session::current_keyring keys{first};
    BOOST_TEST(&keys.now() == first.get());
    BOOST_TEST((keys.replace(second) == first));
    BOOST_TEST(&keys.now() == second.get());
    BOOST_TEST((keys.held() == second));
}

// What the server does at each SIGHUP. The sanitizers see whether a ring goes while somebody reads it.
BOOST_AUTO_TEST_CASE(reactors_verify_while_rings_are_exchanged_a_thousand_times) {
    token_claims claims;
    claims.appid = "wx1";
    claims.issued = now;
    claims.expires = now + 1h;
    const std::string token = issue_token(claims, rules, test::keyring_of({test::signing_key_of("k0")}));

    session::current_keyring keys{ring_of(0)};
    net::reactor_pool reactors{2};
    std::atomic<bool> is_over{false};
    std::atomic<unsigned> verified{0};
    std::atomic<unsigned> refused{0};
    std::function<void(std::size_t)> turn = [&](std::size_t index) {
        for (int i = 0; i < 10; ++i)
            ++(verify_token(token, rules, keys.now(), now).has_value() ? verified : refused);
        if (!is_over) asio::post(reactors[index].get_executor(), [&turn, index] { turn(index); });
    };
    for (std::size_t index = 0; index < reactors.size(); ++index)
        asio::post(reactors[index].get_executor(), [&turn, index] { turn(index); });
    reactors.start();

    std::vector<std::weak_ptr<const keyring>> gone;
    for (unsigned generation = 1; generation <= 1000; ++generation) {
        const auto previous = keys.replace(ring_of(generation));
        gone.emplace_back(previous);
        for (std::size_t index = 0; index < reactors.size(); ++index)
            asio::post(reactors[index].get_executor(), [previous] {});
    }
    // Behind the last of them in every reactor's queue.
    for (std::size_t index = 0; index < reactors.size(); ++index) {
        std::promise<void> passed;
        asio::post(reactors[index].get_executor(), [&passed] { passed.set_value(); });
        passed.get_future().get();
    }
    is_over = true;
    reactors.stop_and_join();
    BOOST_TEST(verified.load() > 0u);
    BOOST_TEST(refused.load() == 0u);
    BOOST_TEST(std::all_of(gone.begin(), gone.end(), [](const auto& each) { return each.expired(); }));
}

BOOST_AUTO_TEST_SUITE_END()
