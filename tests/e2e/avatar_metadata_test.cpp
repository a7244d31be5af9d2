// Pictures as cameras and programs write them: shown without what they say of the user.
#include "tests/support/deployment.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/pictures.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;
namespace fs = std::filesystem;

namespace {

struct running : deployment {
    // Empties and fills `directory` of the files.
    [[nodiscard]] std::string make_pictures() const {
        const std::string where = file("pictures");
        fs::create_directory(where);
        BOOST_TEST_REQUIRE(ask_pillow({"make", where}) == 0);
        return where;
    }
    [[nodiscard]] int ask_pillow(const std::vector<std::string>& arguments) const {
        std::vector<std::string> command{"/usr/bin/python3", source_path("tests/interop/pictures.py")};
        command.insert(command.end(), arguments.begin(), arguments.end());
        child_process asked{std::move(command), file("pillow.log")};
        const int status = asked.wait();
        if (status != 0) BOOST_TEST_MESSAGE(asked.output());
        return status;
    }
    [[nodiscard]] http_reply send(std::string_view bearer, const std::string& picture) const {
        const std::string body = upload_of(picture);
        std::string text{
            "POST /me/avatar HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary="};
        text.append(upload_boundary).append("\r\n").append(bearer);
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return http_connection{public_address()}.exchange(text);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(avatar_metadata, running)

BOOST_AUTO_TEST_CASE(a_picture_is_shown_as_it_was_and_says_nothing_else) {
    const std::string bearer =
        "Authorization: Bearer " + text_of(json_of(log_in(mint_code("alice"))), "token") + "\r\n";
    std::size_t count = 0;
    for (const auto& each : fs::directory_iterator{make_pictures()}) {
        const fs::path& before = each.path();
        BOOST_TEST_CONTEXT(before.filename()) {
            const http_reply sent = send(bearer, content_of(before));
            BOOST_TEST_REQUIRE(sent.status == 200u, sent.body);
            const http_reply shown = http_get(public_address(), text_of(json_of(sent), "avatarUrl"));
            BOOST_TEST_REQUIRE(shown.status == 200u);
            const std::string after = file("after" + before.extension().string());
            std::ofstream{after, std::ios::binary} << shown.body;
            BOOST_TEST(ask_pillow({"check", before.string(), after}) == 0);
        }
        ++count;
    }
    BOOST_TEST(count == 16u);
}

BOOST_AUTO_TEST_SUITE_END()
