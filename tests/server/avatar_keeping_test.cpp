#include "core/server/avatar_keeping.hpp"

#include "storage/open_store.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind;
using namespace wxlogind::test;
namespace fs = std::filesystem;

namespace {

constexpr auto two_hours = std::chrono::hours{2};

struct running {
    temporary_directory files;
    storage::store_counters counters;
    std::unique_ptr<storage::store> store =
        storage::open_store({.url = "sqlite:" + files.file("users.db")}, counters);
    std::unique_ptr<storage::avatar_store> avatars =
        storage::open_avatars({.url = "sqlite:" + files.file("users.db")}, 0);

    [[nodiscard]] std::string path_of(const std::string& id) const {
        return files.file("users.db-avatars/" + id.substr(0, 2) + "/" + id);
    }
    std::string keep(std::chrono::seconds ago) {
        std::string id = run(avatars->keep("a picture")).value();
        fs::last_write_time(path_of(id), fs::file_time_type::clock::now() - ago);
        return id;
    }
    void show(const std::string& openid, const std::string& id) {
        storage::login_record login = login_of(openid);
        login.profile.avatar_url = std::string{storage::avatar_path} + id;
        run(store->record_login(std::move(login))).value();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(avatar_keeping, running)

BOOST_AUTO_TEST_CASE(pictures_that_nobody_shows_go_once_they_are_old_and_no_others) {
    std::vector<std::string> shown;
    std::vector<std::string> unused;
    for (int i = 0; i < 200; ++i) {
        shown.push_back(keep(two_hours));
        show("openid" + std::to_string(i), shown.back());
        unused.push_back(keep(two_hours));
    }
    const std::string young = keep(std::chrono::seconds{0});
    const std::string shelf = fs::path{path_of(young)}.parent_path().string();
    const std::string half = shelf + "/x.unfinished";
    std::ofstream{half} << "half a picture";
    fs::last_write_time(half, fs::file_time_type::clock::now() - two_hours);

    net::reactor_pool reactors{1};
    asio::co_spawn(
        reactors[0].get_executor(),
        remove_unused_avatars(
            reactors[0], *avatars, store->users(), {.between_shelves = std::chrono::milliseconds{0}}),
        asio::detached);
    reactors.start();
    const auto is_there = [&](const std::string& id) { return fs::exists(path_of(id)); };
    const auto limit = steady_clock::now() + std::chrono::seconds{30};
    while (steady_clock::now() < limit && (std::ranges::any_of(unused, is_there) || fs::exists(half)))
        std::this_thread::yield();
    avatars->close();
    store->close();
    reactors.stop_and_join();

    BOOST_TEST(std::ranges::none_of(unused, is_there));
    BOOST_TEST(!fs::exists(half));
    BOOST_TEST(std::ranges::all_of(shown, is_there));
    BOOST_TEST(is_there(young));
}

BOOST_AUTO_TEST_CASE(a_picture_is_private_to_its_owner_on_the_disk_and_gone_when_it_is_removed) {
    const std::string id = keep(std::chrono::seconds{0});
    const auto mode_of = [](const std::string& path) {
        return static_cast<unsigned>(fs::status(path).permissions() & fs::perms::all);
    };
    BOOST_TEST(mode_of(path_of(id)) == 0600u);
    BOOST_TEST(mode_of(files.file("users.db-avatars")) == 0700u);
    BOOST_TEST(run(avatars->read(id)).value() == "a picture");
    BOOST_TEST(run(avatars->size_of(id)).value() == 9u);
    BOOST_TEST(run(avatars->remove(id)).has_value());
    BOOST_TEST(run(avatars->remove(id)).has_value());
    BOOST_TEST((run(avatars->read(id)).error().code == errc::not_found));
    BOOST_TEST((run(avatars->size_of(id)).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written_takes_no_picture_and_is_well_again_afterwards) {
    std::ofstream{files.file("users.db-avatars")} << "in the way";
    BOOST_TEST((run(avatars->keep("a picture")).error().code == errc::storage_unavailable));
    fs::remove(files.file("users.db-avatars"));
    BOOST_TEST(run(avatars->keep("a picture")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
