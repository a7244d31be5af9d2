#include "tests/net/pool_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/ssl.h>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(tls_client)

BOOST_AUTO_TEST_CASE(an_exchange_over_a_verified_connection_has_its_response) {
    tls_peer peer{localhost(), always(ok("hello"))};
    client to{peer.port()};
    const exchange_outcome outcome = to.exchange();
    check_fault(outcome, fault::none, true);
    BOOST_TEST(outcome.status == 200u);
    BOOST_TEST(outcome.body == "hello");
}

BOOST_AUTO_TEST_CASE(an_address_is_verified_as_an_address) {
    tls_peer right{authority().issue({.host = "127.0.0.1"}), always(ok("x"))};
    check_fault(client{right.port(), quick(), "127.0.0.1"}.exchange(), fault::none, true);
    tls_peer wrong{localhost(), always(ok("x"))};
    check_fault(client{wrong.port(), quick(), "127.0.0.1"}.exchange(), fault::tls, false);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_good_for_the_host_now_is_refused_before_anything_is_sent) {
    const certificate bad[] = {
        authority().issue({.host = "another.test"}),
        make_self_signed(),
        authority().issue({.starts_in = -48h, .ends_in = -24h}),
        authority().issue({.starts_in = 24h, .ends_in = 48h}),
        certificate_authority{}.issue(),
    };
    for (const certificate& each : bad) {
        tls_peer peer{each, always(ok("x"))};
        client to{peer.port()};
        check_fault(to.exchange(), fault::tls, false);
        BOOST_TEST(peer.requests() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_spoken_and_older_versions_are_not) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        tls_peer old{localhost(), always(ok("x")), {.max_tls_version = version}};
        check_fault(client{old.port()}.exchange(), fault::tls, false);
    }
    tls_peer fair{localhost(), always(ok("x")), {.max_tls_version = TLS1_2_VERSION}};
    check_fault(client{fair.port()}.exchange(), fault::none, true);
}

BOOST_AUTO_TEST_CASE(a_stall_or_garbage_in_the_handshake_is_not_sent) {
    check_fault(
        one([](peer_connection& with) { with.read_raw(), with.wait_for_close(); }), fault::tls, false);
    check_fault(one([](peer_connection& with) { with.read_raw(); }), fault::tls, false);
    check_fault(one([](peer_connection& with) { with.read_raw(), with.reset(); }), fault::tls, false);
    const exchange_outcome reset_at_once = one([](peer_connection& with) { with.reset(); });
    BOOST_TEST((reset_at_once.fault == fault::tls || reset_at_once.fault == fault::connect));
    BOOST_TEST(!reset_at_once.was_sent);
}

BOOST_AUTO_TEST_CASE(the_next_connection_resumes_the_session) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_peer peer{
            localhost(),
            always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
            {.max_tls_version = version}};
        client to{peer.port()};
        for (int i = 0; i < 3; ++i) check_fault(to.exchange(), fault::none, true);
        BOOST_TEST(peer.resumptions() == 2u);
        BOOST_TEST(to.counts().resumed == 2u);
        BOOST_TEST(to.counts().opened == 3u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
