#include "core/net/one_exchange.hpp"
#include "tests/net/echo_service.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <system_error>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(one_exchange)

BOOST_AUTO_TEST_CASE(a_question_reaches_a_port_and_a_unix_socket_whole) {
    const temporary_directory files;
    echo_service service;
    const std::string unix_address = "unix:" + files.file("socket");
    running_server server{{{"127.0.0.1:0", &service}, {unix_address, &service}}, {}, 1};
    const net::question what{
        .verb = net::method::post, .target = "/echo?a=b", .body = R"({"x":1})", .fields = {{"X-A", "b"}}};
    for (const std::size_t endpoint : {0u, 1u}) {
        const net::answer got = net::ask(server.address(endpoint), what, 10s);
        BOOST_TEST(got.status == 200u);
        BOOST_TEST(got.body.starts_with("POST /echo?a=b\n5\n"));
        BOOST_TEST(got.body.ends_with(R"({"x":1})"));
    }
}

BOOST_AUTO_TEST_CASE(a_large_answer_and_an_empty_one_arrive) {
    echo_service service;
    running_server server{service};
    const net::question large{.target = "/large", .body = {}, .fields = {}};
    BOOST_TEST(net::ask(server.address(), large, 20s).body.size() == echo_service::large_answer);
    const net::question none{.target = "/no-content", .body = {}, .fields = {}};
    BOOST_TEST(net::ask(server.address(), none, 10s).status == 204u);
}

BOOST_AUTO_TEST_CASE(an_address_where_nobody_listens_is_a_system_error) {
    const temporary_directory files;
    const net::question what{.target = "/", .body = {}, .fields = {}};
    std::string free_address;
    {
        echo_service service;
        running_server server{service};
        free_address = server.address();
    }
    BOOST_CHECK_THROW((void)net::ask(free_address, what, 10s), std::system_error);
    BOOST_CHECK_THROW((void)net::ask("unix:" + files.file("none"), what, 10s), std::system_error);
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_is_not_waited_for_longer_than_was_said) {
    echo_service service;
    running_server server{service};
    const net::question what{.target = "/wait", .body = {}, .fields = {}};
    BOOST_CHECK_THROW((void)net::ask(server.address(), what, 50ms), std::runtime_error);
    service.may_go_on = true;
    BOOST_TEST(comes_true([&] { return service.waiting == 0; }));
}

BOOST_AUTO_TEST_CASE(a_line_break_in_a_field_is_not_sent) {
    echo_service service;
    running_server server{service};
    for (const char* const value : {"a\r\nX-B: c", "a\nb", "a\r"}) {
        const net::question what{.target = "/", .body = {}, .fields = {{"X-A", value}}};
        BOOST_CHECK_THROW((void)net::ask(server.address(), what, 10s), std::invalid_argument);
    }
    BOOST_TEST(service.handled == 0);
}

BOOST_AUTO_TEST_SUITE_END()
