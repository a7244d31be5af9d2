// Pictures where memory or the disk is short.
#include "tests/support/deployment.hpp"
#include "tests/support/pictures.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace wxlogind::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(avatar_limits)

BOOST_AUTO_TEST_CASE(without_room_on_the_disk_no_picture_is_taken_and_logins_go_on) {
    deployment_options options;
    options.sections = "[avatars]\nmin_free_bytes = 1125899906842624\n";
    deployment full{options};
    const std::string token = text_of(json_of(full.log_in(full.mint_code("lee"))), "token");
    const std::string body = upload_of(png(3, 2));
    const http_reply refused = http_connection{full.public_address()}.exchange(
        "POST /me/avatar HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token +
        "\r\nContent-Type: multipart/form-data; boundary=" + std::string{upload_boundary} +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    BOOST_TEST(refused.status == 503u);
    BOOST_TEST(text_of(json_of(refused), "code") == "storage_unavailable");
    BOOST_TEST(full.log_in(full.mint_code("mia")).status == 200u);
    BOOST_TEST(!fs::exists(full.database() + "-avatars"));
}

BOOST_AUTO_TEST_CASE(pictures_on_their_way_take_no_more_memory_than_they_may) {
    deployment_options options;
    options.sections = "[avatars]\nmemory_bytes = 1048576\nmin_free_bytes = 0\n";
    deployment small{options};
    const std::string token = text_of(json_of(small.log_in(small.mint_code("ned"))), "token");
    const std::string body = upload_of(png(3, 2, 600'000));
    const std::string head =
        "POST /me/avatar HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token +
        "\r\nContent-Type: multipart/form-data; boundary=" + std::string{upload_boundary} +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    http_connection first{small.public_address()};
    first.send("POST /me/avatar HTTP/1.1\r\nExpect: 100-continue" + head.substr(head.find("\r\n")));
    BOOST_TEST_REQUIRE(first.receive(true).status == 100u); // it has its room
    http_connection second{small.public_address()};
    second.send(head);
    BOOST_TEST(second.receive().status == 503u);
    BOOST_TEST(first.exchange(body).status == 200u);
    http_connection third{small.public_address()};
    BOOST_TEST(third.exchange(head + body).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
