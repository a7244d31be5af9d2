// Users' own pictures: uploaded as wx.uploadFile does it, shown to everybody, gone with the user.
#include "tests/support/deployment.hpp"
#include "tests/support/pictures.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <thread>
#include <vector>

using namespace wxlogind::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view base{"https://login.example.com/wx"};

deployment_options with_small_pictures() {
    deployment_options options;
    options.sections = "[avatars]\nbase_url = \"" + std::string{base} +
                       "\"\nmax_bytes = 200000\nmax_side = 1000\nmin_free_bytes = 0\n";
    return options;
}

struct running : deployment {
    running() : deployment{with_small_pictures()} {}

    std::string bearer_of(std::string_view user) const {
        return "Authorization: Bearer " + text_of(json_of(log_in(mint_code(user))), "token") + "\r\n";
    }
    http_reply send(std::string_view bearer, const std::string& body, std::string_view type = {}) const {
        const std::string usual = "multipart/form-data; boundary=" + std::string{upload_boundary};
        std::string text{"POST /me/avatar HTTP/1.1\r\nHost: h\r\n"};
        text.append(bearer).append("Content-Type: ").append(type.empty() ? usual : type);
        text += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return http_connection{public_address()}.exchange(text);
    }
    // The path of the picture that it has then.
    std::string upload(std::string_view bearer, const std::string& picture) const {
        const http_reply reply = send(bearer, upload_of(picture));
        BOOST_TEST_REQUIRE(reply.status == 200u);
        const std::string url = text_of(json_of(reply), "avatarUrl");
        BOOST_TEST_REQUIRE(url.starts_with(base));
        return url.substr(base.size());
    }
    http_reply show(std::string_view path, std::string_view more = {}) const {
        return http_get(public_address(), path, more);
    }
    std::string shown_to(std::string_view bearer) const {
        return text_of(json_of(http_get(public_address(), "/me", bearer)), "avatarUrl");
    }
    std::size_t files() const {
        const std::string where = database() + "-avatars";
        if (!fs::exists(where)) return 0;
        std::size_t count = 0;
        for (const auto& each : fs::recursive_directory_iterator{where})
            count += each.is_regular_file() ? 1 : 0;
        return count;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(avatar, running)

BOOST_AUTO_TEST_CASE(a_picture_of_each_format_is_shown_as_what_it_is_byte_by_byte) {
    const std::string bearer = bearer_of("alice");
    const std::pair<std::string, std::string_view> pictures[] = {
        {png(132, 132, 150'000), "image/png"},
        {jpeg(640, 480, 60'000), "image/jpeg"},
        {gif(1, 1), "image/gif"},
        {webp("VP8L", "\x2f" + little_endian(99 | 99 << 14, 4)), "image/webp"},
    };
    for (const auto& [picture, type] : pictures) {
        const std::string path = upload(bearer, picture);
        BOOST_TEST(shown_to(bearer) == std::string{base} + path);
        const http_reply shown = show(path);
        BOOST_TEST_REQUIRE(shown.status == 200u);
        BOOST_TEST((shown.body == picture));
        BOOST_TEST(shown.field("content-type") == type);
        BOOST_TEST(shown.field("x-content-type-options") == "nosniff");
        BOOST_TEST(shown.field("cache-control") == "public, max-age=31536000, immutable");
        BOOST_TEST(files() == 1u); // the one before is gone
    }
}

BOOST_AUTO_TEST_CASE(who_has_the_picture_is_not_sent_it_again) {
    const std::string path = upload(bearer_of("bob"), png(3, 2));
    const std::string tag = show(path).field("etag");
    for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string{"*"}}) {
        const http_reply same = show(path, "If-None-Match: " + known + "\r\n");
        BOOST_TEST_CONTEXT(known) {
            BOOST_TEST(same.status == 304u);
            BOOST_TEST(same.body == "");
            BOOST_TEST(same.field("etag") == tag);
        }
    }
    BOOST_TEST(show(path, "If-None-Match: \"x\"\r\n").status == 200u);
    http_connection client{public_address()};
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    const http_reply head = client.receive(true);
    BOOST_TEST(head.status == 200u);
    BOOST_TEST(head.field("content-length") == "64");
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_of_ours_is_not_found) {
    for (const std::string_view path :
         {"/avatars/x", "/avatars/", "/avatars/0123456789abcdef0123456789abcdef",
          "/avatars/0123456789ABCDEF0123456789ABCDEF", "/avatars/..%2f..%2fwxlogind.db",
          "/avatars/0123456789abcdef0123456789abcdef/x"})
        BOOST_TEST_CONTEXT(path) BOOST_TEST(show(path).status == 404u);
}

BOOST_AUTO_TEST_CASE(what_is_refused_names_the_part_and_changes_nothing) {
    const std::string bearer = bearer_of("carol");
    const std::string before = upload(bearer, png(3, 2));
    struct {
        std::string body;
        unsigned status;
        std::string_view detail;
    } const bad[] = {
        {upload_of(""), 400, "avatar: empty"},
        {upload_of("<svg/>"), 415, "avatar: neither a PNG, JPEG, WebP nor GIF picture"},
        {upload_of(png(3, 2).substr(0, 20)), 400, "avatar: the picture is cut off"},
        {upload_of(png(1001, 2)), 400, "avatar: over 1000 pixels wide or high"},
        {upload_of(jpeg(2, 1001)), 400, "avatar: over 1000 pixels wide or high"},
        {upload_of(png(3, 2, 200'001)), 413, "avatar: over 200000 bytes"},
        {upload_of(png(3, 2), "picture"), 400, "avatar: missing"},
        {upload_of(png(3, 2)).substr(0, 200), 400, "body: is cut off"},
        {"", 400, "body: is cut off"},
        {std::string(100'000, 'x'), 400, "body: does not begin with the boundary of its Content-Type"},
    };
    for (const auto& each : bad) {
        const http_reply refused = send(bearer, each.body);
        BOOST_TEST_CONTEXT(each.detail) {
            BOOST_TEST(refused.status == each.status);
            BOOST_TEST(text_of(json_of(refused), "detail") == each.detail);
        }
    }
    BOOST_TEST(send(bearer, "{}", "application/json").status == 415u);
    BOOST_TEST(send(bearer, upload_of(png(3, 2)), "multipart/form-data").status == 400u);
    BOOST_TEST(shown_to(bearer) == std::string{base} + before);
    BOOST_TEST(files() == 1u);
}

BOOST_AUTO_TEST_CASE(nobody_without_a_token_has_a_body_taken) {
    for (const std::string_view bearer : {"", "Authorization: Bearer x\r\n"}) {
        http_connection client{public_address()};
        std::string head{"POST /me/avatar HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"};
        client.send(head.append(bearer).append("Content-Length: 200000\r\n\r\n"));
        BOOST_TEST(client.receive().status == 401u);
        BOOST_TEST(client.closes_within(5s));
    }
    BOOST_TEST(send(bearer_of("dora"), std::string(300'000, 'x')).status == 413u);
    // Every other call keeps the bound of all.
    http_connection client{public_address()};
    client.send("POST /me HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n");
    BOOST_TEST(client.receive().status == 413u);
    BOOST_TEST(files() == 0u);
}

BOOST_AUTO_TEST_CASE(the_picture_is_there_after_kill_9) {
    const std::string path = upload(bearer_of("eve"), png(3, 2, 100'000));
    kill_wxlogind();
    start_wxlogind();
    BOOST_TEST((show(path).body == png(3, 2, 100'000)));
}

BOOST_AUTO_TEST_CASE(a_profile_that_shows_another_picture_or_none_lets_it_go) {
    const std::string bearer = bearer_of("fay");
    upload(bearer, png(3, 2));
    const auto set = [&](std::string_view value) {
        const std::string body = R"({"avatarUrl":")" + std::string{value} + R"("})";
        return http_call(public_address(), "PATCH", "/me", body, bearer).status;
    };
    // Sent back as it came, under whatever name of the server: nothing changes.
    const std::string mine = shown_to(bearer);
    BOOST_TEST(set(mine) == 200u);
    BOOST_TEST(set("http://other.example" + mine.substr(base.size())) == 200u);
    BOOST_TEST(set("/avatars/0123456789abcdef0123456789abcdef") == 200u);
    BOOST_TEST(shown_to(bearer) == mine);
    BOOST_TEST(files() == 1u);
    BOOST_TEST(set("https://pictures.example/fay.png") == 200u);
    BOOST_TEST(shown_to(bearer) == "https://pictures.example/fay.png");
    BOOST_TEST(files() == 0u);
    const std::string path = upload(bearer, png(3, 2));
    BOOST_TEST(set("") == 200u);
    BOOST_TEST(shown_to(bearer) == "");
    BOOST_TEST(show(path).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_user_who_is_erased_takes_the_picture_along) {
    const std::string bearer = bearer_of("gus");
    const std::string path = upload(bearer, png(3, 2));
    BOOST_TEST(http_call(public_address(), "DELETE", "/me", {}, bearer).status == 204u);
    BOOST_TEST(show(path).status == 404u);
    BOOST_TEST(files() == 0u);

    const std::string other = bearer_of("hal");
    const std::string other_path = upload(other, png(3, 2));
    const std::string id = text_of(json_of(http_get(public_address(), "/me", other)), "id");
    const http_reply seen = http_get(internal_address(), "/users/" + id);
    BOOST_TEST(text_of(json_of(seen), "avatarUrl") == std::string{base} + other_path);
    BOOST_TEST(http_call(internal_address(), "DELETE", "/users/" + id).status == 204u);
    BOOST_TEST(show(other_path).status == 404u);
    BOOST_TEST(send(other, upload_of(png(3, 2))).status == 401u);
    BOOST_TEST(files() == 0u);
}

BOOST_AUTO_TEST_CASE(uploads_of_one_user_at_once_leave_one_that_is_shown) {
    const std::string bearer = bearer_of("ida");
    {
        std::vector<std::jthread> clients;
        for (std::uint32_t client = 0; client < 4; ++client)
            clients.emplace_back([&, client] {
                for (std::uint32_t round = 0; round < 5; ++round)
                    send(bearer, upload_of(png(client + 1, round + 1, 50'000)));
            });
    }
    const std::string url = shown_to(bearer);
    BOOST_TEST(show(url.substr(base.size())).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_backup_has_the_pictures_and_gives_them_back) {
    const std::string path = upload(bearer_of("jon"), png(3, 2));
    const std::string copy = file("copy.db");
    const auto back_up = [&] {
        child_process program{
            {program_path("wxlogind"), "backup", "--config", file("wxlogind.toml"), "--to", copy, "--json"},
            file("backup.log")};
        BOOST_TEST(program.wait() == 0);
        return program.output();
    };
    BOOST_TEST(back_up().find(R"("avatars":1)") != std::string::npos);
    const std::string later = upload(bearer_of("kim"), gif(3, 2));
    BOOST_TEST(back_up().find(R"("avatars":2)") != std::string::npos);
    BOOST_TEST(stop_wxlogind() == 0);
    for (const char* const tail : {"", "-wal", "-shm"}) fs::remove(database() + tail);
    fs::remove_all(database() + "-avatars");
    fs::copy_file(copy, database());
    fs::copy(copy + "-avatars", database() + "-avatars", fs::copy_options::recursive);
    start_wxlogind();
    BOOST_TEST((show(path).body == png(3, 2)));
    BOOST_TEST((show(later).body == gif(3, 2)));
}

BOOST_AUTO_TEST_SUITE_END()
