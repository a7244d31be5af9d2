#include "handlers/problem.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

boost::json::object document_of(const failure& why, std::string_view request_id = "r1") {
    return boost::json::parse(problem_response(why, request_id).body).as_object();
}

std::string field(const net::response& from, std::string_view name) {
    for (const auto& [field_name, value] : from.fields)
        if (field_name == name) return value;
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(a_failure_becomes_a_problem_document_with_every_member) {
    const auto document = document_of({errc::user_blocked, "blocked by risk control", 40226});
    BOOST_TEST(document.at("type").as_string() == "urn:wxlogind:problem:user_blocked");
    BOOST_TEST(document.at("title").as_string() == "This user may not log in");
    BOOST_TEST(document.at("status").as_int64() == 403);
    BOOST_TEST(document.at("detail").as_string() == "blocked by risk control");
    BOOST_TEST(document.at("code").as_string() == "user_blocked");
    BOOST_TEST(document.at("retry").as_string() == "no");
    BOOST_TEST(document.at("errcode").as_int64() == 40226);
    BOOST_TEST(document.at("request_id").as_string() == "r1");
}

BOOST_AUTO_TEST_CASE(members_that_have_nothing_to_say_are_left_out) {
    const auto document = document_of(errc::overloaded, "");
    BOOST_TEST(!document.contains("detail"));
    BOOST_TEST(!document.contains("errcode"));
    BOOST_TEST(!document.contains("request_id"));
}

BOOST_AUTO_TEST_CASE(what_helps_later_says_when) {
    BOOST_TEST(field(problem_response(errc::overloaded, ""), "Retry-After") == "1");
    failure limited{errc::rate_limited};
    limited.retry_after = std::chrono::seconds{42};
    BOOST_TEST(field(problem_response(limited, ""), "Retry-After") == "42");
    BOOST_TEST(field(problem_response(errc::user_blocked, ""), "Retry-After").empty());
}

BOOST_AUTO_TEST_CASE(trouble_with_a_token_names_the_scheme_and_no_reason) {
    const net::response refused = problem_response(errc::invalid_token, "");
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(field(refused, "WWW-Authenticate") == R"(Bearer error="invalid_token")");
    BOOST_TEST(!document_of(errc::invalid_token).contains("detail"));
}

BOOST_AUTO_TEST_CASE(statuses_and_advice_are_those_of_the_contract) {
    struct row {
        errc code;
        unsigned status;
        std::string_view name;
        std::string_view retry;
    };
    constexpr row contract[] = {
        {errc::invalid_request, 400, "invalid_request", "no"},
        {errc::code_rejected, 401, "code_rejected", "login"},
        {errc::invalid_token, 401, "invalid_token", "login"},
        {errc::user_blocked, 403, "user_blocked", "no"},
        {errc::not_found, 404, "not_found", "no"},
        {errc::method_not_allowed, 405, "method_not_allowed", "no"},
        {errc::request_timeout, 408, "request_timeout", "no"},
        {errc::session_key_stale, 409, "session_key_stale", "login"},
        {errc::length_required, 411, "length_required", "no"},
        {errc::content_too_large, 413, "content_too_large", "no"},
        {errc::uri_too_long, 414, "uri_too_long", "no"},
        {errc::unsupported_media_type, 415, "unsupported_media_type", "no"},
        {errc::expectation_failed, 417, "expectation_failed", "no"},
        {errc::rate_limited, 429, "rate_limited", "later"},
        {errc::header_fields_too_large, 431, "header_fields_too_large", "no"},
        {errc::internal, 500, "internal", "later"},
        {errc::not_implemented, 501, "not_implemented", "no"},
        {errc::wechat_misconfigured, 502, "wechat_misconfigured", "no"},
        {errc::wechat_bad_answer, 502, "wechat_bad_answer", "later"},
        {errc::wechat_unavailable, 503, "wechat_unavailable", "later"},
        {errc::overloaded, 503, "overloaded", "later"},
        {errc::storage_unavailable, 503, "storage_unavailable", "later"},
        {errc::wechat_timeout, 504, "wechat_timeout", "login"},
        {errc::http_version, 505, "http_version_not_supported", "no"},
    };
    for (const row& each : contract) {
        const auto document = document_of(each.code);
        BOOST_TEST_CONTEXT(each.name) {
            BOOST_TEST(document.at("status").as_int64() == each.status);
            BOOST_TEST(std::string_view{document.at("code").as_string()} == each.name);
            BOOST_TEST(std::string_view{document.at("retry").as_string()} == each.retry);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
