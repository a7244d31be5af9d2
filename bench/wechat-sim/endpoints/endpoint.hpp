// One endpoint of the API: what a request to its path is answered. A new one is a file here and a line in
// the table of endpoints.cpp.
#pragma once

#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/wire/request.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// What an endpoint may look at.
struct endpoint_call {
    const request& incoming;
    query_parameters& parameters;
    std::string_view client_ip;
    world& everything;
    request_id id;
    reply_style style;
};

// Answers a request, whatever its path. Any thread.
[[nodiscard]] answer answer_call(const endpoint_call& call);

// The place of a path among the endpoints; code2Session's is 0, and endpoint_count() stands for all others.
[[nodiscard]] std::size_t endpoint_index(std::string_view path) noexcept;
[[nodiscard]] std::size_t endpoint_count() noexcept;
[[nodiscard]] std::string_view endpoint_path(std::size_t index) noexcept; // "others" for the last

// Whether calls of this path may be signed and encrypted.
[[nodiscard]] bool may_be_secured(std::string_view path) noexcept;

// What endpoints answer with: an errcode with its text, or a JSON body.
[[nodiscard]] answer refuse(const endpoint_call& call, int errcode);
[[nodiscard]] answer accept(const endpoint_call& call, std::string body);

// Of the query's access_token: whose it is, or why it is not good.
[[nodiscard]] token_check check_token(const endpoint_call& call);

// Before anything else is done with a request to this path: its code has arrived.
inline constexpr std::string_view phone_number_path = "/wxa/business/getuserphonenumber";
void count_phone_code(const request& incoming, world& everything);

[[nodiscard]] answer code_to_session(const endpoint_call& call);      // GET /sns/jscode2session
[[nodiscard]] answer get_token(const endpoint_call& call);            // GET /cgi-bin/token
[[nodiscard]] answer get_stable_token(const endpoint_call& call);     // POST /cgi-bin/stable_token
[[nodiscard]] answer get_api_domain_ip(const endpoint_call& call);    // GET /cgi-bin/get_api_domain_ip
[[nodiscard]] answer get_phone_number(const endpoint_call& call);     // POST phone_number_path
[[nodiscard]] answer check_session(const endpoint_call& call);        // GET /wxa/checksession
[[nodiscard]] answer reset_session(const endpoint_call& call);        // GET /wxa/resetusersessionkey
[[nodiscard]] answer get_user_encrypt_key(const endpoint_call& call); // /wxa/business/getuserencryptkey
[[nodiscard]] answer check_content(const endpoint_call& call);        // POST /wxa/msg_sec_check

} // namespace wxlogind::wechat_sim
