// Question: what do our quotas add to a login, and what does reading the keys that may be exchanged?
//
//     cmake --preset release && cmake --build --preset release --target limits_bench
//     build/release/bin/limits_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only
#include "core/base/async.hpp"
#include "core/session/current_keyring.hpp"
#include "handlers/admission/request_limits.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace wxlogind {
namespace {

using handlers::request_limits;

request_limits& limits() {
    static request_limits made{limits_settings{}, steady_clock::now()};
    return made;
}

// A hundred thousand clients in no order, so that the table is not in the nearest cache.
std::vector<asio::ip::address> clients() {
    constexpr std::uint32_t count = 100'000;
    std::vector<asio::ip::address> all;
    all.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
        all.emplace_back(asio::ip::address_v4{0x0b000000 + i * 2654435761U % 0x00ffffff});
    return all;
}

void one_address(benchmark::State& state) {
    const auto all = clients();
    std::size_t next = 0;
    for ([[maybe_unused]] const auto pass : state) {
        benchmark::DoNotOptimize(limits().admit_address(all[next], steady_clock::now()));
        if (++next == all.size()) next = 0;
    }
}

// All that a login is asked for: address, app, openid.
void whole_login(benchmark::State& state) {
    const auto all = clients();
    std::vector<std::string> openids;
    openids.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        openids.push_back("oGZUI0egBJY1zhBYw2Khd" + std::to_string(i));
    std::size_t next = 0;
    for ([[maybe_unused]] const auto pass : state) {
        benchmark::DoNotOptimize(limits().admit_address(all[next], steady_clock::now()));
        benchmark::DoNotOptimize(limits().admit_app("wx0123456789abcdef", nullptr, steady_clock::now()));
        benchmark::DoNotOptimize(
            limits().admit_identity("wx0123456789abcdef", openids[next], steady_clock::now()));
        if (++next == all.size()) next = 0;
    }
}

void the_clock_alone(benchmark::State& state) {
    for ([[maybe_unused]] const auto pass : state) benchmark::DoNotOptimize(steady_clock::now());
}

void current_keys(benchmark::State& state) {
    std::vector<session::signing_key> signing(1);
    signing.front().kid = "k";
    signing.front().bytes = secret{std::string(32, 'k')};
    std::vector<sealing_key> sealing(1);
    sealing.front().bytes = secret{std::string(32, 's')};
    const session::current_keyring keys{
        std::make_shared<const session::keyring>(std::move(signing), std::move(sealing))};
    for ([[maybe_unused]] const auto pass : state) benchmark::DoNotOptimize(&keys.now().signer());
}

BENCHMARK(the_clock_alone);
BENCHMARK(one_address);
BENCHMARK(whole_login);
BENCHMARK(one_address)->Threads(2);
BENCHMARK(current_keys);

} // namespace
} // namespace wxlogind

BENCHMARK_MAIN();
