// Question: how long does a login wait for the disk while expired sessions are deleted without a pause,
// against how long it waits otherwise?
//
// One login after the other, each durable, on the disk under TMPDIR. wxlogind itself pauses between two
// slices (core/server/house_keeping.hpp), so what is seen here is the worst. Run it as
//     TMPDIR=/var/tmp build/release/bin/house_keeping_bench
#include "storage/open_store.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temporary_directory.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

using namespace wxlogind;
using namespace std::chrono_literals;

constexpr unix_millis long_ago{1'700'000'000'000ms};
constexpr unix_millis now{1'790'000'000'000ms};
constexpr unsigned expired_sessions = 200'000;
constexpr unsigned logins = 3000;

storage::login_record login_at(unix_millis time, unsigned user) {
    storage::login_record login;
    login.appid = "wx0123456789abcdef";
    login.openid = "openid of user number " + std::to_string(user);
    login.sealed_session_key.assign(57, 'k');
    login.session_key_fingerprint = user;
    login.now = time;
    login.session_expires = time + 720h;
    return login;
}

task<> log_in_in_the_past(storage::login_store& store, unsigned first) {
    for (unsigned each = 0; each < 400; ++each) {
        auto login = login_at(long_ago, (first + each) % 20'000);
        co_await store.record_login(std::move(login));
    }
}

struct waits {
    std::vector<std::chrono::nanoseconds> all;

    void print(const char* what) {
        std::ranges::sort(all);
        const auto micros = [this](double share) {
            const auto at = static_cast<std::size_t>(share * static_cast<double>(all.size() - 1));
            return static_cast<double>(all[at].count()) / 1000;
        };
        std::printf(
            "%-24s p50 %8.1f us   p99 %8.1f us   most %8.1f us\n", what, micros(0.5), micros(0.99),
            micros(1));
    }
};

waits log_in_again_and_again(storage::login_store& store) {
    waits seen;
    for (unsigned user = 0; user < logins; ++user) {
        const auto begin = steady_clock::now();
        test::run(store.record_login(login_at(now, user))).value();
        seen.all.push_back(steady_clock::now() - begin);
    }
    return seen;
}

} // namespace

int main() {
    const test::temporary_directory directory;
    storage::store_counters counters;
    const auto store = storage::open_store({.url = "sqlite:" + directory.file("bench.db")}, counters);
    test::run_concurrently(1, expired_sessions / 400, [&](unsigned, unsigned round) {
        return log_in_in_the_past(*store, round * 400);
    });

    log_in_again_and_again(*store).print("alone");
    std::atomic<bool> is_over{false};
    std::jthread keeper{[&] {
        storage::sweep_request slice{.after = 0, .now = now};
        while (!is_over.load()) {
            const auto done = test::run(store->sessions().sweep(slice));
            slice.after = done && !done->is_at_end ? done->last : 0;
        }
    }};
    log_in_again_and_again(*store).print("beside house-keeping");
    const auto swept = counters.swept_sessions.load();
    is_over = true;
    keeper.join();
    std::printf("sessions deleted meanwhile: %llu\n", static_cast<unsigned long long>(swept));
}
