// Databases with many users, filled without a login each: the users that wechat-sim has for the codes of a
// load (numbers from 0, no --seed), in the order in which they would have registered. Each was here twice,
// months ago.
//
//     fill_database wxlogind FILE COUNT   made as wxlogind makes it
//     fill_database peer FILE COUNT       the tables of the peers, which have to be there
#include "bench/wechat-sim/world/identities.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/tables.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

namespace {

using namespace wxlogind;
using namespace wxlogind::storage;
using namespace wxlogind::storage::sqlite;

constexpr std::string_view appid = "wx0123456789abcdef";
constexpr std::string_view group = "group";
// openids are random: a long transaction writes a page once for many of them.
constexpr std::uint64_t rows_in_transaction = 1'000'000;
constexpr std::chrono::hours age{10 * 24}; // the sessions live: no house-keeping gets between the figures
constexpr std::chrono::hours session_life{30 * 24};

struct person {
    explicit person(std::uint64_t number) : number{number} {
        const std::string user = fmt::format("{:010}", number);
        openid = wechat_sim::openid_of(0, appid, user).text();
        unionid = wechat_sim::unionid_of(0, group, user).text();
    }

    std::uint64_t number;
    std::string openid;
    std::string unionid;
};

unix_millis days_ago() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() - age);
}

// Nobody else looks at the file, and if the power fails it is made again.
void prepare_for_bulk(connection& db) {
    db.run("PRAGMA journal_mode = MEMORY");
    db.run("PRAGMA synchronous = OFF");
    db.run("PRAGMA cache_size = -4000000"); // KiB
}

// begin() and commit() around every rows_in_transaction.
template <class Begin, class Insert, class Commit>
void insert_all(std::uint64_t count, Begin begin, Insert insert, Commit commit) {
    for (std::uint64_t number = 0; number < count; ++number) {
        if (number % rows_in_transaction == 0) begin();
        insert(person{number});
        if (number % rows_in_transaction == rows_in_transaction - 1 || number + 1 == count) commit();
    }
}

void fill_wxlogind(const std::string& file, std::uint64_t count) {
    connection db{file, open_mode::read_write_create, ""};
    prepare_for_bulk(db);
    migrate(db);
    writer_memory memory;
    store_counters counters;
    tables rows{db, memory, counters, {}};
    const auto begin = [&rows] {
        rows.begin();
        rows.write_behind(rows_in_transaction);
    };
    const auto commit = [&rows] {
        rows.commit();
        rows.end_transaction();
    };
    const auto insert = [&rows](person&& who) {
        login_record login;
        login.appid = appid;
        login.now = days_ago();
        login.session_expires = login.now + session_life;
        login.profile.nick_name = fmt::format("nick name {}", who.number);
        // Some 130 characters, as those of WeChat's pictures.
        login.profile.avatar_url = fmt::format(
            "https://thirdwx.qlogo.cn/mmopen/vi_32/{}{}{}{}/132", who.openid, who.unionid, who.openid,
            "0000");
        login.openid = std::move(who.openid);
        login.unionid = std::move(who.unionid);
        // As long as a sealed key is; the fingerprint is no key's, so that the next login has a new one.
        login.sealed_session_key.assign(57, 'k');
        login.session_key_fingerprint = who.number;
        (void)rows.logins.record(login);
        login.profile = {};
        login.session_key_fingerprint = ~who.number;
        (void)rows.logins.record(login);
    };
    insert_all(count, begin, insert, commit);
    // What waits to be written behind would be written while somebody measures.
    for (int round = 0; round < 2; ++round) {
        rows.begin();
        rows.write_behind(count);
        commit();
    }
}

void fill_peer(const std::string& file, std::uint64_t count) {
    connection db{file, open_mode::read_write, ""};
    prepare_for_bulk(db);
    statement user{db, "INSERT INTO user (unionid, created) VALUES (?1, ?2)"};
    statement identity{
        db, "INSERT INTO identity (appid, openid, user, session_key, updated) "
            "VALUES (?1, ?2, last_insert_rowid(), 'AAAAAAAAAAAAAAAAAAAAAA==', ?3)"};
    statement session{db, "INSERT INTO session (user, created, expires) VALUES (?1, ?2, ?3)"};
    const std::int64_t now = days_ago().time_since_epoch().count();
    const std::int64_t expires =
        now + std::chrono::duration_cast<std::chrono::milliseconds>(session_life).count();
    const auto begin = [&db] { db.run("BEGIN IMMEDIATE"); };
    const auto commit = [&db] { db.run("COMMIT"); };
    const auto insert = [&](const person& who) {
        user.bind(1, who.unionid);
        user.bind(2, now);
        run(user);
        identity.bind(1, appid);
        identity.bind(2, who.openid);
        identity.bind(3, now);
        run(identity);
        for (int visit = 0; visit < 2; ++visit) {
            session.bind(1, static_cast<std::int64_t>(who.number + 1));
            session.bind(2, now);
            session.bind(3, expires);
            run(session);
        }
    };
    insert_all(count, begin, insert, commit);
    // As the peers left it.
    db.run("PRAGMA journal_mode = WAL");
}

} // namespace

int main(int argc, char** argv) try {
    std::uint64_t count = 0;
    const std::string_view last = argc == 4 ? argv[3] : "";
    std::from_chars(last.data(), last.data() + last.size(), count);
    const std::string_view kind = argc == 4 ? argv[1] : "";
    if (count == 0 || (kind != "wxlogind" && kind != "peer")) {
        std::fputs("Usage: fill_database wxlogind|peer FILE COUNT\n", stderr);
        return 2;
    }
    (kind == "peer" ? fill_peer : fill_wxlogind)(argv[2], count);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::fprintf(stderr, "fill_database: %s\n", e.what());
    return EXIT_FAILURE;
}
