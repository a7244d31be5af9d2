// A disk that fails while sessions are refreshed: the token that was shown serves on, whatever became of the
// commit.
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/faulty_vfs.hpp"

#include <filesystem>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using storage::refresh_verdict;

namespace {

// A phone: it shows the token that it has until it is given another one.
struct phone {
    std::int64_t sid{0};
    std::uint32_t generation{0};
    unsigned refreshed{0};
    unsigned failed{0};
};

storage::refresh_request request_of(const phone& from, unix_millis now) {
    storage::refresh_request request;
    request.sid = from.sid;
    request.generation = from.generation;
    request.rules = {.sliding = 720h, .longest = 72000h, .grace = 30s};
    request.when = {now, now + 2h};
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_faults)

BOOST_AUTO_TEST_CASE(a_refresh_that_failed_with_its_commit_may_be_tried_again_much_later) {
    faulty_vfs disk{"failing refreshes"};
    sqlite_file file;
    file.where.vfs = "failing refreshes";
    const auto store = file.open();
    const auto login = run(store->record_login(login_of("alice")));
    BOOST_TEST_REQUIRE(login.has_value());
    phone alice{.sid = login->session};
    unix_millis now = noon;

    for (const auto what : {file_operation::write, file_operation::sync})
        for (unsigned n = 1; n < 12; ++n) {
            disk.fail_nth(what, n, fault_kind::io_error, false);
            // Beyond any grace window between one try and the next.
            for (bool is_answered = false; !is_answered; now += 1min) {
                const auto outcome = run(store->sessions().refresh(request_of(alice, now)));
                is_answered = outcome.has_value();
                if (!outcome) {
                    BOOST_TEST((outcome.error().code == errc::storage_unavailable));
                    ++alice.failed;
                    continue;
                }
                BOOST_TEST_REQUIRE((outcome->verdict == refresh_verdict::rotate));
                alice.generation = outcome->generation;
                ++alice.refreshed;
            }
        }
    BOOST_TEST(alice.refreshed == 22u);
    BOOST_TEST(alice.failed > 5u);
    BOOST_TEST(file.counters.refresh_thefts == 0u);
}

// The commit was made, and cannot be relied on: whoever waited was told that it failed.
BOOST_AUTO_TEST_CASE(a_refresh_that_failed_and_was_kept_all_the_same_leaves_the_old_token_good) {
    sqlite_file file;
    const auto store = file.open();
    const auto login = run(store->record_login(login_of("alice")));
    BOOST_TEST_REQUIRE(login.has_value());
    phone alice{.sid = login->session};
    const std::string away = file.where.path + ".away";

    std::filesystem::rename(file.where.path, away);
    const auto failed = run(store->sessions().refresh(request_of(alice, noon)));
    BOOST_TEST(failed.has_error());
    std::filesystem::rename(away, file.where.path);
    BOOST_TEST_REQUIRE(recovers(*store));

    const auto late = run(store->sessions().refresh(request_of(alice, noon + 1h)));
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST((late->verdict == refresh_verdict::rotate));
    BOOST_TEST(late->generation == 2u); // nobody was given the first
    // From here on it is as it always is.
    const auto again = run(store->sessions().refresh(request_of(alice, noon + 2h)));
    BOOST_TEST((again.value().verdict == refresh_verdict::stolen));
}

BOOST_AUTO_TEST_SUITE_END()
