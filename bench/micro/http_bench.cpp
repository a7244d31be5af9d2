// Question: what do reading a login's request and rendering its answer cost, sockets left out?
//
//     cmake --preset release && cmake --build --preset release --target http_bench
//     build/release/bin/http_bench
#include "bench/micro/allocation_count.hpp"
#include "core/net/http_head.hpp"
#include "core/net/http_reader.hpp"
#include "core/net/rendering.hpp"

#include <benchmark/benchmark.h>

#include <string>

using namespace wxlogind;
using namespace wxlogind::net;

namespace {

// As a mini program behind a load balancer sends it; some 300 bytes.
const std::string login_post = "POST /login HTTP/1.1\r\n"
                               "Host: login.example.com\r\n"
                               "Content-Type: application/json\r\n"
                               "User-Agent: Mozilla/5.0 (iPhone) MicroMessenger/8.0.40\r\n"
                               "Referer: https://servicewechat.com/wx0123456789abcdef/1/page-frame.html\r\n"
                               "Content-Length: 60\r\n"
                               "\r\n"
                               "{\"code\":\"0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P\",\"nickName\":\"wei\"}";

void check_the_head(benchmark::State& state) {
    const http_limits limits;
    const std::string_view head{login_post.data(), login_post.find("\r\n\r\n") + 4};
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state) benchmark::DoNotOptimize(check_head(head, limits));
}
BENCHMARK(check_the_head);

void read_a_login(benchmark::State& state) {
    const http_limits limits;
    http_reader reader{limits};
    (void)reader.read(login_post); // the vector of fields grows once a connection
    reader.next();
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state) {
        benchmark::DoNotOptimize(reader.read(login_post));
        benchmark::DoNotOptimize(reader.incoming());
        reader.next();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(login_post.size()));
}
BENCHMARK(read_a_login);

void read_a_login_byte_by_byte(benchmark::State& state) {
    const http_limits limits;
    http_reader reader{limits};
    for ([[maybe_unused]] const auto pass : state) {
        for (std::size_t size = 1; size <= login_post.size(); ++size)
            benchmark::DoNotOptimize(reader.read(std::string_view{login_post}.substr(0, size)));
        reader.next();
    }
}
BENCHMARK(read_a_login_byte_by_byte);

void render_a_token(benchmark::State& state) {
    response answer;
    answer.body.assign(500, 'x');
    answer.no_store = true;
    const rendering how{.date = "Sun, 06 Nov 1994 08:49:37 GMT", .request_id = "0123456789abcdef"};
    std::string out;
    render(answer, how, out);
    const bench::counted_allocations counted{state};
    for ([[maybe_unused]] const auto pass : state) {
        out.clear();
        render(answer, how, out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(render_a_token);

} // namespace

BENCHMARK_MAIN();
