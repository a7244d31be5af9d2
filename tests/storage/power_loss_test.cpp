// The power fails at a random moment, many times; what a client was told before that has to be there.
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/power_loss_vfs.hpp"

#include <filesystem>
#include <mutex>
#include <random>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

struct clients {
    std::mutex mutex;
    ledger acknowledged; // guarded by mutex
    std::atomic<bool> are_stopped{false};
};

task<> keep_logging_in(storage::login_store& store, clients& shared, unsigned client) {
    for (unsigned round = 0; !shared.are_stopped; ++round) {
        const std::string openid = "user " + std::to_string(client) + " " + std::to_string(round % 5);
        auto login = login_of(openid, "key " + std::to_string(round));
        const auto outcome = co_await store.record_login(std::move(login));
        if (!outcome) continue;
        const std::lock_guard lock{shared.mutex};
        shared.acknowledged[openid] = *outcome;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(every_acknowledged_login_survives_at_whatever_moment_the_power_fails) {
    power_loss_vfs disk{"power_loss"};
    sqlite_file file;
    file.where.vfs = "power_loss";
    file.limits.checkpoint_pages = 20; // so that some cuts hit a fold
    file.limits.max_batch_rows = 4;
    clients shared;
    const auto store = file.open();
    std::jthread load{[&] {
        run_concurrently(2, 8, [&](unsigned loop, unsigned each) {
            return keep_logging_in(*store, shared, loop * 8 + each);
        });
    }};

    std::size_t most = 0;
    std::minstd_rand random{7};
    for (unsigned cut = 0; cut < 60; ++cut) {
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 4000});
        ledger before_the_cut;
        {
            const std::lock_guard lock{shared.mutex};
            before_the_cut = shared.acknowledged;
        }
        temporary_directory image;
        disk.write_image(image.path(), cut);
        // Opening repairs it as after a crash; it is closed again before anybody looks.
        sqlite_file after;
        std::filesystem::copy(image.path(), after.directory.path(), std::filesystem::copy_options::recursive);
        after.where.check = storage::sqlite::start_check::always;
        after.open().reset();
        BOOST_TEST_CONTEXT("cut " << cut) {
            check_file(after.where.path, before_the_cut);
        }
        most = std::max(most, before_the_cut.size());
    }
    shared.are_stopped = true;
    load.join();
    BOOST_TEST(most == 80u);
    BOOST_TEST(file.counters.checkpoints > 5u);
}

BOOST_AUTO_TEST_SUITE_END()
