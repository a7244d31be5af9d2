#include "core/base/config_values.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace wxlogind;

namespace {

void expect_allowed(text_check check, const std::vector<std::string>& values) {
    for (const std::string& value : values) BOOST_TEST(check(value) == "", "refused: " << value);
}

void expect_refused(text_check check, const std::vector<std::string>& values) {
    for (const std::string& value : values) BOOST_TEST(check(value) != "", "allowed: " << value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_values)

BOOST_AUTO_TEST_CASE(a_listener_has_an_address_and_a_port) {
    expect_allowed(&check_tcp_address, {"127.0.0.1:0", "0.0.0.0:65535", "[::]:80", "[fe80::1]:8080"});
    expect_refused(
        &check_tcp_address, {"", ":80", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "127.0.0.1:+1", "127.0.0.1:80 ", " 127.0.0.1:80", "localhost:80", "::1:80",
                             "[127.0.0.1]:80", "[::1]", "[::1]80", "127.1:80", "*:80", "unix:/run/socket"});
}

BOOST_AUTO_TEST_CASE(the_internal_listener_may_be_a_unix_socket) {
    expect_allowed(
        &check_tcp_or_unix_address, {"127.0.0.1:8081", "unix:/run/s", "unix:/" + std::string(106, 'x')});
    expect_refused(
        &check_tcp_or_unix_address,
        {"unix:", "unix:/", "unix:run/s", "/run/s", "unix:/" + std::string(107, 'x')});
}

BOOST_AUTO_TEST_CASE(a_proxy_is_an_address_or_a_block_without_stray_bits) {
    expect_allowed(
        &check_address_block,
        {"192.0.2.1", "10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "::1", "2001:db8::/32"});
    expect_refused(
        &check_address_block, {"", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0/8",
                               "2001:db8::1/32", "2001:db8::/129", "proxy.example"});
}

BOOST_AUTO_TEST_CASE(who_comes_by_a_unix_socket_may_be_a_trusted_proxy) {
    expect_allowed(&check_trusted_proxy, {"unix", "192.0.2.1", "10.0.0.0/8"});
    expect_refused(&check_trusted_proxy, {"", "Unix", "unix:", "unix:/run/s", "10.0.0.1/8"});
}

BOOST_AUTO_TEST_CASE(a_service_key_is_kept_as_a_hash_with_scopes) {
    expect_allowed(&check_service_name, {"orders", "a", "A-b_c.9", std::string(64, 'n')});
    expect_refused(&check_service_name, {"", "a b", "a/b", "a\n", std::string(65, 'n')});
    expect_allowed(&check_service_key_hash, {std::string(64, 'a'), std::string(64, '0')});
    expect_refused(
        &check_service_key_hash, {"a", std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
                                  std::string(64, 'g'), "wxsk_secret"});
    expect_allowed(&check_service_scope, {"verify", "users:read", "users:write", "wechat", "metrics"});
    expect_refused(&check_service_scope, {"", "Verify", "users", "*", "all", "none"});
}

BOOST_AUTO_TEST_CASE(wechat_is_an_https_origin) {
    expect_allowed(
        &check_https_origin, {"https://api.weixin.qq.com", "https://localhost:8443", "https://127.0.0.1:1"});
    expect_refused(
        &check_https_origin,
        {"", "http://api.weixin.qq.com", "https://", "https://:443", "https://host:", "https://host:0",
         "https://host:65536", "https://host/", "https://host/path", "https://user@host", "https://ho st",
         "https://host?q", "HTTPS://host", "https://.host", "https://" + std::string(254, 'x')});
}

BOOST_AUTO_TEST_CASE(an_appid_is_letters_and_digits) {
    expect_allowed(&check_appid, {"wx0123456789abcdef", "A", std::string(64, '9')});
    expect_refused(&check_appid, {"", "wx-1", "wx 1", "wx1\n", "wxé", std::string(65, '9')});
}

BOOST_AUTO_TEST_CASE(a_secret_and_an_issuer_are_printable_words) {
    for (const text_check check : {&check_app_secret, &check_issuer}) {
        expect_allowed(check, {"0123456789abcdef0123456789abcdef", "x", "https://login.example/", "~!"});
        expect_refused(check, {"", " ", "a b", "tab\t", "é", std::string(129, 'x'), std::string(1, '\0')});
    }
}

BOOST_AUTO_TEST_CASE(storage_is_a_path_for_sqlite) {
    expect_allowed(
        &check_storage_url, {"sqlite:/var/lib/wxlogind.db", "sqlite:file.db", "sqlite:/a.db?check=always",
                             "sqlite:/a.db?check=after_crash", "sqlite:/a.db?check=never"});
    expect_refused(
        &check_storage_url,
        {"", "sqlite:", "sqlite::memory:", "sqlite:?x", "sqlite:?check=never", "sqlite:/a.db?",
         "sqlite:/a.db?check=maybe", "sqlite:/a.db?vfs=unix", "sqlite:/a.db?check=never&check=always",
         "sqlite://host/a.db", "/var/lib/x.db", "postgresql://h/d", std::string{"sqlite:a\0b", 10}});
}

BOOST_AUTO_TEST_SUITE_END()
