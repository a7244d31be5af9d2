// The grammar of a request's header block, held to the letter.
//
// A lenient reader in front of or behind another one is how requests are smuggled: what two programs read
// differently is refused here, before any parser sees it (RFC 9112, RFC 9110).
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"

#include <cstddef>
#include <string_view>

namespace wxlogind::net {

struct http_limits {
    std::size_t max_header_bytes{8 * 1024}; // request line, fields and the empty line; beyond: 431
    std::size_t max_fields{64};             // beyond: 431
    std::size_t max_target_bytes{2 * 1024}; // beyond: 414
    std::size_t max_body_bytes{16 * 1024};  // beyond: 413, before the body is read
    // Beyond max_body_bytes and up to this, whoever takes the request says whether it takes the body; 0:
    // none.
    std::size_t max_long_body_bytes{0};
};

// What has to be known about a request before its body is read.
struct head_facts {
    method verb{method::get};
    bool is_http_1_0{false};
    bool expects_continue{false};
    std::size_t content_length{0};
};

// Checks `head`: the request line, the fields and the empty line, each ended by CRLF. Refused are, with the
// status that the code stands for:
//   invalid_request          anything malformed: obs-fold, white space before a colon, bare CR or LF, control
//                            characters, a target that is not in origin form (`*` for OPTIONS apart), a
//                            missing, double or invalid Host, a Content-Length that is not one plain number,
//                            a second Content-Type, Content_Length and the like
//   uri_too_long, header_fields_too_large, content_too_large   over the limit
//   not_implemented          an unknown method, or a Transfer-Encoding other than chunked
//   length_required          chunked (we take no chunked bodies), or POST, PUT, PATCH without a length
//   http_version             neither HTTP/1.1 nor HTTP/1.0
//   expectation_failed       an Expect that is not 100-continue
// Any thread. Throws std::bad_alloc at most.
[[nodiscard]] result<head_facts> check_head(std::string_view head, const http_limits& limits);

} // namespace wxlogind::net
