// Everything that can go wrong with a request, one meaning each.
#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind {

// The codes of our problem documents. handlers/problem.cpp maps them to HTTP, in one switch.
enum class errc : std::uint8_t {
    invalid_request = 1,     // malformed, missing or oversized field; detail names the field
    code_rejected,           // WeChat refuses this login code, or its answer was lost: call wx.login again
    invalid_token,           // any trouble with a token; which one is never told
    service_key_required,    // no service key, or none that is known
    insufficient_scope,      // the service key may not do this
    user_blocked,            // refused by WeChat's risk control, or banned here
    not_found,               // no such path, or no such thing
    method_not_allowed,      // the path exists, this method does not
    request_timeout,         // the request did not arrive in time
    session_key_stale,       // the data was encrypted under another session_key
    length_required,         // a body without Content-Length
    content_too_large,       // the body is over the limit
    uri_too_long,            // the target is over the limit
    unsupported_media_type,  // not a content type that this call takes
    expectation_failed,      // an Expect that is not 100-continue
    header_fields_too_large, // the header block is over the limit
    rate_limited,            // our limit, or WeChat's 45011/45009
    internal,                // a fault of ours
    not_implemented,         // a method or a transfer coding we do not know
    http_version,            // not HTTP/1.x
    wechat_misconfigured,    // appid, secret or allow-list are wrong: an operator must act
    wechat_bad_answer,       // not JSON, no openid, unknown errcode
    wechat_unavailable,      // busy, breaker open, no connection; the code was not spent
    overloaded,              // a queue is full
    storage_unavailable,     // the database does not take writes
    wechat_timeout,          // the deadline passed after the code was sent
};

// The greatest of them: whoever adds one at the end moves it.
inline constexpr errc last_errc{errc::wechat_timeout};

// The name of `code` as it stands in a problem document, for example "invalid_request".
[[nodiscard]] std::string_view to_string(errc code) noexcept;

struct rate_policy; // core/base/rate_table.hpp

// Why something was not done. `detail` is for the client: it never holds a secret, a code or a token.
struct failure {
    errc code{errc::internal};
    std::string detail{};
    // WeChat's own number where it answered one, else 0.
    int wechat_errcode{0};
    // What Retry-After tells the client; 0 = the default of `code`.
    std::chrono::seconds retry_after{0};
    // The quota that is used up, where it is one of ours; it outlives every failure.
    const rate_policy* quota{nullptr};

    failure() = default;
    failure(errc c) : code{c} {} // NOLINT(google-explicit-constructor): `return errc::overloaded;`
    failure(errc c, std::string d) : code{c}, detail{std::move(d)} {}
    failure(errc c, std::string d, int wechat) : code{c}, detail{std::move(d)}, wechat_errcode{wechat} {}
};

// A value or the reason why there is none.
template <class T = void>
using result = boost::system::result<T, failure>;

// What result::value() throws when there is only a failure.
class failure_exception;
[[noreturn]] void throw_exception_from_error(const failure& why, const boost::source_location& where);

} // namespace wxlogind
