#include "tests/docs/errcode_page.hpp"

#include "core/wechat/errcodes.hpp"
#include "handlers/problem.hpp"

#include <string_view>

namespace wxlogind::test {

namespace {

using wechat::errcode_meaning;
using wechat::wechat_call;

// No errcode of WeChat's lies outside.
constexpr int lowest = -2000;
constexpr int highest = 200'000;

struct page_texts {
    std::string_view begin;
    std::string_view login;
    std::string_view token;
    std::string_view phone;
    std::string_view end;
};

constexpr page_texts english{
    R"(# WeChat's errcodes

What wxlogind makes of every errcode that WeChat answers. `errcode` stands in the problem document, and `detail` and `check` are as the document and the log have them: `detail` is for the client, `check` is for whoever runs the server. An errcode that is not in this table becomes 502 `wechat_bad_answer` with its number, and is logged.

This page is made from the one switch in `core/wechat/errcodes.cpp`: `cmake --build --preset release --target docs`. A test fails when the two differ.

| errcode | WeChat says | status | code | retry | detail | check |
|---|---|---|---|---|---|---|
)",
    " (code2Session)", " (access token)", " (phone number)",
    R"(
`retry`: `login` = call `wx.login` again and repeat once; `later` = wait for `Retry-After`, then repeat; `no` = repeating does not help. 40001, 40014 and 42001 are met by the server itself first: it gets another access token and repeats the call once. The code of a phone number is not one of `wx.login`: a new one takes another tap of the user.
)"};

constexpr page_texts chinese{
    R"(# 微信的 errcode

微信返回的每个 errcode 在 wxlogind 里变成什么。problem 文档带有 `errcode`；`detail` 和 `check` 是 problem 文档与日志中的原文：`detail` 给客户端看，`check` 给运维看。不在此表中的 errcode 会变成 502 `wechat_bad_answer` 并带上原值，同时写入日志。

本页由 `core/wechat/errcodes.cpp` 中唯一的 switch 生成：`cmake --build --preset release --target docs`。两者不一致时测试会失败。

| errcode | 微信的说法 | 状态码 | code | retry | detail | check |
|---|---|---|---|---|---|---|
)",
    "（code2Session）", "（access token）", "（手机号）",
    R"(
`retry`：`login` = 重新调用 `wx.login`，再试一次；`later` = 等 `Retry-After` 指定的时间再试；`no` = 重试无用。遇到 40001、40014、42001 时服务器会先自行换取新的 access token 并重试一次。手机号的 code 不是 `wx.login` 的 code：要换新的，用户必须再点一次按钮。
)"};

bool are_alike(const errcode_meaning& a, const errcode_meaning& b) {
    return a.problem == b.problem && a.detail == b.detail && a.check == b.check;
}

void append_row(std::string& to, int errcode, std::string_view call, const errcode_meaning& means) {
    const handlers::problem_kind kind = handlers::kind_of(means.problem);
    to.append("| ").append(std::to_string(errcode)).append(call);
    to.append(" | ").append(means.text);
    to.append(" | ").append(std::to_string(kind.status));
    to.append(" | `").append(to_string(means.problem));
    to.append("` | ").append(to_string(kind.retry));
    to.append(" | ").append(means.detail);
    to.append(" | ").append(means.check).append(means.check.empty() ? "|\n" : " |\n");
}

// A row for what most calls mean by it, and one for each call that means something else.
void append_rows(std::string& to, int errcode, const page_texts& texts) {
    const errcode_meaning usual = meaning_of(errcode, wechat_call::with_token);
    if (!usual.is_known) return;
    append_row(to, errcode, "", usual);
    const std::pair<wechat_call, std::string_view> others[] = {
        {wechat_call::code_to_session, texts.login},
        {wechat_call::access_token, texts.token},
        {wechat_call::phone_number, texts.phone}};
    for (const auto& [call, name] : others)
        if (const auto means = meaning_of(errcode, call); !are_alike(means, usual))
            append_row(to, errcode, name, means);
}

} // namespace

std::string render_errcode_page(page_language language) {
    const page_texts& texts = language == page_language::english ? english : chinese;
    std::string page{texts.begin};
    for (int errcode = lowest; errcode < highest; ++errcode)
        if (errcode != wechat::errcode_ok) append_rows(page, errcode, texts);
    page += texts.end;
    return page;
}

} // namespace wxlogind::test
