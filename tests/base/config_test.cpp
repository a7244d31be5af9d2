#include "core/base/config.hpp"

#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view app_secret = "0123456789abcdef0123456789abcdef";

// A directory with a secret file, in which configurations are written and read.
class config_place {
public:
    config_place() {
        ::unsetenv("CREDENTIALS_DIRECTORY");
        write("secret", std::string{app_secret} + "\n", 0600);
    }

    void write(const std::string& name, std::string_view content, mode_t mode) const {
        std::ofstream{directory_.file(name)} << content;
        BOOST_TEST_REQUIRE(::chmod(directory_.file(name).c_str(), mode) == 0);
    }

    [[nodiscard]] std::string file(std::string_view name) const { return directory_.file(name); }

    [[nodiscard]] config load(std::string_view content, mode_t mode = 0644) const {
        write("wxlogind.toml", content, mode);
        return load_config(file("wxlogind.toml"));
    }

    // The message without the directory, or "" when there is none.
    [[nodiscard]] std::string error_of(std::string_view content, mode_t mode = 0644) const {
        try {
            boost::ignore_unused(load(content, mode));
            return {};
        } catch (const config_error& why) {
            std::string text = why.what();
            const std::string directory = file("");
            for (auto at = text.find(directory); at != std::string::npos; at = text.find(directory))
                text.erase(at, directory.size());
            return text;
        }
    }

    // The same for some lines before a good app.
    [[nodiscard]] std::string error_before_app(const std::string& lines) const {
        return error_of(lines + "\n[[apps]]\nappid = 'wx1'\nsecret_file = 'secret'\n");
    }

private:
    test::temporary_directory directory_;
};

constexpr std::string_view one_app = "[[apps]]\nappid = 'wx1'\nsecret_file = 'secret'\n";

} // namespace

BOOST_AUTO_TEST_SUITE(config)

BOOST_AUTO_TEST_CASE(an_app_is_all_that_has_to_be_there) {
    const config_place place;
    const auto it = place.load(one_app);
    BOOST_TEST_REQUIRE(it.apps.size() == 1u);
    BOOST_TEST(it.apps[0].appid == "wx1");
    BOOST_TEST(it.apps[0].secret.reveal() == app_secret);
    BOOST_TEST(it.apps[0].secret_file == place.file("secret"));
    BOOST_TEST(it.server.listen == "127.0.0.1:8080");
    BOOST_TEST(it.storage.url == "sqlite:/var/lib/wxlogind/wxlogind.db");
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_reaches_its_field) {
    const config_place place;
    const auto it = place.load(R"(
[server]
listen = "[::1]:0"
internal_listen = "unix:/run/wxlogind/internal.sock"
threads = 3
trusted_proxies = ["10.0.0.0/8", "2001:db8::1"]
header_timeout_ms = 250
[wechat]
base_url = "https://localhost:8443"
[tokens]
access_ttl_s = 60
[log]
level = "warning"
format = "json"
[[apps]]
appid = "wx1"
secret_file = "secret"
[[apps]]
appid = "wx2"
secret_file = "secret"
default = true
expose_openid = false
)");
    BOOST_TEST(it.server.listen == "[::1]:0");
    BOOST_TEST(it.server.internal_listen == "unix:/run/wxlogind/internal.sock");
    BOOST_TEST(it.server.threads == 3u);
    BOOST_TEST(
        it.server.trusted_proxies == (std::vector<std::string>{"10.0.0.0/8", "2001:db8::1"}),
        boost::test_tools::per_element());
    BOOST_TEST((it.server.header_timeout == 250ms));
    BOOST_TEST(it.wechat.base_url == "https://localhost:8443");
    BOOST_TEST((it.tokens.access_ttl == 60s));
    BOOST_TEST((it.log.level == log_level::warning));
    BOOST_TEST((it.log.format == log_format::json));
    BOOST_TEST_REQUIRE(it.apps.size() == 2u);
    BOOST_TEST(!it.apps[0].is_default);
    BOOST_TEST(it.apps[0].expose_openid);
    BOOST_TEST(it.apps[1].is_default);
    BOOST_TEST(!it.apps[1].expose_openid);
}

BOOST_AUTO_TEST_CASE(relative_paths_count_from_the_directory_of_the_file) {
    const config_place place;
    place.write("ca.pem", "", 0644);
    const auto it = place.load(
        "[storage]\nurl = 'sqlite:db/users.db'\n[tokens]\nkeys_file = 'keys.toml'\n[wechat]\nca_file = "
        "'ca.pem'\n" +
        std::string{one_app});
    BOOST_TEST(it.storage.url == "sqlite:" + place.file("db/users.db"));
    BOOST_TEST(it.tokens.keys_file == place.file("keys.toml"));
    BOOST_TEST(it.wechat.ca_file == place.file("ca.pem"));
}

BOOST_AUTO_TEST_CASE(a_slip_is_told_with_file_line_and_key) {
    const config_place place;
    BOOST_TEST(
        place.error_before_app("[server]\nthreads = 2000") ==
        "wxlogind.toml:2: server.threads: 2000 is out of range (0 to 1024)");
    BOOST_TEST(
        place.error_before_app("[server]\n\nheader_timeout_ms = 5.5") ==
        "wxlogind.toml:3: server.header_timeout_ms: an integer is wanted here");
    BOOST_TEST(
        place.error_before_app("[server]\nheader_timeout_ms = 9") ==
        "wxlogind.toml:2: server.header_timeout_ms: 9 is out of range (10 to 600000)");
    BOOST_TEST(
        place.error_before_app("[tokens]\naccess_ttl_s = -1") ==
        "wxlogind.toml:2: tokens.access_ttl_s: -1 is out of range (1 to 31536000)");
    BOOST_TEST(
        place.error_before_app("[server]\nlisten = 8080") ==
        "wxlogind.toml:2: server.listen: a string is wanted here");
    BOOST_TEST(
        place.error_before_app("[server]\nlisten = 'localhost:8080'") ==
        "wxlogind.toml:2: server.listen: \"localhost:8080\" is not allowed (\"address:port\", \"[v6 "
        "address]:port\" or \"unix:/path\" of at most 107 bytes)");
    BOOST_TEST(
        place.error_before_app("[server]\ntrusted_proxies = '10.0.0.1'") ==
        "wxlogind.toml:2: server.trusted_proxies: a list of strings is wanted here");
    BOOST_TEST(
        place.error_before_app("[server]\ntrusted_proxies = [\n  '10.0.0.1',\n  7]") ==
        "wxlogind.toml:4: server.trusted_proxies: a string is wanted here");
    BOOST_TEST(
        place.error_before_app("[log]\nlevel = 'loud'") ==
        "wxlogind.toml:2: log.level: \"loud\" is not one of its values (\"debug\", \"info\", \"warning\", "
        "\"error\")");
    BOOST_TEST(
        place.error_of(std::string{one_app} + "default = 1") ==
        "wxlogind.toml:4: apps.default: true or false is wanted here");
}

BOOST_AUTO_TEST_CASE(unknown_keys_and_sections_are_refused) {
    const config_place place;
    BOOST_TEST(
        place.error_before_app("[log]\nlevel = 'info'\nlevl = 'info'") ==
        "wxlogind.toml:3: log.levl: unknown key (known here: buffer_bytes, format, level, requests, "
        "slow_request_ms)");
    BOOST_TEST(
        place.error_before_app("[servers]\nthreads = 1").starts_with("wxlogind.toml:1: servers: unknown"));
    BOOST_TEST(place.error_before_app("threads = 1").starts_with("wxlogind.toml:1: threads: unknown"));
    BOOST_TEST(
        place.error_of(std::string{one_app} + "secrets = 1").starts_with("wxlogind.toml:4: apps.secrets: "));
}

BOOST_AUTO_TEST_CASE(sections_have_to_be_sections) {
    const config_place place;
    BOOST_TEST(place.error_before_app("log = 'info'") == "wxlogind.toml:1: log: a [section] is wanted here");
    BOOST_TEST(
        place.error_of("[apps]\nappid = 'wx1'") ==
        "wxlogind.toml:1: apps: [[apps]] sections are wanted here");
    BOOST_TEST(place.error_of("apps = [1]") == "wxlogind.toml:1: apps: [[apps]] sections are wanted here");
}

BOOST_AUTO_TEST_CASE(what_is_not_toml_is_told_with_its_line) {
    const config_place place;
    BOOST_TEST(place.error_of("[server]\nthreads = \n").starts_with("wxlogind.toml:2: not TOML: "));
    BOOST_TEST(place.error_before_app("[log]\nlevel = 'info'\nlevel = 'info'")
                   .starts_with("wxlogind.toml:3: not TOML: "));
    BOOST_CHECK_THROW(boost::ignore_unused(load_config(place.file("absent.toml"))), config_error);
    BOOST_CHECK_THROW(boost::ignore_unused(load_config(place.file(""))), config_error);
}

BOOST_AUTO_TEST_CASE(apps_are_there_once_and_have_a_good_appid) {
    const config_place place;
    BOOST_TEST(place.error_of("").starts_with("wxlogind.toml:1: apps: there is none"));
    BOOST_TEST(
        place.error_of("[[apps]]\nsecret_file = 'secret'") == "wxlogind.toml:1: apps.appid: is missing");
    BOOST_TEST(place.error_of("[[apps]]\nappid = 'wx-1'\nsecret_file = 'secret'")
                   .starts_with("wxlogind.toml:2: apps.appid: \"wx-1\" is not allowed"));
    BOOST_TEST(place.error_of("[[apps]]\nappid = ''\nsecret_file = 'secret'")
                   .starts_with("wxlogind.toml:2: apps.appid: "));
    BOOST_TEST(
        place.error_of(std::string{one_app} + std::string{one_app}) ==
        "wxlogind.toml:4: apps.appid: \"wx1\" stands here twice");
    BOOST_TEST(
        place.error_of("[[apps]]\nappid='a'\nsecret_file='secret'\ndefault=true\n"
                       "[[apps]]\nappid='b'\nsecret_file='secret'\ndefault=true\n") ==
        "wxlogind.toml:5: apps.default: only one app can be the default");
}

BOOST_AUTO_TEST_CASE(a_literal_secret_is_taken_only_from_a_private_file) {
    const config_place place;
    const std::string lines = "[[apps]]\nappid = 'wx1'\nsecret = 'aSecret'\n";
    BOOST_TEST(place.load(lines, 0600).apps.at(0).secret.reveal() == "aSecret");
    for (const mode_t mode : {0640u, 0604u, 0644u})
        BOOST_TEST(place.error_of(lines, mode)
                       .starts_with("wxlogind.toml:3: apps.secret: this file can be read by others"));
    BOOST_TEST(
        place.error_of(lines + "secret_file = 'secret'", 0600) ==
        "wxlogind.toml:3: apps.secret: there is a secret_file as well (one of the two)");
    BOOST_TEST(
        place.error_of("[[apps]]\nappid = 'wx1'\n") == "wxlogind.toml:1: apps.secret_file: is missing");
}

BOOST_AUTO_TEST_CASE(a_secret_file_has_to_be_private_and_to_hold_a_secret) {
    const config_place place;
    const auto error_with = [&](std::string_view content, mode_t mode) {
        place.write("secret", content, mode);
        return place.error_of(one_app);
    };
    BOOST_TEST(error_with("s3cret", 0640) == "");
    BOOST_TEST(
        error_with("s3cret", 0644) ==
        "wxlogind.toml:3: apps.secret_file: secret can be read by everybody (chmod 0600 or 0640)");
    BOOST_TEST(error_with("", 0600) == "wxlogind.toml:3: apps.secret_file: secret is empty");
    BOOST_TEST(error_with("\n", 0600) == "wxlogind.toml:3: apps.secret_file: secret is empty");
    for (const std::string_view bad : {"two words", "two\nlines", "\x01", "geheim\xc3\xa4", "x\n\n"})
        BOOST_TEST(error_with(bad, 0600).starts_with(
            "wxlogind.toml:3: apps.secret_file: the content of secret is not an AppSecret"));
    BOOST_TEST(error_with(std::string(128, 'x'), 0600) == "");
    BOOST_TEST(error_with(std::string(129, 'x'), 0600) != "");
    BOOST_TEST(
        error_with(std::string(5000, 'x'), 0600) ==
        "wxlogind.toml:3: apps.secret_file: secret is over 4096 bytes: no secret");
}

BOOST_AUTO_TEST_CASE(no_message_shows_a_secret) {
    const config_place place;
    const std::string lines = "[[apps]]\nappid = 'wx1'\n";
    const std::string value{app_secret};
    const std::string messages[] = {
        place.error_of(lines + "secret_file = '" + value + "'"),
        place.error_of(lines + "secret = '" + value + "'", 0644),
        place.error_of(lines + "secret = '" + value + " '", 0600),
        place.error_of(lines + "secret = ['" + value + "']", 0600),
    };
    for (const std::string& message : messages) {
        BOOST_TEST(message.starts_with("wxlogind.toml:3: apps.secret"));
        BOOST_TEST(message.find(value) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_relative_secret_file_is_looked_for_among_the_credentials_first) {
    const config_place place;
    const test::temporary_directory credentials;
    ::setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
    BOOST_TEST(place.load(one_app).apps.at(0).secret.reveal() == app_secret);
    std::ofstream{credentials.file("secret")} << "fromSystemd\n";
    ::chmod(credentials.file("secret").c_str(), 0400);
    BOOST_TEST(place.load(one_app).apps.at(0).secret.reveal() == "fromSystemd");
    BOOST_TEST(
        place.load("[[apps]]\nappid = 'wx1'\nsecret_file = '" + place.file("secret") + "'\n")
            .apps.at(0)
            .secret.reveal() == app_secret);
    ::unsetenv("CREDENTIALS_DIRECTORY");
}

BOOST_AUTO_TEST_CASE(values_that_contradict_each_other_are_refused) {
    const config_place place;
    BOOST_TEST(
        place.error_before_app("[wechat]\ntimeout_ms = 2000") ==
        "wxlogind.toml:1: wechat.first_byte_timeout_ms: 3000 is longer than the whole exchange may take "
        "(timeout_ms = 2000)");
    BOOST_TEST(place.error_before_app("[wechat]\ntimeout_ms = 5000\nconnect_timeout_ms = 5001")
                   .starts_with("wxlogind.toml:3: wechat.connect_timeout_ms: 5001 is longer"));
    BOOST_TEST(place.error_before_app("[wechat]\ntls_timeout_ms = 5001")
                   .starts_with("wxlogind.toml:2: wechat.tls_timeout_ms: 5001 is longer"));
    BOOST_TEST(
        place.error_before_app("[wechat]\nca_file = 'absent.pem'") ==
        "wxlogind.toml:2: wechat.ca_file: cannot read absent.pem");
    BOOST_TEST(place.error_before_app("[server]\ninternal_listen = '127.0.0.1:8080'")
                   .starts_with("wxlogind.toml:2: server.internal_listen: is the same"));
    BOOST_TEST(
        place.error_before_app("[server]\nlisten = '127.0.0.1:0'\ninternal_listen = '127.0.0.1:0'") == "");
    BOOST_TEST(place.error_before_app("[storage]\nmax_queued_rows = 10")
                   .starts_with("wxlogind.toml:1: storage.max_batch_rows: is more"));
    BOOST_TEST(place.error_before_app("[tokens]\nkeys_file = ''")
                   .starts_with("wxlogind.toml:2: tokens.keys_file: is empty"));
    BOOST_TEST(place.error_before_app("[tokens]\nrefresh_ttl_s = 60")
                   .starts_with("wxlogind.toml:1: tokens.access_ttl_s: is longer"));
}

BOOST_AUTO_TEST_CASE(service_keys_are_read_with_their_hash_from_here_or_from_a_file) {
    const config_place place;
    const std::string hash(64, 'a');
    place.write("orders.hash", std::string(64, 'b') + "\n", 0644);
    const auto it = place.load(
        "[[service_keys]]\nname = 'ops'\nhash = '" + hash + "'\nscopes = ['users:read', 'users:write']\n" +
        "[[service_keys]]\nname = 'orders'\nhash_file = 'orders.hash'\nscopes = ['verify']\n" +
        std::string{one_app});
    BOOST_TEST_REQUIRE(it.service_keys.size() == 2u);
    BOOST_TEST(it.service_keys[0].name == "ops");
    BOOST_TEST(it.service_keys[0].hash == hash);
    BOOST_TEST(it.service_keys[0].scopes.size() == 2u);
    BOOST_TEST(it.service_keys[1].hash == std::string(64, 'b'));
}

BOOST_AUTO_TEST_CASE(a_service_key_that_lacks_something_or_is_there_twice_is_refused) {
    const config_place place;
    place.write("bad.hash", "nothash", 0644);
    const std::string hash = "hash = '" + std::string(64, 'a') + "'\n";
    const std::string begin = "[[service_keys]]\n";
    const std::string rest = "scopes = ['verify']\n";
    const std::vector<std::pair<std::string, std::string>> slips{
        {begin + hash + rest, ":1: service_keys.name: is missing"},
        {begin + "name = 'a'\n" + rest, ":1: service_keys.hash: one of hash and hash_file is wanted"},
        {begin + "name = 'a'\nhash_file = 'bad.hash'\n" + hash + rest,
         ":1: service_keys.hash: one of hash and hash_file is wanted"},
        {begin + "name = 'a'\nhash_file = 'absent'\n" + rest, ":1: service_keys.hash_file: cannot read"},
        {begin + "name = 'a'\nhash_file = 'bad.hash'\n" + rest, ":1: service_keys.hash_file: the content of"},
        {begin + "name = 'a'\nhash = 'wxsk_oops'\n" + rest, ":3: service_keys.hash:"},
        {begin + "name = 'a'\n" + hash, ":1: service_keys.scopes: there is none"},
        {begin + "name = 'a'\n" + hash + "scopes = ['root']\n", ":4: service_keys.scopes:"},
        {begin + "name = 'a'\n" + hash + rest + "secret = 'x'\n", ":5: service_keys.secret: unknown key"},
        {begin + "name = 'a'\n" + hash + rest + begin + "name = 'b'\n" + hash + rest,
         ":5: service_keys.hash: another service"},
        {"[service_keys]\nname = 'a'\n", ":1: service_keys: [[service_keys]] sections are wanted"}};
    for (const auto& [text, refusal] : slips)
        BOOST_TEST(place.error_before_app(text).find(refusal) != std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
