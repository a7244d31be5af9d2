// Every call that there is, made well and badly with marked values: none of them is found afterwards where it
// does not belong.
#include "tests/support/file_content.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/service_key.hpp"
#include "tests/support/session_deployment.hpp"
#include "tests/support/traces.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <set>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

constexpr std::string_view number{"13987654321"};

std::string in_json(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
    json::object object;
    for (const auto& [name, value] : members) object[name] = value;
    return json::serialize(object);
}

// A mini program and a back end that say everything that they know, everywhere.
struct canaries {
    made_key key = make_key("canary", {"verify", "users:read", "users:write", "wechat", "metrics"});
    session_deployment running{options(key)};
    const std::string by_service = "Authorization: Bearer " + key.key + "\r\n";

    std::vector<std::pair<std::string, std::string>> secrets; // what it is, how it would show
    std::string answers; // all but those that are to hold what is looked for
    std::set<std::string> called;

    static deployment_options options(const made_key& key) {
        deployment_options options;
        options.log_level = "debug";
        options.server = "require_service_keys = true\n";
        options.sections = key.section;
        options.internal_socket = "internal.sock";
        return options;
    }

    void note(std::string what, std::string_view shown) {
        BOOST_TEST_REQUIRE(shown.size() >= 8u, what);
        secrets.emplace_back(std::move(what), shown);
    }
    // `route`: "public /me", as `wxlogind routes` names it; `target`: "" = the same.
    http_reply call(
        std::string_view method, std::string_view route, std::string_view target, std::string_view body,
        std::string_view fields) {
        called.emplace(route);
        const bool is_public = route.starts_with("public");
        const std::string_view path = target.empty() ? route.substr(route.find('/')) : target;
        return http_call(
            is_public ? running.public_address() : running.internal_address(), method, path, body, fields);
    }
    // One whose answer is searched.
    http_reply
    ask(std::string_view method, std::string_view route, std::string_view body, std::string_view fields,
        std::string_view target = {}) {
        http_reply reply = call(method, route, target, body, fields);
        answers += reply.body + '\n';
        return reply;
    }
    // Secrets where others belong, and where nothing does.
    void ask_badly(
        std::string_view method, std::string_view route, std::string_view good_body, std::string_view fields,
        std::string_view target = {}) {
        std::string all;
        for (const auto& [what, shown] : secrets)
            if (all.size() + shown.size() < 6000) all += shown + ' ';
        const std::string_view last = secrets.back().second;
        ask(method, route, good_body, {}, target);
        ask(method, route, good_body.substr(0, good_body.size() / 2), fields, target);
        ask(method, route, in_json({{"code", all}, {"user", all}, {"other", last}, {"appid", last}}), fields,
            target);
        ask(method, route, in_json({{"encryptedData", last}, {"iv", last}, {"rejected", all}}), fields,
            target);
        ask(method, route, in_json({{"nickName", all}, {"text", last}, {last, last}}), fields, target);
    }
    std::string session_key_of(std::string_view user) const {
        const auto session = json_of(http_get(
            running.control_address(),
            "/sessions?appid=" + std::string{first_appid} + "&user=" + std::string{user}));
        return text_of(session, "session_key");
    }
    void note_login(const json::object& login) {
        const std::string token = text_of(login, "token");
        note("token", token.substr(token.rfind('.')));
        note("refresh token", text_of(login, "refresh_token"));
    }

    void use_public_calls(const std::string& user, json::object& login);
    void use_wechat_calls(const std::string& user, const json::object& login);
    void use_operators_calls(const std::string& user, const json::object& login);
    void end_everything(const json::object& login);
};

void canaries::use_public_calls(const std::string& user, json::object& login) {
    const std::string code = running.mint_code(user);
    note("code", code);
    login = json_of(call("POST", "public /login", "", in_json({{"code", code}}), {}));
    note_login(login);
    note("session_key", session_key_of(user));
    note("session_key, decoded", decoded(session_key_of(user)));
    const std::string bearer = running.bearer(login);

    const std::string phone_code = phone_code_of(running, user);
    note("code of a phone number", phone_code);
    BOOST_TEST(ask("POST", "public /me/phone", in_json({{"code", phone_code}}), bearer).status == 200u);
    const auto phone = make_open_data(running, user, R"("kind":"phone")");
    note("encrypted phone number", text_of(phone, "encryptedData"));
    BOOST_TEST(
        ask("POST", "public /me/phone",
            in_json({{"encryptedData", text_of(phone, "encryptedData")}, {"iv", text_of(phone, "iv")}}),
            bearer)
            .status == 200u);
    // WeChat's refusal repeats what it was told.
    running.inject(
        R"({"kind":"body","path":"/wxa/business/getuserphonenumber","count":1,"text":"{\"errcode\":99999,\"errmsg\":\")" +
        std::string{number} + R"(\"}"})");
    ask("POST", "public /me/phone", in_json({{"code", phone_code_of(running, user)}}), bearer);
    running.clear_faults();
    ask_badly("POST", "public /me/phone", in_json({{"code", phone_code}}), bearer);

    const auto made = make_open_data(running, user);
    note("encryptedData", text_of(made, "encryptedData"));
    const std::string info = json::serialize(only(made, {"rawData", "signature", "encryptedData", "iv"}));
    BOOST_TEST(ask("POST", "public /me/userinfo", info, bearer).status == 200u);
    ask_badly("POST", "public /me/userinfo", info, bearer);

    const std::string form = "Content-Type: multipart/form-data; boundary=" + std::string{upload_boundary};
    http_reply uploaded = http_connection{running.public_address()}.exchange(
        "POST /me/avatar HTTP/1.1\r\nHost: a\r\n" + bearer + form + "\r\nContent-Length: " +
        std::to_string(upload_of(png(8, 8)).size()) + "\r\n\r\n" + upload_of(png(8, 8)));
    BOOST_TEST_REQUIRE(uploaded.status == 200u);
    answers += uploaded.body;
    const std::string url = text_of(json_of(uploaded), "avatarUrl");
    ask_badly("POST", "public /me/avatar", "x", bearer);
    BOOST_TEST(call("GET", "public /avatars/{id}", url.substr(url.find("/avatars/")), {}, {}).status == 200u);
    ask("GET", "public /avatars/{id}", {}, bearer, "/avatars/" + phone_code);

    ask("GET", "public /me", {}, bearer);
    ask_badly("PATCH", "public /me", R"({"city":"Guangzhou"})", bearer);
    ask("GET", "public /me", {}, "Authorization: Bearer " + key.key + "\r\n");
    ask("GET", "public /me", {}, bearer,
        "/me?phone=" + std::string{number} + "&token=" + text_of(login, "token"));
    (void)call("GET", "public /me/export", "", {}, bearer); // has the number
    ask("GET", "public /me/export", {}, by_service);
    const auto next = json_of(call(
        "POST", "public /token/refresh", "", in_json({{"refresh_token", text_of(login, "refresh_token")}}),
        {}));
    note_login(next);
    login = next;
    ask_badly("POST", "public /token/refresh", in_json({{"refresh_token", phone_code}}), {});
    ask_badly("POST", "public /login", in_json({{"code", code + 'x'}}), {}); // again it would be answered
    ask("GET", "public /healthz", {}, bearer);
    ask("GET", "public /readyz", {}, bearer);
}

void canaries::use_wechat_calls(const std::string& user, const json::object& login) {
    const std::string whose = in_json({{"user", text_of(login, "id")}});
    const std::string access = "internal /wechat/access-token";
    const std::string token = text_of(json_of(call("GET", access, "", {}, by_service)), "access_token");
    note("access token", token);
    const auto other = json_of(call("POST", access, "", in_json({{"rejected", token}}), by_service));
    note("access token", text_of(other, "access_token"));
    ask_badly("POST", access, in_json({{"rejected", token}}), by_service);

    const auto keys = json_of(call("POST", "internal /wechat/user-encrypt-key", "", whose, by_service));
    for (const auto& each : keys.at("keys").as_array()) {
        note("encrypt key", text_of(each.as_object(), "encrypt_key"));
        note("encrypt key, decoded", decoded(text_of(each.as_object(), "encrypt_key")));
    }
    ask_badly("POST", "internal /wechat/user-encrypt-key", whose, by_service);

    const auto phone = make_open_data(running, user, R"("kind":"phone")");
    note("encrypted phone number", text_of(phone, "encryptedData"));
    const std::string sealed = in_json(
        {{"user", text_of(login, "id")},
         {"encryptedData", text_of(phone, "encryptedData")},
         {"iv", text_of(phone, "iv")}});
    BOOST_TEST(call("POST", "internal /wechat/decrypt", "", sealed, by_service).status == 200u);
    ask_badly("POST", "internal /wechat/decrypt", sealed, by_service);

    ask("POST", "internal /wechat/check-session", whose, by_service);
    ask_badly("POST", "internal /wechat/check-session", whose, by_service);
    const std::string text =
        in_json({{"user", text_of(login, "id")}, {"text", "my number is " + std::string{number}}});
    BOOST_TEST(ask("POST", "internal /wechat/check-text", text, by_service).status == 200u);
    ask_badly("POST", "internal /wechat/check-text", text, by_service);
    BOOST_TEST(ask("POST", "internal /wechat/reset-session-key", whose, by_service).status == 204u);
    note("session_key after its reset", session_key_of(user));
    ask_badly("POST", "internal /wechat/reset-session-key", whose, by_service);
}

void canaries::use_operators_calls(const std::string& user, const json::object& login) {
    const std::string bearer = running.bearer(login);
    for (const std::string_view path : {"/verify", "/verify?token=x"})
        ask("GET", "internal /verify", {}, bearer, path);
    ask("POST", "internal /verify", text_of(login, "refresh_token"), by_service);
    ask("GET", "internal /verify/{appid}", {}, bearer, "/verify/" + std::string{first_appid});
    ask("GET", "internal /verify/{appid}", {}, bearer, "/verify/" + key.key);
    for (const std::string_view each : {"token", "refresh_token"})
        ask("POST", "internal /introspect", "token=" + text_of(login, each),
            by_service + "Content-Type: application/x-www-form-urlencoded\r\n");
    ask("POST", "internal /introspect", "token=" + key.key, by_service);

    const std::string path = "/users/" + text_of(login, "id");
    (void)call("GET", "internal /users/{id}", path, {}, by_service);                    // has the number
    (void)call("GET", "internal /users/{id}/export", path + "/export", {}, by_service); // likewise
    ask("GET", "internal /users/{id}", {}, by_service, "/users/" + std::string{number});
    ask("GET", "internal /users/{id}", {}, bearer, path);
    ask("GET", "internal /users", {}, by_service, "/users?phone=" + std::string{number});
    ask("GET", "internal /users", {}, by_service, "/users?openid=" + std::string{number} + "&phone=x");
    ask("GET", "internal /users/{id}/sessions", {}, by_service, path + "/sessions");
    ask("GET", "internal /audit", {}, by_service, "/audit?limit=200");
    ask("GET", "internal /audit", {}, by_service, "/audit?user=" + key.key);

    const auto second = json_of(running.log_in(running.mint_code(user + "2")));
    note_login(second);
    const std::string both = in_json({{"user", text_of(login, "id")}, {"other", text_of(second, "id")}});
    ask("POST", "internal /users/merge", both, by_service); // WeChat tells them apart
    ask_badly("POST", "internal /users/merge", both, by_service);
    ask("POST", "internal /users/{id}/unmerge", {}, by_service, path + "/unmerge");
    ask("POST", "internal /sessions/{sid}/revoke", {}, by_service,
        "/sessions/" + std::string{number} + "/revoke");
    for (const std::string_view what : {"ban", "unban", "revoke"}) {
        const std::string target = "/users/" + text_of(second, "id") + '/' + std::string{what};
        BOOST_TEST(
            ask("POST", "internal /users/{id}/" + std::string{what}, {}, by_service, target).status == 204u);
    }
    ask("POST", "internal /keys/reseal", {}, by_service);
    ask("GET", "internal /keys/reseal", {}, by_service);
    ask("GET", "internal /healthz", {}, by_service);
    ask("GET", "internal /readyz", {}, by_service);
    ask("GET", "internal /metrics", {}, by_service);
}

void canaries::end_everything(const json::object& login) {
    const std::string bearer = running.bearer(login);
    ask_badly("POST", "public /logout", "{}", {});
    ask("POST", "internal /revoke", "token=" + text_of(login, "refresh_token"),
        by_service + "Content-Type: application/x-www-form-urlencoded\r\n");
    ask("DELETE", "public /me", {}, bearer);
    BOOST_TEST(ask("POST", "public /logout", {}, bearer).status == 401u);
}

std::string all_under(const std::filesystem::path& directory) {
    std::string all;
    for (const auto& each : std::filesystem::recursive_directory_iterator{directory})
        if (each.is_regular_file()) all += content_of(each.path().string());
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_call_traces)

BOOST_AUTO_TEST_CASE(no_marked_value_is_in_log_metrics_errors_arguments_files_or_backup) {
    canaries with;
    with.note("service key", with.key.key);
    with.note("AppSecret", first_secret);
    with.note("phone number", number);
    json::object login;
    for (const std::string user : {"wren", "robin", "finch"}) {
        make_user(with.running, in_json({{"user", user}, {"phone", number}}));
        with.use_public_calls(user, login);
        with.use_wechat_calls(user, login);
        with.use_operators_calls(user, login);
    }

    const auto listed = run_command_without_configuration({"routes", "--json"}).json();
    for (const auto& each : listed.at("routes").as_array()) {
        const auto& route = each.as_object();
        const std::string name = text_of(route, "listener") + ' ' + text_of(route, "path");
        // Those that end sessions come last.
        if (name == "public /logout" || name == "internal /revoke") continue;
        BOOST_TEST(with.called.contains(name), name << " was not called");
    }

    const std::string process = "/proc/" + std::to_string(with.running.wxlogind().pid());
    const std::string outside = content_of(process + "/cmdline") + content_of(process + "/environ");
    const std::string copy = with.running.file("copy.db");
    BOOST_TEST_REQUIRE(run_command(with.running, {"backup", "--to", copy}).status == 0);
    const std::string backup = content_of(copy);
    const std::string database = with.running.database();
    const std::string files = content_of(database) + content_of(database + "-wal");
    with.end_everything(login);
    BOOST_TEST(with.running.stop_wxlogind() == 0);
    const std::string stopped = content_of(database) + all_under(database + "-avatars");
    const std::string log = content_of(with.running.file("wxlogind.log"));
    BOOST_TEST_REQUIRE(log.find("/me/phone") != std::string::npos);
    BOOST_TEST_REQUIRE(with.answers.find("wxlogind_sessions_issued_total") != std::string::npos);

    const std::pair<std::string_view, const std::string*> places[] = {
        {"an answer", &with.answers}, {"arguments", &outside}, {"database", &files},
        {"backup", &backup},          {"log", &log},           {"database at the end", &stopped}};
    for (const auto& [what, shown] : with.secrets)
        for (const auto& [where, text] : places)
            for (const std::string& form : forms_of(shown))
                BOOST_TEST(text->find(form) == std::string::npos, what << " in " << where << " as " << form);
}

BOOST_AUTO_TEST_SUITE_END()
