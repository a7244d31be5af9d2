// Bodies that are longer than the listener takes at once, for services that take them piece by piece.
#include "core/net/http.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest = 1 << 20;

// Echoes. "/long…" takes long bodies; "/long/unread" answers without a look at them, "/long/first" after the
// first piece.
class taking_service final : public net::http_service {
public:
    task<net::response> handle(const net::request& incoming) override {
        net::response out;
        out.content_type = "text/plain";
        has_been_asked = true;
        if (incoming.rest == nullptr) {
            out.body = incoming.body;
            co_return out;
        }
        if (incoming.path == "/long/unread") co_return out;
        for (;;) {
            const auto piece = co_await incoming.rest->next();
            if (!piece) {
                why = piece.error().code;
                out.status = 400;
                co_return out;
            }
            largest = std::max<std::size_t>(largest, piece->size());
            out.body += *piece;
            if (piece->empty() || incoming.path == "/long/first") co_return out;
        }
    }
    net::response refuse(const failure& refused, std::string_view) override {
        net::response out;
        out.status = refused.code == errc::content_too_large ? 413 : 500;
        return out;
    }
    [[nodiscard]] std::size_t longest_body(const net::request& head) const noexcept override {
        return head.path.starts_with("/long") && head.header("X-Refused") == std::nullopt ? longest : 0;
    }
    void finished(const net::finished_exchange&) override {}

    std::atomic<std::size_t> largest{0};
    std::atomic<errc> why{};
    std::atomic<bool> has_been_asked{false};
};

std::string text_of_size(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    return text;
}

std::string head_of(std::string_view target, std::size_t size, std::string_view more = {}) {
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n" + std::string{more} +
           "Content-Length: " + std::to_string(size) + "\r\n\r\n";
}

server_settings impatient() {
    server_settings settings;
    settings.body_timeout = 300ms;
    return settings;
}

struct running_service {
    taking_service service;
    running_server running{service, impatient()};

    [[nodiscard]] http_connection connect() const { return http_connection{running.address()}; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(long_body, running_service)

BOOST_AUTO_TEST_CASE(a_long_body_arrives_whole_in_pieces_and_the_connection_goes_on) {
    http_connection client = connect();
    for (const std::size_t size : {std::size_t{16384}, std::size_t{16385}, std::size_t{300'001}, longest}) {
        const std::string body = text_of_size(size);
        const auto reply = client.exchange(head_of("/long", size) + body);
        BOOST_TEST(reply.status == 200u);
        BOOST_TEST((reply.body == body));
    }
    BOOST_TEST(service.largest <= 65536u);
    BOOST_TEST(client.exchange(get_request("/short")).status == 200u);
}

BOOST_AUTO_TEST_CASE(however_its_bytes_arrive) {
    const std::string body = text_of_size(20'000);
    const std::string whole = head_of("/long", body.size()) + body;
    for (const std::size_t cut :
         {std::size_t{10}, whole.size() - body.size(), whole.size() - body.size() + 1, std::size_t{5000},
          whole.size() - 1}) {
        http_connection client = connect();
        client.send(whole.substr(0, cut));
        if (cut >= whole.size() - body.size())
            BOOST_TEST(comes_true([&] { return service.has_been_asked.load(); }));
        const auto reply = client.exchange(whole.substr(cut));
        service.has_been_asked = false;
        BOOST_TEST((reply.body == body));
    }
}

BOOST_AUTO_TEST_CASE(a_request_behind_it_is_served) {
    http_connection client = connect();
    const std::string body = text_of_size(40'000);
    client.send(head_of("/long", body.size()) + body + get_request("/next"));
    BOOST_TEST((client.receive().body == body));
    BOOST_TEST(client.receive().status == 200u);
}

BOOST_AUTO_TEST_CASE(it_is_asked_for_only_when_somebody_wants_it) {
    http_connection client = connect();
    client.send(head_of("/long", 20'000, "Expect: 100-continue\r\n"));
    const auto go_on = client.receive(true);
    BOOST_TEST(go_on.status == 100u);
    const std::string body = text_of_size(20'000);
    BOOST_TEST((client.exchange(body).body == body));

    http_connection other = connect();
    other.send(head_of("/long/unread", 20'000, "Expect: 100-continue\r\n"));
    BOOST_TEST(other.receive().status == 200u);
    BOOST_TEST(other.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(a_client_that_is_still_sending_reads_the_answer_and_the_connection_ends) {
    for (const std::string_view target : {"/long/unread", "/long/first"}) {
        http_connection client = connect();
        const std::string piece(20'000, 'x');
        client.send(head_of(target, 200'000) + piece);
        const auto reply = client.receive();
        BOOST_TEST(reply.status == 200u);
        BOOST_TEST(reply.field("connection") == "close");
        for (int sent = 0; sent < 9; ++sent) BOOST_CHECK_NO_THROW(client.send(piece));
        BOOST_TEST(client.closes_within(5s));
    }
}

BOOST_AUTO_TEST_CASE(what_nobody_takes_is_refused_before_it_is_there) {
    for (const std::string& head :
         {head_of("/short", 16'385), head_of("/long", longest + 1), head_of("/long", 1UL << 40),
          head_of("/long", 20'000, "X-Refused: yes\r\n")}) {
        http_connection client = connect();
        client.send(head);
        BOOST_TEST(client.receive().status == 413u);
        BOOST_TEST(client.closes_within(5s));
    }
}

BOOST_AUTO_TEST_CASE(one_that_stops_coming_ends_in_time) {
    http_connection client = connect();
    client.send(head_of("/long", 20'000) + text_of_size(10'000));
    const auto reply = client.receive();
    BOOST_TEST(reply.status == 400u);
    BOOST_TEST((service.why.load() == errc::request_timeout));
    BOOST_TEST(client.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_in_the_middle_is_no_request) {
    {
        http_connection client = connect();
        client.send(head_of("/long", 500'000) + text_of_size(100'000));
        BOOST_TEST(comes_true([&] { return service.has_been_asked.load(); }));
        client.reset();
    }
    BOOST_TEST(comes_true([&] { return service.why.load() == errc::invalid_request; }));
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
