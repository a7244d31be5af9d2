// What may not be found afterwards: secrets anywhere, and those who were erased in the files.
#include "tests/support/deployment.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/traces.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace wxlogind::test;

namespace {

struct running : deployment {
    running() : deployment{options()} {}
    static deployment_options options() {
        deployment_options options;
        options.log_level = "debug";
        // Nobody has to show it. The hash is of another key, so that this one is refused.
        options.sections = "[[service_keys]]\nname = \"canary\"\nhash = \"" + std::string(64, '0') +
                           "\"\nscopes = [\"users:read\"]\n";
        return options;
    }
    // Database and write-ahead log.
    [[nodiscard]] std::string stored() const {
        return content_of(database()) + content_of(database() + "-wal");
    }
    [[nodiscard]] bool is_stored(std::string_view text) const {
        return stored().find(text) != std::string::npos;
    }
    // What WeChat says for a code of that user.
    [[nodiscard]] std::string session_key_of(std::string_view user) const {
        std::string url = wechat_url();
        url += "/sns/jscode2session?grant_type=authorization_code&appid=";
        url.append(first_appid).append("&secret=").append(first_secret).append("&js_code=");
        url += mint_code(user);
        const temporary_directory seen;
        child_process curl{{"/usr/bin/curl", "-sk", url}, seen.file("curl.out")};
        BOOST_TEST_REQUIRE(curl.wait() == 0);
        return text_of(boost::json::parse(curl.output()).as_object(), "session_key");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(traces, running)

BOOST_AUTO_TEST_CASE(no_secret_is_in_log_errors_arguments_or_files) {
    std::vector<std::pair<std::string, std::string>> secrets; // what it is, how it would show
    std::string answers;                                      // all but those that are to hold a token
    const auto note = [&](std::string what, std::string shown) {
        secrets.emplace_back(std::move(what), std::move(shown));
    };
    for (int i = 0; i < 20; ++i) {
        const std::string user = "canary" + std::to_string(i);
        const std::string code = mint_code(user);
        const auto login = json_of(log_in(code, "&nickName=NameOf" + user));
        const std::string token = text_of(login, "token");
        const std::string refresh = text_of(login, "refresh_token");
        note("code", code);
        note("token", token.substr(token.rfind('.')));
        note("refresh token", refresh);
        const std::string bearer = "Authorization: Bearer " + token + "\r\n";
        answers += http_call(public_address(), "PATCH", "/me", R"({"city":"x","gender":7})", bearer).body;
        answers += http_call(public_address(), "PATCH", "/me", R"({"city":"Guangzhou"})", bearer).body;
        answers += http_get(public_address(), "/me", bearer).body;
        answers += http_get(public_address(), "/me/export", bearer).body;
        answers += http_get(public_address(), "/me?token=" + token, {}).body;
        answers += http_get(internal_address(), "/verify", bearer).body;
        answers += http_get(internal_address(), "/users?nickName=NameOf&limit=200").body;
        answers += http_get(internal_address(), "/users/" + token).body;
        answers += log_in(code + "x").body;
        const std::string service_key = "canary-service-key-" + std::to_string(i) + std::string(24, 'k');
        note("service key", service_key);
        const std::string shown = "Authorization: Bearer " + service_key + "\r\n";
        answers += http_get(internal_address(), "/users", shown).body;
        answers += http_get(internal_address(), "/verify", shown).body;
        answers += http_get(public_address(), "/me", shown).body;
        answers += http_post(internal_address(), "/users/merge", R"({"user":")" + token + "\"}").body;
        answers += http_post(internal_address(), "/introspect", "token=" + token).body;
        const http_reply rotated =
            http_post(public_address(), "/token/refresh", R"({"refresh_token":")" + refresh + R"("})");
        BOOST_TEST_REQUIRE(rotated.status == 200u);
        note("refresh token", text_of(json_of(rotated), "refresh_token"));
        answers +=
            http_post(public_address(), "/token/refresh", R"({"refresh_token":")" + refresh + "x\"}").body;
        if (i % 3 == 0) answers += http_call(public_address(), "POST", "/logout", {}, bearer).body;
        if (i % 3 == 1) answers += http_call(public_address(), "DELETE", "/me", {}, bearer).body;
        answers += http_post(internal_address(), "/revoke", "token=" + refresh).body;
        const auto session = json_of(
            http_get(control_address(), "/sessions?appid=" + std::string{first_appid} + "&user=" + user));
        const std::string key = text_of(session, "session_key");
        note("session_key", key);
        note("session_key, decoded", decoded(key));
        // WeChat fails in all kinds of ways, and what it says has secrets in it. Last: it is left alone then.
        if (i != 19) continue;
        for (const std::string& fault :
             {std::string{R"({"kind":"errcode","errcode":40029,"count":1})"},
              std::string{R"({"kind":"errcode","errcode":40125,"count":1})"},
              std::string{R"({"kind":"drop_after","count":1})"},
              std::string{R"({"kind":"reset_before","count":1})"},
              R"({"kind":"garbage","text":")" + key + R"(","count":1})",
              R"({"kind":"body","text":"{\"session_key\":\")" + key + R"(\",\"openid\":7}","count":1})",
              R"({"kind":"body","text":"{\"errcode\":99999,\"errmsg\":\")" + key + R"(\"}","count":1})"}) {
            inject(fault);
            const std::string spent = mint_code(user);
            note("code", spent);
            answers += log_in(spent).body;
            clear_faults();
        }
    }
    answers += http_get(internal_address(), "/audit?limit=200").body;
    answers += http_get(internal_address(), "/metrics").body;
    answers += http_post(internal_address(), "/keys/reseal", {}).body;
    const std::string session_key = session_key_of("canary0");
    BOOST_TEST_REQUIRE(decoded(session_key).size() == 16u);
    note("session_key", session_key);
    note("session_key, decoded", decoded(session_key));
    note("AppSecret", std::string{first_secret});

    const std::string arguments = content_of("/proc/" + std::to_string(wxlogind().pid()) + "/cmdline");
    const std::string environment = content_of("/proc/" + std::to_string(wxlogind().pid()) + "/environ");
    const std::string files = stored();
    BOOST_TEST(stop_wxlogind() == 0);
    const std::string log = content_of(file("wxlogind.log"));
    BOOST_TEST_REQUIRE(log.find("\"/me\"") != std::string::npos);
    const std::string stopped = stored();
    const std::string* const places[] = {&answers, &arguments, &environment, &files, &log, &stopped};
    for (const auto& [what, shown] : secrets)
        for (const std::string* const place : places)
            for (const std::string& form : forms_of(shown))
                BOOST_TEST(place->find(form) == std::string::npos, what << " shows as " << form);
    BOOST_TEST(log.find("NameOf") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_was_erased_is_not_in_the_files_any_more) {
    struct person {
        std::string name;
        std::string bearer;
        std::vector<std::string> traces;
    };
    std::vector<person> everybody;
    for (int i = 0; i < 300; ++i) {
        person one;
        one.name = "Person" + std::to_string(1000 + i);
        const auto login = json_of(log_in(
            mint_code(one.name), "&nickName=Nick" + one.name + "&city=City" + one.name +
                                     "&avatarUrl=https%3A%2F%2Fx%2F" + one.name));
        one.bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
        one.traces = {
            "Nick" + one.name, "City" + one.name, "x/" + one.name, text_of(login, "openid"),
            text_of(login, "unionid")};
        everybody.push_back(std::move(one));
    }
    // Rows move between pages when they change, and leave copies behind.
    for (const person& one : everybody)
        BOOST_TEST(
            http_call(
                public_address(), "PATCH", "/me", R"({"province":")" + std::string(60, 'p') + "\"}",
                one.bearer)
                .status == 200u);
    for (const person& one : everybody)
        for (const std::string& trace : one.traces) BOOST_TEST_REQUIRE(is_stored(trace));

    for (std::size_t i = 0; i < everybody.size(); ++i)
        if (i % 2 == 0)
            BOOST_TEST(http_call(public_address(), "DELETE", "/me", {}, everybody[i].bearer).status == 204u);
    BOOST_TEST(comes_true([&] { return std::filesystem::file_size(database() + "-wal") == 0; }));
    const std::string left = stored();
    for (std::size_t i = 0; i < everybody.size(); ++i)
        for (const std::string& trace : everybody[i].traces)
            BOOST_TEST((left.find(trace) != std::string::npos) == (i % 2 == 1), trace);
}

BOOST_AUTO_TEST_SUITE_END()
