// Question: what do tokens, sealing and their parts cost on one core? "allocs" counts operator new and
// OpenSSL's own allocations per operation.
//
//     cmake --preset release && cmake --build --preset release --target session_bench
//     build/release/bin/session_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only
#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "core/base/random.hpp"
#include "core/base/user_id.hpp"
#include "core/session/refresh_token.hpp"
#include "core/session/revocations.hpp"
#include "core/session/token.hpp"

#include <benchmark/benchmark.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace {

std::size_t allocations = 0; // one thread

void* count_malloc(std::size_t size, const char*, int) {
    ++allocations;
    return std::malloc(size);
}
void* count_realloc(void* memory, std::size_t size, const char*, int) {
    ++allocations;
    return std::realloc(memory, size);
}
void plain_free(void* memory, const char*, int) {
    std::free(memory);
}

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace wxlogind {
namespace {

using namespace session;
using namespace std::chrono_literals;

constexpr unix_seconds now{1'800'000'000s};
const token_rules rules{.issuer = "wxlogind"};

const keyring& keys() {
    static const keyring made{
        {signing_key{"20261122T165500Z-5fc2a0e1", key_state::active, secret{random_bytes(32)}, now}},
        {sealing_key{1, secret{random_bytes(32)}}}};
    return made;
}

token_claims claims_of_a_login() {
    token_claims claims;
    claims.appid = "wx0123456789abcdef";
    claims.user = user_id_source{}.next(now);
    claims.sid = 123456789;
    claims.openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
    claims.issued = now;
    claims.expires = now + 2h;
    return claims;
}

template <class Operation>
void measure(benchmark::State& state, Operation operation) {
    operation(); // what is made once, is made here
    const std::size_t before = allocations;
    for ([[maybe_unused]] const auto pass : state) benchmark::DoNotOptimize(operation());
    state.counters["allocs"] =
        static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
}

template <class Operation>
void measure_without_a_first(benchmark::State& state, Operation operation) {
    for ([[maybe_unused]] const auto pass : state) benchmark::DoNotOptimize(operation());
}

void issue_session_token(benchmark::State& state) {
    const token_claims claims = claims_of_a_login();
    measure(state, [&] { return issue_token(claims, rules, keys()); });
}

void verify_session_token(benchmark::State& state) {
    const std::string token = issue_token(claims_of_a_login(), rules, keys());
    measure(state, [&] { return verify_token(token, rules, keys(), now); });
}

void refuse_session_token(benchmark::State& state) {
    std::string token = issue_token(claims_of_a_login(), rules, keys());
    token.back() = token.back() == 'A' ? 'B' : 'A';
    measure(state, [&] { return verify_token(token, rules, keys(), now); });
}

void issue_refresh(benchmark::State& state) {
    const refresh_claims claims{.sid = 123456789, .generation = 7, .expires = now + 720h};
    measure(state, [&] { return issue_refresh_token(claims, keys()); });
}

void verify_refresh(benchmark::State& state) {
    const std::string token =
        issue_refresh_token({.sid = 123456789, .generation = 7, .expires = now + 720h}, keys());
    measure(state, [&] { return verify_refresh_token(token, keys(), now); });
}

// What /verify adds to the token's own check, with so many revocations of other users in memory.
void look_for_revocation(benchmark::State& state) {
    static std::unique_ptr<revocations> dead; // all threads look into the same one
    user_id_source source;
    if (state.thread_index() == 0) {
        dead = std::make_unique<revocations>(200'000, rules, 2h);
        const auto until = dead->end_of_tokens(now);
        for (std::int64_t each = 0; each < state.range(0); ++each)
            dead->add_user(source.next(now), each, until);
    }
    std::vector<token_claims> tokens(1024, claims_of_a_login());
    for (token_claims& each : tokens) each.user = source.next(now);
    std::size_t next = 0;
    // Threads meet at the beginning of the measurement, not before.
    measure_without_a_first(state, [&] { return dead->is_revoked(tokens[next++ % tokens.size()], now); });
}

constexpr std::string_view session_key = "tiihtNczf5v6AKRyjwEUhQ==";
constexpr std::string_view place = "identity.session_key:wx0123456789abcdef:oGZUI0egBJY1zhBYw2KhdUfwVJJE";

void seal(benchmark::State& state) {
    measure(state, [&] { return keys().sealer().seal(session_key, place); });
}

void open(benchmark::State& state) {
    const std::string envelope = keys().sealer().seal(session_key, place);
    measure(state, [&] { return keys().sealer().open(envelope, place); });
}

void fingerprint(benchmark::State& state) {
    measure(state, [&] { return keys().sealer().fingerprint(session_key); });
}

void hmac(benchmark::State& state) {
    const hmac_sha256 mac{random_bytes(32)};
    const std::string message = random_bytes(static_cast<std::size_t>(state.range(0)));
    measure(state, [&] { return mac(message); });
}

void nonce(benchmark::State& state) {
    measure(state, [&] {
        std::array<unsigned char, 12> bytes;
        fill_random(bytes);
        return bytes;
    });
}

void make_user_id(benchmark::State& state) {
    user_id_source source;
    measure(state, [&] { return source.next(unix_millis{now}); });
}

void encode_base64url(benchmark::State& state) {
    const std::string bytes = random_bytes(static_cast<std::size_t>(state.range(0)));
    measure(state, [&] { return base64url_encode(bytes); });
}

void decode_base64url(benchmark::State& state) {
    const std::string text = base64url_encode(random_bytes(static_cast<std::size_t>(state.range(0))));
    measure(state, [&] { return base64url_decode(text); });
}

void check_utf8(benchmark::State& state) {
    std::string text;
    while (text.size() < 200) text += state.range(0) == 0 ? "plain ascii text " : "微信用户 ";
    measure(state, [&] { return is_utf8(text); });
}

void read_login_body(benchmark::State& state) {
    const std::string text =
        R"({"code":"0a3mXt100Kj2DT1zJi200lVZRd4mXt1K","appid":"wx0123456789abcdef",)"
        R"("nickName":"微信用户","avatarUrl":"https://thirdwx.qlogo.cn/mmopen/vi_32/)"
        R"(POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwx/132",)"
        R"("gender":0,"country":"","province":"","city":"","language":"zh_CN"})";
    measure(state, [&] {
        json_document body{"body"};
        return body.read(text)->text("code")->has_value();
    });
}

BENCHMARK(issue_session_token);
BENCHMARK(verify_session_token);
BENCHMARK(refuse_session_token);
BENCHMARK(issue_refresh);
BENCHMARK(verify_refresh);
BENCHMARK(look_for_revocation)->Arg(0)->Arg(1)->Arg(1000)->Arg(100'000)->ThreadRange(1, 2);
BENCHMARK(seal);
BENCHMARK(open);
BENCHMARK(fingerprint);
BENCHMARK(hmac)->Arg(32)->Arg(300);
BENCHMARK(nonce);
BENCHMARK(make_user_id);
BENCHMARK(encode_base64url)->Arg(32)->Arg(200);
BENCHMARK(decode_base64url)->Arg(32)->Arg(200);
BENCHMARK(check_utf8)->Arg(0)->Arg(1);
BENCHMARK(read_login_body);

} // namespace
} // namespace wxlogind

int main(int argc, char** argv) {
    CRYPTO_set_mem_functions(&count_malloc, &count_realloc, &plain_free);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
