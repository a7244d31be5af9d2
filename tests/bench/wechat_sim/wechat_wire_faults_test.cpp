#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view lost = R"({"arrived":1,"exchanged":1})";
constexpr std::string_view kept = R"({"arrived":1,"exchanged":0})";

// A simulator with one fault that strikes once, and a code for the request that it strikes.
struct faulty : running_simulator {
    std::string code = mint();

    void order_once(std::string fault) {
        fault.insert(fault.size() - 1, R"(,"count":1)");
        BOOST_TEST_REQUIRE(order("/faults", fault) == 201u, fault);
    }
    [[nodiscard]] std::string connect_error() const { return tls_client{listen, authority}.error(); }

    // Asks once, and lets the fault strike.
    tls_reply strike(tls_client& client) { return client.get(target_of(code)); }
    tls_reply strike() {
        tls_client client{listen, authority};
        return strike(client);
    }
    // How the connection ends when the fault sends no whole answer.
    stream_end end_after(std::string fault) {
        order_once(std::move(fault));
        return strike().end;
    }
    // The same for faults after which nothing comes.
    tls_reply strike_and_wait() {
        tls_client client{listen, authority};
        client.be_patient_for(300ms);
        return strike(client);
    }
    // All bytes of an answer, up to the end of a connection that is not to be kept.
    std::string strike_once_for_all(std::string fault) {
        order_once(std::move(fault));
        tls_client client{listen, authority};
        client.send("GET " + target_of(code) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        return client.receive_everything().body;
    }
    // What a second try gets: the session if the code was kept, 40163 if it was spent.
    [[nodiscard]] bool second_try_is_used() const {
        tls_client client{listen, authority};
        return client.get(target_of(code)).body.starts_with(R"({"errcode":40163,)");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_wire_faults, faulty)

BOOST_AUTO_TEST_CASE(refuse_accept_resets_one_connection_and_lets_the_next_in) {
    order_once(R"({"kind":"refuse_accept"})");
    std::string error;
    try {
        error = connect_error();
    } catch (const std::exception& refused) {
        error = refused.what(); // the reset was faster than connect()
    }
    BOOST_TEST(error != "");
    BOOST_TEST(connect_error() == "");
}

BOOST_AUTO_TEST_CASE(tls_stall_takes_the_client_hello_and_says_nothing) {
    order_once(R"({"kind":"tls_stall"})");
    http_connection raw{listen};
    raw.send("\x16\x03\x01 the start of a handshake");
    BOOST_TEST(!raw.closes_within(200ms));
    BOOST_TEST(connect_error() == "");
}

BOOST_AUTO_TEST_CASE(wrong_certificates_are_recognised_for_what_they_are) {
    order_once(R"({"kind":"wrong_certificate","certificate":"expired"})");
    BOOST_TEST(connect_error() == "certificate: certificate has expired");
    order_once(R"({"kind":"wrong_certificate","certificate":"wrong_host"})");
    BOOST_TEST(connect_error() == "certificate: hostname mismatch");
    order_once(R"({"kind":"wrong_certificate","certificate":"self_signed"})");
    BOOST_TEST(connect_error() == "certificate: self-signed certificate");
    BOOST_TEST(connect_error() == "");
}

BOOST_AUTO_TEST_CASE(latency_delays_the_answer) {
    order_once(R"({"kind":"latency","latency":"fixed:300"})");
    const auto before = std::chrono::steady_clock::now();
    const tls_reply reply = strike();
    BOOST_TEST((std::chrono::steady_clock::now() - before >= 300ms));
    BOOST_TEST(reply.is_whole());
    BOOST_TEST(exchanges_of(code) == lost);
}

BOOST_AUTO_TEST_CASE(hang_never_answers_and_keeps_the_code) {
    order_once(R"({"kind":"hang"})");
    BOOST_TEST((strike_and_wait().end == stream_end::silence));
    BOOST_TEST(exchanges_of(code) == kept);
    BOOST_TEST(!second_try_is_used());
}

BOOST_AUTO_TEST_CASE(hang_spends_the_code_when_it_is_told_to) {
    order_once(R"({"kind":"hang","consume":true})");
    BOOST_TEST((strike_and_wait().end == stream_end::silence));
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(reset_before_keeps_the_code_and_reset_after_spends_it) {
    BOOST_TEST((end_after(R"({"kind":"reset_before"})") == stream_end::reset));
    BOOST_TEST(exchanges_of(code) == kept);
    BOOST_TEST((end_after(R"({"kind":"reset_after"})") == stream_end::reset));
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(drop_after_loses_the_answer_with_a_proper_goodbye) {
    BOOST_TEST((end_after(R"({"kind":"drop_after"})") == stream_end::close_notify));
    BOOST_TEST(exchanges_of(code) == lost);
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(tls_eof_loses_the_answer_without_a_goodbye) {
    BOOST_TEST((end_after(R"({"kind":"tls_eof"})") == stream_end::cut));
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(busy_comes_with_the_code_kept_and_with_the_code_spent) {
    order_once(R"({"kind":"errcode","errcode":-1})");
    BOOST_TEST(strike().body.starts_with(R"({"errcode":-1,"errmsg":"system error, rid: )"));
    BOOST_TEST(exchanges_of(code) == kept);
    order_once(R"({"kind":"errcode","errcode":-1,"consume":true})");
    BOOST_TEST(strike().body.starts_with(R"({"errcode":-1,)"));
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(html_and_bare_statuses_are_answered) {
    order_once(R"({"kind":"html","status":503})");
    const tls_reply page = strike();
    BOOST_TEST(page.head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    BOOST_TEST(page.field("Content-Type") == "text/html");
    BOOST_TEST(page.body.starts_with("<html>"));
    order_once(R"({"kind":"status","status":301})");
    const tls_reply moved = strike();
    BOOST_TEST(moved.head.starts_with("HTTP/1.1 301 Moved Permanently\r\n"));
    BOOST_TEST(moved.field("Location") == "https://api.weixin.qq.com/elsewhere");
    const std::string nothing = strike_once_for_all(R"({"kind":"status","status":204})");
    BOOST_TEST(nothing.starts_with("HTTP/1.1 204 No Content\r\n"));
    BOOST_TEST(nothing.ends_with(" GMT\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(garbage_is_not_http) {
    const std::string all = strike_once_for_all(R"({"kind":"garbage","text":"220 smtp.example ready\r\n"})");
    BOOST_TEST(all == "220 smtp.example ready\r\n");
}

BOOST_AUTO_TEST_CASE(a_body_is_replaced_and_the_code_spent) {
    order_once(R"({"kind":"body","named":"huge"})");
    BOOST_TEST(strike().body.size() > std::size_t{10} << 20);
    BOOST_TEST(exchanges_of(code) == lost);
    order_once(R"({"kind":"body","base64":"AP8="})");
    BOOST_TEST(strike().body == std::string("\0\xff", 2));
}

BOOST_AUTO_TEST_CASE(reset_mid_body_sends_half_of_it) {
    order_once(R"({"kind":"reset_mid_body"})");
    const tls_reply reply = strike();
    BOOST_TEST((reply.end == stream_end::reset));
    BOOST_TEST(reply.body.starts_with(R"({"session_key":)"));
    BOOST_TEST(reply.body.size() == std::stoul(reply.field("Content-Length")) / 2);
    BOOST_TEST(second_try_is_used());
}

BOOST_AUTO_TEST_CASE(slow_trickle_comes_byte_by_byte) {
    order_once(R"({"kind":"slow_trickle","gap_ms":1})");
    const auto before = std::chrono::steady_clock::now();
    BOOST_TEST(strike().is_whole());
    BOOST_TEST((std::chrono::steady_clock::now() - before >= 200ms)); // more than 200 bytes
}

BOOST_AUTO_TEST_CASE(idle_close_answers_and_then_leaves) {
    order_once(R"({"kind":"idle_close","after_ms":50})");
    tls_client client{listen, authority};
    const tls_reply reply = strike(client);
    BOOST_TEST(reply.is_whole());
    BOOST_TEST(reply.field("Connection") == "keep-alive");
    BOOST_TEST((client.receive_everything().end == stream_end::close_notify));
}

BOOST_AUTO_TEST_CASE(without_a_length_the_end_of_the_connection_ends_the_body) {
    order_once(R"({"kind":"no_content_length"})");
    const tls_reply proper = strike();
    BOOST_TEST(proper.field("Content-Length") == "");
    BOOST_TEST(proper.body.ends_with("\"}"));
    BOOST_TEST((proper.end == stream_end::close_notify));
    order_once(R"({"kind":"no_content_length","abrupt":true})");
    BOOST_TEST((strike().end == stream_end::cut));
}

BOOST_AUTO_TEST_CASE(a_wrong_length_is_too_large_or_too_small) {
    order_once(R"({"kind":"wrong_content_length","surplus":10})");
    const tls_reply waiting = strike_and_wait();
    BOOST_TEST((waiting.end == stream_end::silence));
    BOOST_TEST(waiting.body.ends_with("\"}"));
    order_once(R"({"kind":"wrong_content_length","surplus":-5})");
    BOOST_TEST(strike().body.size() == 71u); // of the 76 of a used code's answer
}

BOOST_AUTO_TEST_CASE(chunks_end_in_two_pieces) {
    const std::string all = strike_once_for_all(R"({"kind":"chunked"})");
    BOOST_TEST(all.find("Transfer-Encoding: chunked\r\n\r\n") != std::string::npos, all);
    BOOST_TEST(all.find("\r\n{\"session_key\":") != std::string::npos, all);
    BOOST_TEST(all.ends_with("\"}\r\n0\r\n\r\n"), all);
}

BOOST_AUTO_TEST_CASE(trailers_and_headers_are_as_big_as_promised) {
    const std::string trailing = strike_once_for_all(R"({"kind":"big_trailer"})");
    BOOST_TEST(trailing.size() - trailing.find("\r\n0\r\n") > 70u * 1024);
    BOOST_TEST(trailing.ends_with("p\r\n\r\n"));
    order_once(R"({"kind":"big_headers"})");
    const tls_reply reply = strike();
    BOOST_TEST(reply.head.size() > 100u * 1024);
    BOOST_TEST(reply.is_whole());
}

BOOST_AUTO_TEST_CASE(gzip_comes_unasked) {
    order_once(R"({"kind":"gzip"})");
    const tls_reply reply = strike();
    BOOST_TEST(reply.field("Content-Encoding") == "gzip");
    BOOST_TEST(reply.body.starts_with("\x1f\x8b\x08"));
    BOOST_TEST(reply.is_whole());
}

BOOST_AUTO_TEST_CASE(interim_answers_come_first) {
    const std::string all = strike_once_for_all(R"({"kind":"interim"})");
    BOOST_TEST(all.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"), all);
    BOOST_TEST(all.find("\r\n\r\nHTTP/1.1 200 OK\r\n") != std::string::npos, all);
    BOOST_TEST(all.ends_with("\"}"), all);
}

BOOST_AUTO_TEST_CASE(a_second_answer_comes_that_nobody_asked_for) {
    order_once(R"({"kind":"two_responses"})");
    tls_client client{listen, authority};
    BOOST_TEST(strike(client).is_whole());
    BOOST_TEST(client.receive().body.find("oSTRAY") != std::string::npos);
    BOOST_TEST(client.get(target_of(code)).body.starts_with(R"({"errcode":40163,)"));
}

BOOST_AUTO_TEST_CASE(a_fault_for_one_user_leaves_the_others_alone) {
    BOOST_TEST(order("/faults", R"({"kind":"errcode","errcode":45011,"user":"bob"})") == 201u);
    tls_client client{listen, authority};
    BOOST_TEST(client.get(target_of(mint("alice"))).body.starts_with(R"({"session_key":)"));
    BOOST_TEST(client.get(target_of(mint("bob"))).body.starts_with(R"({"errcode":45011,)"));
}

BOOST_AUTO_TEST_SUITE_END()
