// Failures as clients see them: problem documents (RFC 9457), and the one switch from errc to HTTP.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"

#include <chrono>
#include <string_view>

namespace wxlogind::handlers {

// What helps a client after a failure.
enum class retry_advice : unsigned char {
    no,    // the same request will fail again
    login, // call wx.login again and repeat once
    later, // after Retry-After
};

struct problem_kind {
    unsigned status;
    retry_advice retry;
    std::string_view title;
    std::chrono::seconds retry_after{0}; // for `later`, where the failure brings none of its own
};

[[nodiscard]] std::string_view to_string(retry_advice advice) noexcept;
[[nodiscard]] problem_kind kind_of(errc code) noexcept;

// The document {"type","title","status","detail","code","retry","errcode"?,"request_id"?}.
[[nodiscard]] net::response problem_response(const failure& why, std::string_view request_id);

} // namespace wxlogind::handlers
