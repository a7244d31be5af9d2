#include "core/net/listener.hpp"
#include "core/net/listening_socket.hpp"
#include "tests/net/echo_service.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <deque>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// UBSan opens a pipe to look at an object's type, and reports a fault when it cannot.
boost::test_tools::assertion_result descriptors_may_run_out(boost::unit_test::test_unit_id) {
#if __has_feature(undefined_behavior_sanitizer)
    return false;
#else
    return true;
#endif
}

// Takes every descriptor that the process may still open. The limit is lowered first, so that there are
// few to take.
class scarce_descriptors {
public:
    scarce_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit low = before_;
        low.rlim_cur = 256;
        ::setrlimit(RLIMIT_NOFILE, &low);
    }
    ~scarce_descriptors() {
        give_back();
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    void take_all() {
        for (;;) {
            file_descriptor taken{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
            if (!taken.is_open()) break;
            taken_.push_back(std::move(taken));
        }
    }
    void give_back(std::size_t count) {
        while (count-- > 0 && !taken_.empty()) taken_.pop_back();
    }
    void give_back() { taken_.clear(); }

private:
    rlimit before_{};
    std::deque<file_descriptor> taken_;
};

std::chrono::microseconds process_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& t) {
        return std::chrono::seconds{t.tv_sec} + std::chrono::microseconds{t.tv_usec};
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

void connect_to(const file_descriptor& socket, std::uint16_t port) {
    const asio::ip::tcp::endpoint there{asio::ip::address_v4::loopback(), port};
    BOOST_TEST_REQUIRE(::connect(socket.get(), there.data(), static_cast<socklen_t>(there.size())) == 0);
}

// Whether the peer closes or resets within `at_most`.
bool ends_within(const file_descriptor& socket, std::chrono::milliseconds at_most) {
    pollfd waiting{socket.get(), POLLIN, 0};
    char byte = 0;
    return ::poll(&waiting, 1, static_cast<int>(at_most.count())) == 1 &&
           ::recv(socket.get(), &byte, 1, 0) <= 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(all_reactors_share_a_port_that_the_kernel_has_picked) {
    echo_service service;
    running_server running{service, {}, 4};
    BOOST_TEST(running.server().port(0) != 0u);
    std::deque<http_connection> clients;
    for (int i = 0; i < 64; ++i) {
        clients.emplace_back(running.address());
        BOOST_TEST(clients.back().exchange(get_request("/")).status == 200u);
    }
    BOOST_TEST(running.server().open_connections() == 64u);
}

BOOST_AUTO_TEST_CASE(every_endpoint_has_its_service_and_knows_whether_it_is_internal) {
    echo_service outer;
    echo_service inner;
    running_server running{{{"127.0.0.1:0", &outer}, {"127.0.0.1:0", &inner, true}}, {}, 2};
    BOOST_TEST(http_get(running.address(0), "/").status == 200u);
    BOOST_TEST(http_get(running.address(1), "/").status == 200u);
    BOOST_TEST(outer.handled == 1);
    BOOST_TEST(inner.handled == 1);
}

BOOST_AUTO_TEST_CASE(a_port_that_a_second_server_holds_is_not_shared_with_it) {
    echo_service service;
    running_server running{service};
    server_settings settings;
    reactor_pool reactors{1};
    const auto start_second = [&] {
        http_server second{reactors, settings, {{running.address(), &service}}};
    };
    BOOST_CHECK_EXCEPTION(start_second(), std::system_error, [](const std::system_error& e) {
        return e.code() == std::errc::address_in_use;
    });
}

BOOST_AUTO_TEST_CASE(a_port_can_be_bound_again_at_once) {
    echo_service service;
    std::string address;
    {
        running_server running{service};
        address = running.address();
        http_connection client{address};
        BOOST_TEST(client.exchange(get_request("/close")).status == 200u);
        BOOST_TEST(client.closes_within(5s));
    }
    running_server again{{{address, &service}}, {}, 1};
    BOOST_TEST(http_get(address, "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(addresses_that_are_none_are_refused) {
    for (const char* text :
         {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1", "localhost:80",
          ":80", "::1:80", "[::1]80", "[::1:80", "[127.0.0.1]:80", "1.2.3.4.5:80", "unix:"})
        BOOST_TEST_CONTEXT(text) {
            BOOST_CHECK_THROW((void)bind_sockets(text, 1), config_error);
        }
    BOOST_CHECK_THROW((void)bind_sockets("unix:" + std::string(200, 'x'), 1), config_error);
    BOOST_CHECK_THROW((void)bind_sockets("unix:/no/such/directory/socket", 1), std::system_error);
    BOOST_TEST(bind_sockets("[::1]:0", 1).address.starts_with("[::1]:"));
}

BOOST_AUTO_TEST_CASE(a_trusted_proxy_that_is_no_address_stops_the_start) {
    echo_service service;
    server_settings settings;
    settings.trusted_proxies = {"10.0.0.0/8", "proxy.example.com"};
    BOOST_CHECK_EXCEPTION(running_server(service, settings), config_error, [](const config_error& e) {
        return std::string_view{e.what()}.find("proxy.example.com") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_served_and_its_file_goes_with_it) {
    temporary_directory directory;
    const std::string path = (directory.path() / "socket").string();
    echo_service service;
    {
        running_server running{{{"unix:" + path, &service, true}}, {}, 2};
        BOOST_TEST(running.address() == "unix:" + path);
        BOOST_TEST(running.server().port(0) == 0u);
        struct stat file{};
        BOOST_TEST_REQUIRE(::stat(path.c_str(), &file) == 0);
        BOOST_TEST((file.st_mode & 0777) == 0660u);
        const auto reply = http_get("unix:" + path, "/", "X-Forwarded-For: 192.0.2.1\r\n");
        BOOST_TEST(reply.status == 200u);
        BOOST_TEST(reply.body.find("192.0.2.1") == std::string::npos);
        running.server().stop_accepting();
        BOOST_TEST(comes_true([&] { return ::access(path.c_str(), F_OK) != 0; }));
    }
}

BOOST_AUTO_TEST_CASE(a_unix_socket_that_nobody_answers_is_replaced_and_one_in_use_is_not) {
    temporary_directory directory;
    const std::string path = (directory.path() / "socket").string();
    echo_service service;
    {
        const listening_sockets left_behind = bind_sockets("unix:" + path, 1);
    }
    BOOST_TEST_REQUIRE(::access(path.c_str(), F_OK) == 0);
    running_server running{{{"unix:" + path, &service}}, {}, 1};
    BOOST_TEST(http_get("unix:" + path, "/").status == 200u);
    BOOST_CHECK_THROW((void)bind_sockets("unix:" + path, 1), std::system_error);
    BOOST_TEST(http_get("unix:" + path, "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_socket_is_left_alone) {
    temporary_directory directory;
    const std::string path = (directory.path() / "file").string();
    file_descriptor{::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)}.reset();
    BOOST_CHECK_THROW((void)bind_sockets("unix:" + path, 1), std::system_error);
    BOOST_TEST(::access(path.c_str(), F_OK) == 0);
}

BOOST_AUTO_TEST_CASE(a_socket_handed_over_by_a_service_manager_is_served) {
    listening_sockets made = bind_sockets("127.0.0.1:0", 1);
    BOOST_TEST_REQUIRE(::listen(made.sockets.front().get(), 16) == 0);
    echo_service service;
    running_server running{{{"", &service, false, made.sockets.front().release()}}, {}, 3};
    BOOST_TEST(running.address() == made.address);
    for (int i = 0; i < 20; ++i) BOOST_TEST(http_get(made.address, "/").status == 200u);

    const int no_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BOOST_CHECK_THROW((void)adopt_socket(no_listener, 1), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_connection_too_many_is_told_so_and_a_free_place_is_taken_again) {
    echo_service service;
    server_settings settings;
    settings.max_connections = 2;
    running_server running{service, settings, 2};
    http_connection first{running.address()};
    {
        http_connection second{running.address()};
        BOOST_TEST(first.exchange(get_request("/")).status == 200u);
        BOOST_TEST(second.exchange(get_request("/")).status == 200u);
        for (int i = 0; i < 10; ++i) {
            http_connection third{running.address()};
            third.send(get_request("/"));
            const auto reply = third.receive();
            BOOST_TEST(reply.status == 503u);
            BOOST_TEST(reply.field("connection") == "close");
            BOOST_TEST(third.closes_within(5s));
        }
        BOOST_TEST(service.handled == 2);
        BOOST_TEST(first.exchange(get_request("/")).status == 200u);
    }
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 1; }));
    BOOST_TEST(http_get(running.address(), "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_flood_over_the_limit_leaves_a_bounded_number_of_descriptors_open) {
    echo_service service;
    server_settings settings;
    settings.max_connections = 1;
    running_server running{service, settings};
    http_connection only{running.address()};
    BOOST_TEST(only.exchange(get_request("/")).status == 200u);
    std::deque<http_connection> flood;
    for (int i = 0; i < 300; ++i) flood.emplace_back(running.address());
    // Beyond those that are being told, connections are closed without a word.
    BOOST_TEST(flood.back().closes_within(5s));
    BOOST_TEST(service.refused <= 64 + 1);
    BOOST_TEST(only.exchange(get_request("/")).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_internal_endpoint_answers_when_the_public_one_is_full) {
    echo_service outer;
    echo_service inner;
    server_settings settings;
    settings.max_connections = 1;
    running_server running{{{"127.0.0.1:0", &outer}, {"127.0.0.1:0", &inner, true}}, settings, 1};
    http_connection only{running.address(0)};
    BOOST_TEST(only.exchange(get_request("/")).status == 200u);
    BOOST_TEST(http_get(running.address(0), "/").status == 503u);
    BOOST_TEST(http_get(running.address(1), "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(
    without_descriptors_the_server_rests_and_recovers,
    *boost::unit_test::precondition(descriptors_may_run_out)) {
    echo_service service;
    server_settings settings;
    settings.max_connections = 1000;
    scarce_descriptors descriptors;
    running_server running{service, settings};
    http_connection before{running.address()};
    BOOST_TEST(before.exchange(get_request("/")).status == 200u);

    // Clients that have their descriptors already.
    std::deque<file_descriptor> queued;
    for (int i = 0; i < 5; ++i) queued.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    descriptors.take_all();

    const auto used_before = process_time();
    for (const file_descriptor& each : queued) connect_to(each, running.server().port(0));
    // With its reserve the server turns them away, one after each pause, and goes on serving who is there.
    for (const file_descriptor& each : queued) BOOST_TEST(ends_within(each, 10s));
    BOOST_TEST(before.exchange(get_request("/")).status == 200u);
    BOOST_TEST((process_time() - used_before < 200ms)); // it rests, and does not spin

    descriptors.give_back();
    BOOST_TEST(http_get(running.address(), "/").status == 200u);
    BOOST_TEST(before.exchange(get_request("/")).status == 200u);
}

BOOST_AUTO_TEST_CASE(failures_of_accept_are_told_apart) {
    BOOST_TEST((classify_accept_failure(EAGAIN) == accept_failure::nothing_left));
    for (const int passing : {ECONNABORTED, EINTR, EPROTO, EPERM, ENETDOWN, EHOSTUNREACH})
        BOOST_TEST((classify_accept_failure(passing) == accept_failure::passing));
    for (const int exhausted : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EBADF})
        BOOST_TEST((classify_accept_failure(exhausted) == accept_failure::exhausted));
}

BOOST_AUTO_TEST_SUITE_END()
