#include "core/wechat/text_check.hpp"

#include "core/base/json_reading.hpp"
#include "core/base/json_text.hpp"

#include <optional>

namespace wxlogind::wechat {

namespace {

std::optional<text_suggestion> parse_suggestion(std::string_view text) noexcept {
    for (const auto each : {text_suggestion::pass, text_suggestion::review, text_suggestion::risky})
        if (text == to_string(each)) return each;
    return std::nullopt;
}

failure not_understood() {
    return {errc::wechat_bad_answer, "WeChat's verdict on the text was not understood"};
}

api_call to_call(const text_to_check& what) {
    std::string body{R"({"version":2,"scene":)"};
    body += std::to_string(static_cast<int>(what.scene));
    body += R"(,"openid":)";
    append_json_string(body, what.openid);
    body += R"(,"content":)";
    append_json_string(body, what.content);
    body += '}';
    api_call call{.path = "/wxa/msg_sec_check", .may_repeat = true};
    call.body = secret{std::move(body)};
    call.traceparent = what.traceparent;
    return call;
}

} // namespace

std::string_view to_string(text_suggestion suggestion) noexcept {
    switch (suggestion) {
    case text_suggestion::pass: return "pass";
    case text_suggestion::review: return "review";
    case text_suggestion::risky: return "risky";
    }
    return "review";
}

result<text_verdict> read_text_verdict(std::string_view answer) {
    json_document document{"answer"};
    const auto members = document.read(answer);
    if (!members) return not_understood();
    const auto verdict = members->object("result");
    if (!verdict || !*verdict) return not_understood();
    const auto suggest = (*verdict)->text("suggest");
    const auto label = (*verdict)->integer("label");
    if (!suggest || !*suggest || !label || !*label) return not_understood();
    const auto known = parse_suggestion(**suggest);
    if (!known) return not_understood();
    return text_verdict{*known, **label};
}

task<result<text_verdict>> check_text(authorised_calls& api, const app_credentials& app, text_to_check what) {
    api_call call = to_call(what);
    const auto answer = co_await api.call(app, std::move(call));
    if (!answer) co_return answer.error();
    co_return read_text_verdict(answer->reveal());
}

} // namespace wxlogind::wechat
