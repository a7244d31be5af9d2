#include "handlers/service_keys.hpp"

#include "core/base/encoding.hpp"
#include "handlers/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

service_key_settings service_of(std::string name, std::string_view key, std::vector<std::string> scopes) {
    service_key_settings settings;
    settings.name = std::move(name);
    settings.hash = hex_encode(as_text(hash_of_service_key(key)));
    settings.scopes = std::move(scopes);
    return settings;
}

handlers::service_keys two_services(bool are_required = true) {
    return {
        {service_of("orders", "key of orders", {"verify"}),
         service_of("operators", "key of operators", {"users:read", "users:write"})},
        are_required};
}

struct request_with {
    explicit request_with(std::string_view authorization, unsigned times = 1) {
        for (unsigned i = 0; i < times; ++i) fields.push_back({"authorization", authorization});
        request.fields = fields;
    }
    std::vector<net::header_field> fields;
    net::request request;
};

errc refusal_of(std::string_view authorization, service_scope scope, unsigned times = 1) {
    const auto admitted = two_services().admit(request_with{authorization, times}.request, scope);
    return admitted ? errc{} : admitted.error().code;
}

server_settings listening_on(std::string address, bool require = false) {
    server_settings settings;
    settings.internal_listen = std::move(address);
    settings.require_service_keys = require;
    return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_keys)

BOOST_AUTO_TEST_CASE(a_key_admits_to_its_scopes_and_no_others) {
    using enum service_scope;
    BOOST_TEST((refusal_of("Bearer key of orders", verify) == errc{}));
    BOOST_TEST((refusal_of("bearer key of orders", verify) == errc{}));
    BOOST_TEST((refusal_of("Bearer key of operators", users_read) == errc{}));
    BOOST_TEST((refusal_of("Bearer key of operators", users_write) == errc{}));
    for (const auto scope : {users_read, users_write, wechat, metrics})
        BOOST_TEST((refusal_of("Bearer key of orders", scope) == errc::insufficient_scope));
    for (const auto scope : {verify, wechat, metrics})
        BOOST_TEST((refusal_of("Bearer key of operators", scope) == errc::insufficient_scope));
}

BOOST_AUTO_TEST_CASE(whatever_is_no_key_is_refused) {
    const std::string hash = two_services().admit(request_with{""}.request, service_scope::verify)
                                 ? ""
                                 : hex_encode(as_text(hash_of_service_key("key of orders")));
    for (const std::string& authorization :
         {std::string{}, std::string{"Bearer "}, std::string{"Bearer"}, std::string{"Basic key of orders"},
          std::string{"key of orders"}, std::string{"Bearer key of orders "},
          std::string{"Bearer  key of orders"}, std::string{"Bearer key of order"},
          std::string{"Bearer KEY OF ORDERS"}, "Bearer " + hash, std::string{"Bearer orders"},
          "Bearer " + std::string(100000, 'k')})
        BOOST_TEST((refusal_of(authorization, service_scope::verify) == errc::service_key_required));
    BOOST_TEST((refusal_of("Bearer key of orders", service_scope::verify, 2) == errc::service_key_required));
    BOOST_TEST((refusal_of("Bearer key of orders", service_scope::verify, 0) == errc::service_key_required));
    BOOST_TEST((refusal_of("", service_scope::none) == errc{}));
}

BOOST_AUTO_TEST_CASE(where_no_keys_are_required_everything_is_admitted_and_callers_are_known_all_the_same) {
    const auto keys = two_services(false);
    BOOST_TEST(keys.admit(request_with{"", 0}.request, service_scope::users_write).has_value());
    BOOST_TEST(keys.caller_of(request_with{"Bearer key of orders"}.request) == "orders");
    BOOST_TEST(keys.caller_of(request_with{"Bearer x"}.request) == "");
}

BOOST_AUTO_TEST_CASE(keys_are_wanted_off_loopback_and_where_it_is_said) {
    for (const auto* local :
         {"127.0.0.1:8081", "127.8.9.10:1", "[::1]:8081", "unix:/run/wxlogind/internal.sock"}) {
        BOOST_TEST(!wants_service_keys(listening_on(local)));
        BOOST_TEST(wants_service_keys(listening_on(local, true)));
    }
    for (const auto* open :
         {"0.0.0.0:8081", "[::]:8081", "10.0.0.1:8081", "[fd00::1]:8081", "192.168.1.1:1",
          "[::ffff:127.0.0.1]:1"})
        BOOST_TEST(wants_service_keys(listening_on(open)));
}

BOOST_AUTO_TEST_CASE(a_made_key_is_random_and_its_hash_says_nothing_of_it) {
    const std::string key = make_service_key();
    BOOST_TEST(key.starts_with("wxsk_"));
    BOOST_TEST(key.size() == 48u);
    BOOST_TEST(key != make_service_key());
    BOOST_TEST((hash_of_service_key(key) != hash_of_service_key(key + "x")));
    // openssl dgst -sha256 -hmac "wxlogind service key 1"
    BOOST_TEST(
        hex_encode(as_text(hash_of_service_key("wxsk_example"))) ==
        "5b0d783c0c0a666de7f0ad3f805c3a9a73c149302282e030e301eb88c9c3016c");
}

BOOST_AUTO_TEST_CASE(every_internal_call_but_these_needs_a_scope) {
    const std::set<std::string_view> open{"/verify", "/verify/{appid}", "/healthz", "/readyz"};
    for (const route& each : internal_routes())
        BOOST_TEST((each.scope == service_scope::none) == open.contains(each.path), each.path);
}

BOOST_AUTO_TEST_CASE(public_calls_that_need_no_token_are_limited_by_address) {
    const std::set<std::string_view> limited{"/login", "/token/refresh"};
    for (const route& each : public_routes())
        BOOST_TEST(each.is_limited_by_address == limited.contains(each.path), each.path);
}

BOOST_AUTO_TEST_SUITE_END()
