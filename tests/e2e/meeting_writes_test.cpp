// Calls that meet another's write on its way to the disk: a ban, or a queue that is full.
#include "tests/support/held_thread.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <optional>

using namespace wxlogind::test;

namespace {

// Nothing is written while the writer is held.
struct held_deployment : session_deployment {
    using session_deployment::session_deployment;
    std::optional<held_thread> writer;

    void hold_writer() { writer.emplace(wxlogind().pid(), "writer"); }
    // Once so many writes wait for it.
    void wait_for_queued(double writes) const {
        BOOST_TEST_REQUIRE(comes_true([&] {
            return metrics_text{http_get(internal_address(), "/metrics").body}.value(
                       "wxlogind_storage_queued_writes") >= writes;
        }));
    }
    std::future<http_reply> later(std::string request, bool is_public = true) const {
        return std::async(std::launch::async, [this, is_public, request = std::move(request)] {
            return http_connection{is_public ? public_address() : internal_address()}.exchange(request);
        });
    }
    std::future<http_reply> ban_later(const boost::json::object& login) const {
        return later(post_json_request("/users/" + text_of(login, "id") + "/ban", ""), false);
    }
};

std::string upload_request(const std::string& bearer) {
    const std::string body = upload_of(png(8, 8));
    return "POST /me/avatar HTTP/1.1\r\nHost: h\r\n" + bearer +
           "Content-Type: multipart/form-data; boundary=" + std::string{upload_boundary} +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string open_data_of(const deployment& on, std::string_view user) {
    return boost::json::serialize(
        only(make_open_data(on, user), {"rawData", "signature", "encryptedData", "iv"}));
}

void expect_code(const http_reply& reply, unsigned status, std::string_view code) {
    BOOST_TEST(reply.status == status);
    BOOST_TEST(text_of(json_of(reply), "code") == code);
}

deployment_options with_room_for_one() {
    deployment_options options;
    options.storage = "max_batch_rows = 1\nmax_queued_rows = 1\n";
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(meeting_writes)

BOOST_FIXTURE_TEST_CASE(who_is_banned_while_his_call_waits_for_the_disk_is_refused, held_deployment) {
    make_user(*this, R"({"user":"bob","nickname":"Bob"})");
    const auto alice = json_of(log_in(mint_code("alice")));
    const auto bob = json_of(log_in(mint_code("bob")));
    const std::string said = open_data_of(*this, "bob");

    hold_writer();
    auto first_ban = ban_later(alice);
    auto second_ban = ban_later(bob);
    wait_for_queued(2);
    auto picture = later(upload_request(bearer(alice)));
    auto info = later(post_json_request("/me/userinfo", said, bearer(bob)));
    wait_for_queued(4);
    writer.reset();
    BOOST_TEST(first_ban.get().status == 204u);
    BOOST_TEST(second_ban.get().status == 204u);
    expect_code(picture.get(), 403, "user_blocked");
    expect_code(info.get(), 403, "user_blocked");
}

BOOST_AUTO_TEST_CASE(a_back_end_is_told_when_too_many_wait_for_the_disk) {
    held_deployment running{with_room_for_one()};
    const auto login = json_of(running.log_in(running.mint_code("alice")));
    auto asked = only(make_open_data(running, "alice"), {"encryptedData", "iv"});
    asked["user"] = login.at("id");

    running.hold_writer();
    auto waiting = running.ban_later(login);
    running.wait_for_queued(1);
    const http_reply refused =
        http_post(running.internal_address(), "/wechat/decrypt", boost::json::serialize(asked));
    expect_code(refused, 503, "overloaded");
    BOOST_TEST(!refused.field("retry-after").empty());
    running.writer.reset();
    BOOST_TEST(waiting.get().status == 204u);
}

BOOST_AUTO_TEST_SUITE_END()
