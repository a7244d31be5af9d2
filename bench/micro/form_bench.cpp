// Question: what do the forms of a login cost, and the JSON that WeChat answers and we do?
//
//     cmake --preset release && cmake --build --preset release --target form_bench
//     build/release/bin/form_bench
#include "bench/micro/allocation_count.hpp"
#include "core/base/json_text.hpp"
#include "core/wechat/code2session_reply.hpp"
#include "handlers/forms/login_form.hpp"

#include <benchmark/benchmark.h>

#include <string>

using namespace wxlogind;

namespace {

void read_form(benchmark::State& state, const net::request& incoming) {
    if (!handlers::parse_login_form(incoming)) state.SkipWithError("the form is refused");
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state)
        benchmark::DoNotOptimize(handlers::parse_login_form(incoming));
}

// The least that logs somebody in.
void form_of_a_code(benchmark::State& state) {
    net::request incoming;
    incoming.verb = net::method::post;
    incoming.content_type = "application/json";
    incoming.body = R"({"code":"0a3mXt100Kj2DT1zJi200lVZRd4mXt1K"})";
    read_form(state, incoming);
}
BENCHMARK(form_of_a_code);

void form_of_a_body_with_a_profile(benchmark::State& state) {
    net::request incoming;
    incoming.verb = net::method::post;
    incoming.content_type = "application/json";
    incoming.body =
        R"({"code":"0a3mXt100Kj2DT1zJi200lVZRd4mXt1K","appid":"wx0123456789abcdef","nickName":"微信用户",)"
        R"("avatarUrl":"https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icR/132",)"
        R"("gender":0,"country":"","province":"","city":"","language":"zh_CN"})";
    read_form(state, incoming);
}
BENCHMARK(form_of_a_body_with_a_profile);

// As wx.request writes it by default.
void form_of_a_query_with_a_profile(benchmark::State& state) {
    net::request incoming;
    incoming.verb = net::method::get;
    incoming.query =
        "code=051v0m000ObAyK19vV1005SDWf0v0m0s&nickName=%E5%BC%A0%E4%B8%89&city=Guangzhou&province=Guangdong"
        "&avatarUrl=https%3A%2F%2Fthirdwx.qlogo.cn%2Fmmopen%2Fvi_32%2F0";
    read_form(state, incoming);
}
BENCHMARK(form_of_a_query_with_a_profile);

void read_wechats_reply(benchmark::State& state) {
    const std::string body = R"({"session_key":"tiihtNczf5v6AKRyjwEUhQ==","openid":)"
                             R"("oGZUI0egBJY1zhBYw2KhdUfwVJJE","unionid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"})";
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state)
        benchmark::DoNotOptimize(wechat::parse_code2session_reply(body));
}
BENCHMARK(read_wechats_reply);

void write_a_json_string(benchmark::State& state) {
    std::string out;
    out.reserve(256);
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state) {
        out.clear();
        append_json_string(out, "oGZUI0egBJY1zhBYw2KhdUfwVJJE");
        append_json_string(out, "微信用户 \"A\"");
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(write_a_json_string);

} // namespace

BENCHMARK_MAIN();
