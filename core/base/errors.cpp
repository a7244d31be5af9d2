#include "core/base/errors.hpp"

#include <stdexcept>

namespace wxlogind {

std::string_view to_string(errc code) noexcept {
    switch (code) {
    case errc::invalid_request: return "invalid_request";
    case errc::code_rejected: return "code_rejected";
    case errc::invalid_token: return "invalid_token";
    case errc::service_key_required: return "service_key_required";
    case errc::insufficient_scope: return "insufficient_scope";
    case errc::user_blocked: return "user_blocked";
    case errc::not_found: return "not_found";
    case errc::method_not_allowed: return "method_not_allowed";
    case errc::request_timeout: return "request_timeout";
    case errc::session_key_stale: return "session_key_stale";
    case errc::length_required: return "length_required";
    case errc::content_too_large: return "content_too_large";
    case errc::uri_too_long: return "uri_too_long";
    case errc::unsupported_media_type: return "unsupported_media_type";
    case errc::expectation_failed: return "expectation_failed";
    case errc::header_fields_too_large: return "header_fields_too_large";
    case errc::rate_limited: return "rate_limited";
    case errc::internal: return "internal";
    case errc::not_implemented: return "not_implemented";
    case errc::http_version: return "http_version_not_supported";
    case errc::wechat_misconfigured: return "wechat_misconfigured";
    case errc::wechat_bad_answer: return "wechat_bad_answer";
    case errc::wechat_unavailable: return "wechat_unavailable";
    case errc::overloaded: return "overloaded";
    case errc::storage_unavailable: return "storage_unavailable";
    case errc::wechat_timeout: return "wechat_timeout";
    }
    return "internal";
}

class failure_exception : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw failure_exception{std::string{to_string(why.code)} + ": " + why.detail};
}

} // namespace wxlogind
