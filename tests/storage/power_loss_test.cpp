// The power fails at one operation on the disk after the other; what a client was told before that has to be
// there afterwards.
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/power_loss_vfs.hpp"

#include <filesystem>
#include <mutex>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

struct client_ledger {
    std::mutex mutex;
    ledger acknowledged; // guarded by mutex
};

task<> log_in_again_and_again(storage::login_store& store, client_ledger& shared, unsigned client) {
    for (unsigned round = 0; round < 8; ++round) {
        const std::string openid = "user " + std::to_string(client) + " " + std::to_string(round % 3);
        auto login = login_of(openid, "key " + std::to_string(round));
        const auto outcome = co_await store.record_login(std::move(login));
        const std::lock_guard lock{shared.mutex};
        shared.acknowledged[openid] = outcome.value();
    }
}

// Cuts the power at the n-th operation under load and looks at what is left. false: there was no n-th.
bool cut_and_check(unsigned n, std::size_t& most_acknowledged) {
    power_loss_vfs disk{"power_loss"};
    const temporary_directory image;
    client_ledger shared;
    ledger before_the_cut;
    bool is_cut = false;
    {
        sqlite_file file;
        file.where.vfs = "power_loss";
        file.limits.checkpoint_pages = 20; // so that some cuts hit a fold
        file.limits.max_batch_rows = 4;
        const auto store = file.open();
        disk.at_operation(n, [&] {
            {
                const std::lock_guard lock{shared.mutex};
                before_the_cut = shared.acknowledged;
            }
            disk.write_image(image.path(), n);
            is_cut = true;
        });
        run_concurrently(2, 4, [&](unsigned loop, unsigned each) {
            return log_in_again_and_again(*store, shared, loop * 4 + each);
        });
    }
    if (!is_cut) return false;
    most_acknowledged = std::max(most_acknowledged, before_the_cut.size());

    sqlite_file after;
    std::filesystem::copy(image.path(), after.directory.path(), std::filesystem::copy_options::recursive);
    after.where.check = storage::sqlite::start_check::always;
    after.open().reset(); // repairs it, as after a crash
    check_file(after.where.path, before_the_cut);
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(every_acknowledged_login_survives_at_whatever_moment_the_power_fails) {
    std::size_t most_acknowledged = 0;
    unsigned cuts = 0;
    for (unsigned n = 1; n < 2000; n += 3, ++cuts) {
        BOOST_TEST_CONTEXT("cut at operation " << n) {
            if (!cut_and_check(n, most_acknowledged)) break;
        }
    }
    BOOST_TEST(cuts > 30u);
    BOOST_TEST(most_acknowledged == 24u); // every user of every client
}

BOOST_AUTO_TEST_SUITE_END()
