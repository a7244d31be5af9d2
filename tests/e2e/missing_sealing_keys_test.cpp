// A database that needs a key which is not in keys_file: the operator is told which one, and for how much.
#include "tests/support/file_content.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

struct sealed_by_two : session_deployment {
    std::string older_keys; // without sealing:2
    std::string all_keys;

    // Alice and her number are sealed by sealing:1, Bob and his by sealing:2.
    sealed_by_two() {
        log_in_with_phone("alice");
        older_keys = content_of(file("keys.toml"));
        BOOST_TEST_REQUIRE(run_command(*this, {"keys", "add", "--sealing"}).says("sealing:2"));
        BOOST_TEST_REQUIRE(run_command(*this, {"keys", "promote", "sealing:2"}).status == 0);
        BOOST_TEST_REQUIRE(text_of(reload(), "message") == "SIGHUP: reloaded");
        all_keys = content_of(file("keys.toml"));
        log_in_with_phone("bob");
        (void)log_in(mint_code("bob"));
    }
    void log_in_with_phone(const std::string& user) const {
        const auto login = json_of(log_in(mint_code(user)));
        BOOST_TEST_REQUIRE(
            bind_phone(login, R"({"code":")" + phone_code_of(*this, user) + "\"}").status == 200u);
    }
    void restart_with(const std::string& keys) {
        BOOST_TEST(stop_wxlogind() == 0);
        write_file("keys.toml", keys);
        start_wxlogind();
    }
    boost::json::object line_with(std::string_view text) {
        return boost::json::parse(wxlogind().wait_for_line([text](std::string_view line) {
                   return line.find(text) != std::string_view::npos;
               }))
            .as_object();
    }
    [[nodiscard]] bool has_said(std::string_view text) const {
        return output().find(text) != std::string::npos;
    }
};

constexpr std::string_view is_missing{"a sealing key is missing"};
constexpr std::string_view none_is_missing{"no sealing key is missing"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(missing_sealing_keys, sealed_by_two)

BOOST_AUTO_TEST_CASE(an_older_copy_of_the_keys_is_told_of_at_the_start_until_the_key_is_back) {
    restart_with(older_keys);
    const auto told = line_with(is_missing);
    BOOST_TEST(text_of(told, "level") == "error");
    BOOST_TEST(text_of(told, "key") == "sealing:2");
    BOOST_TEST(told.at("session_keys").to_number<int>() == 2);
    BOOST_TEST(told.at("phones").to_number<int>() == 1);
    BOOST_TEST(text_of(told, "keys_file") == file("keys.toml"));

    write_file("keys.toml", all_keys);
    BOOST_TEST(text_of(reload(), "message") == "SIGHUP: reloaded");
    BOOST_TEST(!line_with(none_is_missing).empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_anything_where_all_keys_are_there) {
    restart_with(all_keys);
    BOOST_TEST(!line_with(none_is_missing).empty());
    BOOST_TEST(!has_said(is_missing));
}

BOOST_AUTO_TEST_CASE(an_export_says_that_it_lacks_a_number_which_cannot_be_opened) {
    restart_with(older_keys);
    constexpr const char* number = "phone_number";
    constexpr const char* unreadable = "phone_number_unreadable";
    const auto exported = [&](const std::string& user) {
        const auto login = json_of(log_in(mint_code(user)));
        const std::string id = text_of(login, "id");
        const auto own = json_of(http_get(public_address(), "/me/export", bearer(login)));
        const auto asked = json_of(http_get(internal_address(), "/users/" + id + "/export"));
        BOOST_TEST(own.at("user") == asked.at("user"));
        const auto shown = json_of(http_get(internal_address(), "/users/" + id));
        for (const char* const member : {number, unreadable})
            BOOST_TEST(shown.contains(member) == own.at("user").as_object().contains(member));
        return own.at("user").as_object();
    };
    const auto bob = exported("bob");
    BOOST_TEST(!bob.contains(number));
    BOOST_TEST(bob.at(unreadable).as_bool());
    const auto told = line_with("a stored phone number cannot be opened");
    BOOST_TEST(text_of(told, "level") == "warning");
    BOOST_TEST(text_of(told, "key") == "sealing:2");
    BOOST_TEST(told.at("user") == bob.at("id"));
    const auto alice = exported("alice");
    BOOST_TEST(alice.contains(number));
    BOOST_TEST(!alice.contains(unreadable));

    write_file("keys.toml", all_keys);
    BOOST_TEST(text_of(reload(), "message") == "SIGHUP: reloaded");
    const auto whole = exported("bob");
    BOOST_TEST(!whole.contains(unreadable));
    BOOST_TEST(!has_said(text_of(whole, number).substr(3))); // without +86
}

BOOST_AUTO_TEST_SUITE_END()
