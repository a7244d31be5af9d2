// Question: what does one durable login cost, by logins in a commit and by users in the database?
//
// CPU time of the writer thread, in user and kernel mode, on the disk under TMPDIR: transaction, fsync,
// folding the log back. Not measured: the reactors' side. Run it as
//     TMPDIR=/var/tmp build/release/bin/storage_bench
#include "storage/sqlite/write_path.hpp"
#include "tests/support/temporary_directory.hpp"

#include <benchmark/benchmark.h>

#include <map>
#include <random>

namespace {

using namespace wxlogind;
using namespace wxlogind::storage;
using namespace wxlogind::storage::sqlite;

class bench_login final : public table_write {
public:
    void apply(tables& to) override { outcome = to.logins.record(record); }
    void fail(errc why) noexcept override { outcome = why; }

    login_record record;
    result<login_outcome> outcome{errc::internal};
};

std::string random_text(std::mt19937_64& random, std::size_t length) {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text(length, ' ');
    for (char& each : text) each = letters[random() % letters.size()];
    return text;
}

// openids as WeChat's: 28 characters, random. Always the same for the same number.
std::string openid_of(std::uint64_t number) {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string openid(28, 'o');
    std::uint64_t mixed = number + 1;
    for (std::size_t at = 1; at < openid.size(); ++at) {
        mixed = mixed * 6364136223846793005u + 1442695040888963407u;
        openid[at] = letters[mixed >> 58];
    }
    return openid;
}

// A database with so many users, made once for all benchmarks that ask for it.
class populated {
public:
    explicit populated(std::uint64_t users) : users_{users}, batch_(1024) {
        for (std::uint64_t made = 0; made < users;) {
            std::size_t rows = 0;
            for (; rows < batch_.size() && made < users; ++rows, ++made) {
                fill(batch_[rows], made);
                auto& profile = batch_[rows].record.profile;
                profile.nick_name = "nick name " + std::to_string(made);
                profile.avatar_url = "https://thirdwx.qlogo.cn/mmopen/" + random_text(random_, 90) + "/132";
            }
            write(rows);
        }
        for (auto& each : batch_) each.record.profile = {};
    }

    // Logins of users chosen at random; of new ones while there are none.
    void log_in(std::size_t rows, bool has_new_key) {
        for (std::size_t row = 0; row < rows; ++row) {
            const std::uint64_t number = users_ == 0 ? newcomers_++ : random_() % users_;
            fill(batch_[row], number);
            if (has_new_key) batch_[row].record.session_key_fingerprint = random_();
        }
        write(rows);
    }

    const store_counters& counters() const { return counters_; }

private:
    void fill(bench_login& login, std::uint64_t number) {
        login.record.appid = "wx0123456789abcdef";
        login.record.openid = openid_of(number);
        login.record.sealed_session_key.assign(57, 'k');
        login.record.session_key_fingerprint = number;
        login.record.now =
            std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
        login.record.session_expires = login.record.now + std::chrono::hours{720};
    }

    void write(std::size_t rows) {
        for (std::size_t row = 0; row < rows; ++row)
            batch_[row].next = row + 1 < rows ? &batch_[row + 1] : nullptr;
        path_.write(&batch_[0]);
        path_.rest();
        for (std::size_t row = 0; row < rows; ++row) batch_[row].outcome.value();
    }

    test::temporary_directory directory_;
    store_counters counters_;
    std::mt19937_64 random_{1};
    std::uint64_t users_;
    std::uint64_t newcomers_{0};
    std::vector<bench_login> batch_;
    write_path path_{location{directory_.file("bench.db"), "", start_check::never}, limits{}, counters_};
};

populated& database_of(std::uint64_t users) {
    static std::map<std::uint64_t, populated> made;
    return made.try_emplace(users, users).first->second;
}

void log_in(benchmark::State& state, bool has_new_key) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    populated& database = database_of(static_cast<std::uint64_t>(state.range(1)));
    for ([[maybe_unused]] const auto pass : state) database.log_in(rows, has_new_key);
    state.counters["checkpoints"] = static_cast<double>(database.counters().checkpoints);
    state.counters["wal"] = static_cast<double>(database.counters().wal_pages);
    const auto logins = static_cast<double>(state.iterations()) * static_cast<double>(rows);
    state.counters["logins/s"] = benchmark::Counter{logins, benchmark::Counter::kIsRate};
    state.counters["cpu/login"] =
        benchmark::Counter{logins, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

void new_users(benchmark::State& state) {
    log_in(state, false);
}
void returning_users_with_a_new_key(benchmark::State& state) {
    log_in(state, true);
}
void returning_users_with_the_same_key(benchmark::State& state) {
    log_in(state, false);
}

const std::vector<std::int64_t> batches{1, 8, 64, 256};

BENCHMARK(new_users)->ArgsProduct({batches, {0}})->ArgNames({"batch", "users"});
BENCHMARK(returning_users_with_a_new_key)
    ->ArgsProduct({batches, {1000, 1'000'000}})
    ->ArgNames({"batch", "users"});
BENCHMARK(returning_users_with_the_same_key)
    ->ArgsProduct({batches, {1000, 1'000'000}})
    ->ArgNames({"batch", "users"});

} // namespace

BENCHMARK_MAIN();
