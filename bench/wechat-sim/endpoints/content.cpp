#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/endpoints/json_body.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"
#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"

#include <fmt/format.h>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t longest_content = 2500; // characters
constexpr std::chrono::hours active_for{2};

// Whether the user of the openid may be asked about.
int check_user(const endpoint_call& call, std::string_view appid, std::string_view openid) {
    world& everything = call.everything;
    if (openid.empty()) return errcode::invalid_openid;
    const auto session = everything.users().find({appid, openid}, everything.now());
    if (!session)
        return everything.is_user_elsewhere(openid) ? errcode::foreign_openid : errcode::invalid_openid;
    return everything.now() - session->seen_at > active_for ? errcode::user_inactive : errcode::ok;
}

// What all texts of a request together come to.
content_verdict judge(const world& everything, const json_body& body) {
    std::string all;
    for (const std::string_view name : {"content", "nickname", "title", "signature"})
        all.append(body.text(name)).append("\n");
    return everything.contents().judge(all);
}

answer answer_with(const endpoint_call& call, const content_verdict& verdict) {
    std::string detail = fmt::format(
        R"({{"strategy":"content_model","errcode":0,"suggest":"{}","label":{},"prob":90}})", verdict.suggest,
        verdict.label);
    if (!verdict.word.empty()) {
        detail += fmt::format(
            R"(,{{"strategy":"keyword","errcode":0,"suggest":"{}","label":{},"keyword":)", verdict.suggest,
            verdict.label);
        append_json_string(detail, verdict.word);
        detail += '}';
    }
    return accept(
        call, fmt::format(
                  R"({{"errcode":0,"errmsg":"ok","result":{{"suggest":"{}","label":{}}},"detail":[{}],)"
                  R"("trace_id":"{:08x}-{:08x}-{:08x}"}})",
                  verdict.suggest, verdict.label, detail, call.id.seconds, call.id.first, call.id.second));
}

} // namespace

answer check_content(const endpoint_call& call) {
    const token_check token = check_token(call);
    if (token.errcode != errcode::ok) return refuse(call, token.errcode);
    if (call.incoming.method != "POST") return refuse(call, errcode::require_post);
    if (call.incoming.body.empty()) return refuse(call, errcode::empty_body);
    const json_body body{call.incoming.body};
    const std::string_view content = body.text("content");
    if (!body.is_object() || content.empty()) return refuse(call, errcode::not_json);
    if (count_characters(content) > longest_content) return refuse(call, errcode::content_too_long);
    const content_verdict verdict = judge(call.everything, body);
    if (body.number("version") != 2) { // the first version knows neither scenes nor users
        if (verdict.suggest == "risky") return refuse(call, errcode::risky_content);
        return accept(call, R"({"errcode":0,"errmsg":"ok"})");
    }
    const std::int64_t scene = body.number("scene").value_or(0);
    if (scene < 1 || scene > 4) return refuse(call, errcode::invalid_scene);
    if (const int refused = check_user(call, token.appid, body.text("openid"))) return refuse(call, refused);
    return answer_with(call, verdict);
}

} // namespace wxlogind::wechat_sim
