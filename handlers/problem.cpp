#include "handlers/problem.hpp"

#include "core/base/json_text.hpp"
#include "core/base/rate_table.hpp"

#include <string>

namespace wxlogind::handlers {

using namespace std::chrono_literals;

std::string_view to_string(retry_advice advice) noexcept {
    switch (advice) {
    case retry_advice::no: return "no";
    case retry_advice::login: return "login";
    case retry_advice::later: return "later";
    }
    return "no";
}

problem_kind kind_of(errc code) noexcept {
    using enum retry_advice;
    switch (code) {
    case errc::invalid_request: return {400, no, "The request is malformed"};
    case errc::code_rejected: return {401, login, "The login code was not accepted"};
    case errc::invalid_token: return {401, login, "The session token is not valid"};
    case errc::service_key_required: return {401, no, "This call needs a service key"};
    case errc::insufficient_scope: return {403, no, "The service key may not do this"};
    case errc::user_blocked: return {403, no, "This user may not log in"};
    case errc::not_found: return {404, no, "There is nothing here"};
    case errc::method_not_allowed: return {405, no, "This method is not allowed here"};
    case errc::request_timeout: return {408, no, "The request did not arrive in time"};
    case errc::session_key_stale: return {409, login, "The data was encrypted under another session key"};
    case errc::length_required: return {411, no, "The request needs a Content-Length"};
    case errc::content_too_large: return {413, no, "The body is too large"};
    case errc::uri_too_long: return {414, no, "The request target is too long"};
    case errc::unsupported_media_type: return {415, no, "This content type is not taken here"};
    case errc::expectation_failed: return {417, no, "The expectation cannot be met"};
    case errc::header_fields_too_large: return {431, no, "The header is too large"};
    case errc::rate_limited: return {429, later, "Too many requests", 10s};
    case errc::internal: return {500, later, "Something went wrong on our side", 5s};
    case errc::not_implemented: return {501, no, "Not implemented"};
    case errc::http_version: return {505, no, "This version of HTTP is not spoken here"};
    case errc::wechat_misconfigured: return {502, no, "WeChat refuses this server's configuration"};
    case errc::wechat_bad_answer: return {502, later, "WeChat's answer was not understood", 5s};
    case errc::wechat_unavailable: return {503, later, "WeChat cannot be reached or is busy", 2s};
    case errc::overloaded: return {503, later, "Too much to do", 1s};
    case errc::storage_unavailable: return {503, later, "The database takes no writes", 2s};
    case errc::wechat_timeout: return {504, login, "WeChat did not answer in time"};
    }
    return {500, later, "Something went wrong on our side", 5s};
}

net::response problem_response(const failure& why, std::string_view request_id) {
    const problem_kind kind = kind_of(why.code);
    const std::string_view code = wxlogind::to_string(why.code);

    net::response out;
    out.status = kind.status;
    out.content_type = "application/problem+json";
    out.problem = code;
    out.no_store = true;

    std::string& body = out.body;
    body.reserve(256 + why.detail.size());
    body += R"({"type":"urn:wxlogind:problem:)";
    body += code;
    body += R"(","title":")";
    body += kind.title;
    body += R"(","status":)";
    body += std::to_string(kind.status);
    if (!why.detail.empty()) {
        body += R"(,"detail":)";
        append_json_string(body, why.detail);
    }
    body += R"(,"code":")";
    body += code;
    body += R"(","retry":")";
    body += to_string(kind.retry);
    body += '"';
    if (why.wechat_errcode != 0) {
        body += R"(,"errcode":)";
        body += std::to_string(why.wechat_errcode);
    }
    if (!request_id.empty()) {
        body += R"(,"request_id":)";
        append_json_string(body, request_id);
    }
    body += '}';

    if (kind.retry == retry_advice::later) {
        const auto wait = why.retry_after > 0s ? why.retry_after : kind.retry_after;
        out.fields.emplace_back("Retry-After", std::to_string(wait.count()));
    }
    if (why.quota != nullptr) {
        // draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
        const std::string name = '"' + std::string{why.quota->name} + '"';
        out.fields.emplace_back(
            "RateLimit-Policy", name + ";q=" + std::to_string(why.quota->quota) +
                                    ";w=" + std::to_string(why.quota->window.count()));
        out.fields.emplace_back("RateLimit", name + ";r=0;t=" + std::to_string(why.retry_after.count()));
    }
    // RFC 6750 section 3: one answer for every trouble with a token.
    if (why.code == errc::invalid_token)
        out.fields.emplace_back("WWW-Authenticate", R"(Bearer error="invalid_token")");
    if (why.code == errc::service_key_required)
        out.fields.emplace_back("WWW-Authenticate", R"(Bearer realm="wxlogind")");
    if (why.code == errc::insufficient_scope)
        out.fields.emplace_back("WWW-Authenticate", R"(Bearer error="insufficient_scope")");
    return out;
}

} // namespace wxlogind::handlers
