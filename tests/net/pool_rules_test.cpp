#include "core/net/pool_rules.hpp"

#include "core/net/address_rotation.hpp"
#include "core/net/https_origin.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind::net;
using namespace std::chrono_literals;

namespace {

constexpr pool_bounds bounds{.max_connections = 4, .max_opening = 2, .max_waiting = 3};
const address_rotation::time_point noon{1000s};

bool admits(const pool_load& load, admission expected, bool fresh = false, bool is_first = false) {
    return admit(load, bounds, fresh, is_first) == expected;
}

address_list four() {
    address_list list;
    for (std::uint32_t last = 1; last <= 4; ++last)
        list.emplace_back(boost::asio::ip::address_v4{0x7f000000u + last}, std::uint16_t{443});
    return list;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_rules)

BOOST_AUTO_TEST_CASE(a_connection_lives_from_connecting_to_closed) {
    using enum connection_state;
    using event = connection_event;
    BOOST_TEST((next_state(connecting, event::connected) == handshaking));
    BOOST_TEST((next_state(handshaking, event::secured) == busy));
    BOOST_TEST((next_state(busy, event::answered) == idle));
    BOOST_TEST((next_state(idle, event::borrowed) == busy));
    BOOST_TEST((next_state(idle, event::aged) == closed));
    BOOST_TEST((next_state(busy, event::aged) == busy));
    for (const auto state : {connecting, handshaking, idle, busy, closed}) {
        BOOST_TEST((next_state(state, event::spoilt) == closed));
        if (state != idle) BOOST_TEST((next_state(state, event::borrowed) == closed));
        if (state != busy) BOOST_TEST((next_state(state, event::answered) == closed));
    }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_reused_before_one_is_opened) {
    BOOST_TEST(admits({.idle = 1}, admission::reuse));
    BOOST_TEST(admits({.idle = 1, .busy = 3}, admission::reuse));
    BOOST_TEST(admits({}, admission::open));
    BOOST_TEST(admits({.busy = 3}, admission::open));
}

BOOST_AUTO_TEST_CASE(connections_openings_and_waiters_are_bounded) {
    BOOST_TEST(admits({.busy = 4}, admission::wait));
    BOOST_TEST(admits({.busy = 1, .opening = 2}, admission::wait));
    BOOST_TEST(admits({.busy = 3, .opening = 1}, admission::wait));
    BOOST_TEST(admits({.busy = 4, .waiting = 2}, admission::wait));
    BOOST_TEST(admits({.busy = 4, .waiting = 3}, admission::refuse));
}

BOOST_AUTO_TEST_CASE(nobody_overtakes_those_who_wait) {
    BOOST_TEST(admits({.idle = 1, .busy = 3, .waiting = 1}, admission::wait));
    BOOST_TEST(admits({.idle = 1, .busy = 3, .waiting = 1}, admission::reuse, false, true));
    BOOST_TEST(admits({.busy = 3, .waiting = 3}, admission::open, false, true));
}

BOOST_AUTO_TEST_CASE(a_fresh_one_takes_the_place_of_the_oldest_idle_one_when_there_is_no_other) {
    BOOST_TEST(admits({.idle = 1, .busy = 2}, admission::open, true));
    BOOST_TEST(admits({.idle = 1, .busy = 3}, admission::replace_oldest, true));
    BOOST_TEST(admits({.busy = 4}, admission::wait, true));
}

BOOST_AUTO_TEST_CASE(addresses_are_used_in_turn) {
    const address_list known = four();
    address_rotation rotation{2};
    std::set<address_rotation::endpoint> seen;
    BOOST_TEST((rotation.pick(known, noon) == known[2]));
    for (int i = 0; i < 4; ++i) seen.insert(rotation.pick(known, noon));
    BOOST_TEST(seen.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_dead_address_is_left_out_for_longer_each_time_and_comes_back_with_a_success) {
    const address_list known = four();
    address_rotation rotation{0};
    const auto used_at = [&](auto when) {
        for (int i = 0; i < 4; ++i)
            if (rotation.pick(known, when) == known[1]) return true;
        return false;
    };
    rotation.failed(known[1], noon);
    rotation.failed(known[1], noon); // two connections that were under way
    BOOST_TEST(!used_at(noon + 999ms));
    BOOST_TEST(used_at(noon + 1s));
    rotation.failed(known[1], noon + 1s);
    BOOST_TEST(!used_at(noon + 2999ms));
    BOOST_TEST(used_at(noon + 3s));
    auto now = noon + 3s;
    for (int i = 0; i < 10; ++i) {
        rotation.failed(known[1], now);
        now += 30s;
        BOOST_TEST(used_at(now));
    }
    rotation.succeeded(known[1]);
    rotation.failed(known[1], now);
    BOOST_TEST(used_at(now + 1s));
}

BOOST_AUTO_TEST_CASE(when_all_are_dead_the_one_whose_time_is_up_first_is_tried) {
    const address_list known = four();
    address_rotation rotation{0};
    for (const auto& each : known) rotation.failed(each, noon + (each == known[2] ? 0ms : 100ms));
    BOOST_TEST((rotation.pick(known, noon + 500ms) == known[2]));
}

BOOST_AUTO_TEST_CASE(an_origin_is_scheme_host_and_port_and_nothing_else) {
    const auto plain = parse_https_origin("https://api.weixin.qq.com");
    BOOST_TEST_REQUIRE(plain.has_value());
    BOOST_TEST(plain->host == "api.weixin.qq.com");
    BOOST_TEST(plain->port == 443);
    BOOST_TEST(plain->authority() == "api.weixin.qq.com");
    BOOST_TEST(parse_https_origin("https://localhost:18443/")->authority() == "localhost:18443");
    BOOST_TEST(parse_https_origin("https://127.0.0.1:1")->host == "127.0.0.1");
    BOOST_TEST(parse_https_origin("https://[::1]:8443")->host == "::1");
    BOOST_TEST(parse_https_origin("https://[::1]:8443")->authority() == "[::1]:8443");
    for (const char* const bad :
         {"", "localhost", "http://localhost", "https://", "https://u@localhost", "https://localhost/x",
          "https://localhost?x", "https://localhost#x", "https://localhost:0", "https://localhost:65536",
          "https://local host"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!parse_https_origin(bad).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
