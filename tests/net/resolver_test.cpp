#include "core/net/resolver.hpp"

#include "tests/support/dns_server.hpp"

#include <boost/test/unit_test.hpp>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using kind = dns_answer::kind;

namespace {

const https_origin wechat{"api.wechat.test", 443};

resolver_settings quick(const dns_server& server) {
    resolver_settings settings;
    settings.interval = 50ms;
    settings.shortest_interval = 50ms;
    settings.query_timeout = 100ms;
    settings.tries = 1;
    settings.first_pause = 10ms;
    settings.servers = {server.address()};
    return settings;
}

std::set<std::string> texts(const std::shared_ptr<const address_list>& list) {
    std::set<std::string> result;
    if (list)
        for (const auto& each : *list) result.insert(each.address().to_string());
    return result;
}

// Whether `condition` comes true within ten seconds.
template <class Condition>
bool comes_true(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE(all_addresses_of_the_host_are_found_with_its_port) {
    dns_server server{{kind::addresses, {"127.0.0.1", "127.0.0.2", "127.0.0.3"}}};
    const net::resolver names{wechat, quick(server)};
    BOOST_TEST_REQUIRE(names.wait_for_addresses(10s));
    BOOST_TEST(texts(names.addresses()).size() == 3u);
    BOOST_TEST(names.addresses()->front().port() == 443);
}

BOOST_AUTO_TEST_CASE(an_ip_literal_and_localhost_need_no_name_server) {
    const net::resolver literal{{"127.0.0.7", 8443}, {}};
    BOOST_TEST_REQUIRE(literal.addresses() != nullptr);
    BOOST_TEST(literal.addresses()->front().address().to_string() == "127.0.0.7");
    const net::resolver v6{{"::1", 8443}, {}};
    BOOST_TEST(v6.addresses()->front().address().is_v6());
    dns_server server{{kind::failure}};
    const net::resolver local{{"localhost", 8443}, quick(server)};
    BOOST_TEST_REQUIRE(local.wait_for_addresses(10s));
    BOOST_TEST(texts(local.addresses()).contains("127.0.0.1"));
}

// In a process of its own, with an empty /etc.
BOOST_AUTO_TEST_CASE(localhost_is_found_on_a_system_that_has_no_hosts_file) {
    enum outcome : int {
        found,
        not_found,
        no_mounts_here,
    };
    const pid_t child = ::fork();
    if (child == 0) {
        const bool has_own_mounts =
            (::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
            ::mount("none", "/etc", "tmpfs", 0, nullptr) == 0;
        if (!has_own_mounts) ::_exit(no_mounts_here);
        const net::resolver local{{"localhost", 8443}, {}};
        ::_exit(local.wait_for_addresses(10s) ? found : not_found);
    }
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST_REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == no_mounts_here) BOOST_TEST_MESSAGE("not shown: no mounts of one's own here");
    BOOST_TEST(WEXITSTATUS(status) != not_found);
}

BOOST_AUTO_TEST_CASE(a_changed_address_is_taken_over) {
    dns_server server{{kind::addresses, {"127.0.0.1"}}};
    const net::resolver names{wechat, quick(server)};
    BOOST_TEST_REQUIRE(names.wait_for_addresses(10s));
    server.answer({kind::addresses, {"127.0.0.9"}});
    BOOST_TEST(comes_true([&] { return texts(names.addresses()) == std::set<std::string>{"127.0.0.9"}; }));
}

BOOST_AUTO_TEST_CASE(whatever_fails_later_the_last_addresses_stay) {
    dns_server server{{kind::addresses, {"127.0.0.1"}}};
    const net::resolver names{wechat, quick(server)};
    BOOST_TEST_REQUIRE(names.wait_for_addresses(10s));
    for (const kind trouble : {kind::no_such_name, kind::failure, kind::silence}) {
        server.answer({trouble});
        const auto before = names.failures();
        BOOST_TEST(comes_true([&] { return names.failures() >= before + 2; }));
        BOOST_TEST(
            texts(names.addresses()) == std::set<std::string>{"127.0.0.1"}, boost::test_tools::per_element());
    }
    server.answer({kind::addresses, {"127.0.0.2"}});
    BOOST_TEST(comes_true([&] { return texts(names.addresses()).contains("127.0.0.2"); }));
}

BOOST_AUTO_TEST_CASE(a_start_without_dns_is_made_good_when_dns_comes_back) {
    dns_server server{{kind::no_such_name}};
    const net::resolver names{wechat, quick(server)};
    BOOST_TEST(comes_true([&] { return names.failures() >= 2; }));
    BOOST_TEST(!names.addresses());
    server.answer({kind::addresses, {"127.0.0.1"}});
    BOOST_TEST(names.wait_for_addresses(10s));
}

BOOST_AUTO_TEST_CASE(a_short_ttl_brings_the_next_lookup_forward) {
    dns_server server{{kind::addresses, {"127.0.0.1"}, 1}};
    resolver_settings settings = quick(server);
    settings.interval = 1h;
    const net::resolver names{wechat, settings};
    BOOST_TEST_REQUIRE(names.wait_for_addresses(10s));
    server.answer({kind::addresses, {"127.0.0.2"}, 1});
    BOOST_TEST(comes_true([&] { return texts(names.addresses()).contains("127.0.0.2"); }));
}

BOOST_AUTO_TEST_CASE(a_lookup_that_stalls_does_not_hold_up_the_end) {
    dns_server server{{kind::silence}};
    resolver_settings settings = quick(server);
    settings.query_timeout = 30s;
    const auto started = std::chrono::steady_clock::now();
    {
        const net::resolver names{wechat, settings};
        BOOST_TEST(comes_true([&] { return server.queries() != 0; }));
    }
    BOOST_TEST((std::chrono::steady_clock::now() - started < 5s));
}

BOOST_AUTO_TEST_CASE(name_servers_that_are_no_addresses_stop_the_start) {
    resolver_settings settings;
    settings.servers = {"not an address"};
    BOOST_CHECK_THROW((net::resolver{wechat, settings}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
