// What may go wrong on purpose, when, and to whom.
#pragma once

#include "bench/wechat-sim/faults/latency_model.hpp"
#include "bench/wechat-sim/wire/certificates.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

enum class fault_kind : std::uint8_t {
    // While a connection is made.
    refuse_accept,     // RST at once
    tls_stall,         // reads the ClientHello and says nothing
    wrong_certificate, // expired, for another host, or self-signed
    // Before, or instead of, an answer.
    latency,      // the answer comes late; goes together with one other fault
    hang,         // no answer, the connection stays
    reset_before, // RST, nothing processed
    reset_after,  // processed, then RST
    drop_after,   // processed, then close_notify and FIN
    tls_eof,      // processed, then FIN without close_notify
    errcode,      // an error of WeChat's
    html,         // a proxy's error page
    status,       // a bare HTTP status
    garbage,      // bytes that are not HTTP
    body,         // another body in a proper answer
    // The true answer, in a bad shape.
    reset_mid_body,       // half the body, then RST
    slow_trickle,         // byte by byte
    idle_close,           // the whole answer, then the kept connection is closed
    no_content_length,    // the end of the connection ends the body
    wrong_content_length, // too large or too small by some bytes
    chunked,              // Transfer-Encoding: chunked
    big_trailer,          // chunked, with a trailer of 70 KB
    big_headers,          // 100 KB of fields
    gzip,                 // compressed without being asked to
    interim,              // 100 and 103 come first
    two_responses,        // another answer follows that nobody asked for
    // An answer that is not to be believed; on calls that are not signed it has no effect.
    bad_signature,
    other_certificate, // signed with one that nobody knows
    old_answer,        // 301 s old
    other_appid,       // to another app
    unsigned_answer,   // neither signed nor encrypted
    undecipherable,    // encrypted with another key
    repeated_answer,   // the one before, to the byte
};

struct fault_rule {
    fault_kind kind{};
    // Whom it meets, and in which call; "" = everybody, and all calls.
    std::string path{};
    std::string appid{};
    std::string user{};
    // How often; nullopt = until it is taken back.
    std::optional<std::uint64_t> count{};
    double probability{1};
    // Whether the exchange is carried out, and the code spent, although its answer is lost.
    bool consumes{false};
    // What the kinds need besides.
    int errcode{0};
    unsigned status{0};
    latency_model latency{};
    std::chrono::milliseconds pause{0}; // slow_trickle: between bytes; idle_close: before the end
    std::string bytes{};                // garbage, body
    certificate_kind shown{certificate_kind::good};
    std::int64_t surplus{0}; // wrong_content_length: what is added to the true length
    bool is_split{false};    // chunked: the last chunk comes in two pieces
    bool is_abrupt{false};   // no_content_length: ends without close_notify
};

// The name of a kind, as orders spell it: that of its enumerator.
[[nodiscard]] std::string_view to_string(fault_kind kind) noexcept;
[[nodiscard]] std::optional<fault_kind> parse_fault_kind(std::string_view name) noexcept;
// Whether it happens while a connection is made, before there is an appid or a user.
[[nodiscard]] bool is_at_accept(fault_kind kind) noexcept;
// What `consumes` is when nothing is said.
[[nodiscard]] bool consumes_by_default(fault_kind kind) noexcept;
// Whether an order may choose.
[[nodiscard]] bool may_consume_or_not(fault_kind kind) noexcept;

} // namespace wxlogind::wechat_sim
