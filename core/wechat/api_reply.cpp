#include "core/wechat/api_reply.hpp"

#include "core/base/json_reading.hpp"

#include <algorithm>
#include <climits>

namespace wxlogind::wechat {

namespace {

constexpr std::size_t max_token_bytes = 4096;
constexpr std::int64_t longest_life_s = 24 * 3600;

failure bad_answer(const char* why) {
    return {errc::wechat_bad_answer, why};
}

// Goes into the target of requests as it is.
bool is_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_token_bytes &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

result<void> check_api_response(unsigned status, std::string_view body, wechat_call kind) {
    if (status == 429) return failure{errc::rate_limited, "too many requests to WeChat"};
    if (status != 200) return bad_answer("WeChat answered an unexpected status");
    if (body.size() > max_api_reply_bytes) return bad_answer("the answer is too long");
    json_document document{"answer"};
    const auto members = document.read(body);
    if (!members) return bad_answer("the answer is not one JSON object");
    const auto errcode = members->integer("errcode");
    if (!errcode || (*errcode && (**errcode < INT_MIN || **errcode > INT_MAX)))
        return bad_answer("the errcode is not an integer");
    const int number = static_cast<int>(errcode->value_or(errcode_ok));
    if (number == errcode_ok) return {};
    return refusal_of(number, kind);
}

result<access_token> parse_token_reply(std::string_view body, steady_clock::time_point asked) {
    json_document document{"answer"};
    const auto members = document.read(body);
    if (!members) return bad_answer("the answer is not one JSON object");
    const auto text = members->text("access_token");
    if (!text || !*text || !is_token(**text)) return bad_answer("the answer has no access_token");
    const auto life = members->integer("expires_in");
    if (!life || !*life || **life < 1 || **life > longest_life_s)
        return bad_answer("the answer has no expires_in");
    return access_token{.text = secret{**text}, .expires = asked + std::chrono::seconds{**life}};
}

} // namespace wxlogind::wechat
