// What WeChat answers, byte for byte: bodies as JSON text, and the head of the response.
#pragma once

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// What became of the answers over the years, and what one may meet again.
// One aligned word, so that threads can swap it.
struct alignas(4) reply_style {
    bool escapes_slash{true};                  // "\/" in a session_key
    bool writes_errcode_zero{false};           // "errcode":0,"errmsg":"ok" after the members of a success
    bool writes_old_hints{false};              // "hints: [ req_id: … ]" where the rid stands now
    bool writes_country_code_as_number{false}; // "countryCode":86
};

// Ends every errmsg. Its first group is the Unix time in seconds.
struct request_id {
    std::uint32_t seconds{};
    std::uint32_t first{};
    std::uint32_t second{};
};
[[nodiscard]] request_id make_request_id(unix_millis now, generator& numbers) noexcept;

// /sns/* differs from the rest in small things: text/plain, and a comma before the rid.
enum class endpoint_family : std::uint8_t {
    sns,
    cgi,
};
[[nodiscard]] endpoint_family family_of(std::string_view path) noexcept;
[[nodiscard]] std::string_view content_type_of(endpoint_family family) noexcept;

struct answer {
    unsigned status{200};
    std::string_view content_type; // a literal; "" = no body and no field
    std::string body;
    int errcode{0};       // for the statistics
    std::string fields{}; // further ones of the head, each with its line end
};

// `client_ip` is told by 40164 alone.
[[nodiscard]] answer error_answer(
    int errcode, endpoint_family family, const request_id& id, const reply_style& style,
    std::string_view client_ip = {});

// code2Session's success: session_key, openid and, for bound apps, unionid.
[[nodiscard]] answer login_answer(const exchange_outcome& login, const reply_style& style);

// The key as JSON text, without the quotes.
void append_key(std::string& to, const session_key& key, const reply_style& style);

// Appends head and body. `date` is an RFC 9110 date.
void append_response(std::string& to, const answer& what, std::string_view date, bool keeps_alive);
// The status line and the fields that come before Content-Length.
void append_head(
    std::string& to, unsigned status, std::string_view content_type, std::string_view date, bool keeps_alive);

} // namespace wxlogind::wechat_sim
