// Question: what does one exchange of a code over kept TLS connections cost the reactor that runs it?
//
//     build/release/bin/exchange_bench
//
// "cpu_us", "user_us", "kernel_us" and "allocations" are of one exchange; the time is what it takes with so
// many in flight, divided by their number. WeChat is played by a scripted TLS peer in a process of its own, a
// thread a connection; only the reactor's thread is counted. Not measured: handshakes (done before), the
// network, WeChat's own time.
#include "core/net/reactor.hpp"
#include "core/wechat/wechat_https.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <benchmark/benchmark.h>
#include <openssl/crypto.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>

namespace {

thread_local std::uint64_t allocations = 0;

void* counted_malloc(std::size_t size, const char*, int) {
    ++allocations;
    return std::malloc(size);
}
void* counted_realloc(void* old, std::size_t size, const char*, int) {
    ++allocations;
    return std::realloc(old, size);
}
void counted_free(void* old, const char*, int) {
    std::free(old);
}

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const made = std::malloc(size)) return made;
    throw std::bad_alloc{};
}
void operator delete(void* old) noexcept {
    std::free(old);
}
void operator delete(void* old, std::size_t) noexcept {
    std::free(old);
}

namespace {

using namespace wxlogind;

constexpr std::chrono::seconds measured{3};

struct meter {
    double user{0};
    double kernel{0};
    std::uint64_t allocations{0};

    static meter now() {
        rusage used{};
        ::getrusage(RUSAGE_THREAD, &used);
        const auto micros = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
        };
        return {micros(used.ru_utime), micros(used.ru_stime), ::allocations};
    }
};

struct run_state {
    wechat::wechat_https& api;
    wechat::app_credentials app{
        "wx0123456789abcdef", secret{std::string_view{"0123456789abcdef0123456789abcdef"}}};
    std::uint64_t done{0};
    std::uint64_t failed{0};
    bool is_over{false};
    unsigned running{0};
};

task<> exchange_codes(run_state& state) {
    ++state.running;
    const std::string code = "051v0m000ObAyK19vV1005SDWf0v0m0s";
    while (!state.is_over) {
        std::function<bool()> always_wanted;
        const auto reply = co_await state.api.exchange_code(state.app, code, std::move(always_wanted), {});
        ++state.done;
        if (!reply) ++state.failed;
    }
    --state.running;
}

task<> measure(net::reactor& home, run_state& state, benchmark::State& report) {
    steady_timer timer{home.get_executor()};
    for (auto left = report.range(0); left > 0; --left)
        asio::co_spawn(home.get_executor(), exchange_codes(state), asio::detached);
    timer.expires_after(std::chrono::seconds{1}); // connections and caches are warm then
    co_await timer.async_wait(as_result);

    const meter before = meter::now();
    const auto started = steady_clock::now();
    const std::uint64_t done_before = state.done;
    timer.expires_after(measured);
    co_await timer.async_wait(as_result);
    const meter after = meter::now();
    const double span = std::chrono::duration<double>(steady_clock::now() - started).count();
    const auto count = static_cast<double>(state.done - done_before);
    report.SetIterationTime(span / count);
    report.counters["exchanges/s"] = count / span;
    report.counters["user_us"] = (after.user - before.user) / count;
    report.counters["kernel_us"] = (after.kernel - before.kernel) / count;
    report.counters["cpu_us"] = (after.user + after.kernel - before.user - before.kernel) / count;
    report.counters["allocations"] = static_cast<double>(after.allocations - before.allocations) / count;
    if (state.failed != 0) report.SkipWithError("exchanges failed");
    state.is_over = true;
    while (state.running != 0) {
        timer.expires_after(std::chrono::milliseconds{5});
        co_await timer.async_wait(as_result);
    }
    home.stop();
}

// The peer's process: writes its port to `report`, and serves until it is killed.
[[noreturn]] void play_wechat(const test::certificate& own, int report) {
    const test::tls_peer peer{
        own,
        test::always(test::ok(
            R"({"session_key":"AAEC\/wQFBgcICQoLDA0O\/w==","openid":"oEXAMPLE00000000000000000001","unionid":"oUNION0000000000000000000001"})"))};
    const std::uint16_t port = peer.port();
    if (::write(report, &port, sizeof port) != sizeof port) std::abort();
    for (;;) ::pause();
}

// Every run has connections of its own, and so many exchanges in flight as its argument says.
void one_exchange(benchmark::State& report, net::https_upstream& upstream, const wechat_settings& settings) {
    for ([[maybe_unused]] const auto pass : report) {
        net::reactor home{0, "bench"};
        wechat::client_round_trips counts;
        wechat::wechat_https api{home, upstream, settings, {}, counts};
        run_state state{api};
        asio::co_spawn(home.get_executor(), measure(home, state, report), asio::detached);
        home.run();
    }
}

} // namespace

int main(int argc, char** argv) {
    CRYPTO_set_mem_functions(&counted_malloc, &counted_realloc, &counted_free);

    const test::temporary_directory directory;
    const test::certificate_authority authority;
    const test::certificate own = authority.issue();
    std::ofstream{directory.file("ca.pem")} << authority.pem();

    int report[2];
    if (::pipe(report) != 0) return EXIT_FAILURE;
    const pid_t peer = ::fork();
    if (peer == 0) play_wechat(own, report[1]);
    std::uint16_t port = 0;
    if (::read(report[0], &port, sizeof port) != sizeof port) return EXIT_FAILURE;

    wechat_settings settings;
    settings.base_url = "https://localhost:" + std::to_string(port);
    settings.ca_file = directory.file("ca.pem");
    const auto upstream = wechat::make_upstream(settings);
    upstream->names.wait_for_addresses(std::chrono::seconds{5});
    const auto run = [&](benchmark::State& report) { one_exchange(report, *upstream, settings); };
    benchmark::RegisterBenchmark("one_exchange", run)
        ->ArgName("in_flight")
        ->Arg(1)
        ->Arg(64)
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    ::kill(peer, SIGKILL);
    ::waitpid(peer, nullptr, 0);
    return EXIT_SUCCESS;
}
