// A row that cannot be written, in a batch with others.
#include "storage/sqlite/write_path.hpp"
#include "tests/storage/sqlite_file.hpp"

#include <deque>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage::sqlite;

namespace {

class login_write final : public table_write {
public:
    explicit login_write(const std::string& openid) : record_{login_of(openid)} {}

    void apply(tables& to) override { outcome = to.logins.record(record_); }
    void fail(errc why) noexcept override { outcome = why; }

    result<storage::login_outcome> outcome{errc::internal};

private:
    storage::login_record record_;
};

class bad_write final : public table_write {
public:
    void apply(tables&) override { throw sqlite_error{19, "constraint failed"}; }
    void fail(errc why) noexcept override { outcome = why; }

    errc outcome{errc::internal};
};

// One batch: these logins, and a bad row at its end.
void write_batch(write_path& path, ledger& acknowledged, const std::vector<std::string>& openids) {
    std::deque<login_write> logins;
    bad_write bad;
    storage::pending_write* first = &bad;
    for (const auto& openid : openids) {
        auto& login = logins.emplace_back(openid);
        login.next = first;
        first = &login;
    }
    path.write(first);
    BOOST_TEST((bad.outcome == errc::storage_unavailable));
    for (std::size_t at = 0; at < openids.size(); ++at) {
        BOOST_TEST_REQUIRE(logins[at].outcome.has_value());
        acknowledged.insert_or_assign(openids[at], *logins[at].outcome);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_rows)

BOOST_AUTO_TEST_CASE(a_bad_row_fails_alone_and_sessions_of_the_others_stay_in_their_chains) {
    sqlite_file file;
    ledger acknowledged;
    {
        const file_lock lock{file.where.path};
        write_path path{file.where, file.limits, file.counters};
        for (int round = 0; round < 20; ++round)
            write_batch(path, acknowledged, {"a", "b", "c", "a", "d" + std::to_string(round)});
        path.close();
    }
    check_file(file.where.path, acknowledged);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_behind_fails_no_login_and_costs_no_commit_of_its_own) {
    sqlite_file file;
    const file_lock lock{file.where.path};
    write_path path{file.where, file.limits, file.counters};
    connection{file.where.path, open_mode::read_write, unsynced_disk()}.run(
        "CREATE TRIGGER damage BEFORE UPDATE ON newest_session BEGIN SELECT RAISE(ABORT, 'damaged'); END");
    const auto commits_before = file.counters.commits.load();
    for (int round = 0; round < 20; ++round) {
        std::deque<login_write> logins;
        storage::pending_write* first = nullptr;
        for (const auto* openid : {"a", "b", "c", "d"}) {
            auto& login = logins.emplace_back(openid);
            login.next = first;
            first = &login;
        }
        path.write(first);
        for (auto& login : logins) BOOST_TEST(login.outcome.has_value());
    }
    BOOST_TEST(file.counters.commits.load() - commits_before == 20u);
    path.close();
}

BOOST_AUTO_TEST_SUITE_END()
