#include "storage/sqlite/file_lock.hpp"
#include "tests/storage/sqlite_file.hpp"

#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

// What another process is told that wants the lock; "" when it gets it.
std::string refusal_in_another_process(const std::string& database) {
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        std::string told;
        try {
            const storage::sqlite::file_lock mine{database};
        } catch (const std::runtime_error& e) {
            told = e.what();
        }
        const bool is_told = ::write(ends[1], told.data(), told.size()) >= 0;
        ::_exit(is_told ? 0 : 1);
    }
    ::close(ends[1]);
    int status = 0;
    ::waitpid(child, &status, 0);
    std::string told(1000, ' ');
    const ssize_t count = ::read(ends[0], told.data(), told.size());
    ::close(ends[0]);
    told.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return told;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_lock)

BOOST_AUTO_TEST_CASE(a_second_process_is_told_who_has_the_database) {
    sqlite_file file;
    auto store = file.open();
    const std::string told = refusal_in_another_process(file.where.path);
    BOOST_TEST(told.find("in use by process " + std::to_string(::getpid())) != std::string::npos);

    store.reset();
    BOOST_TEST(refusal_in_another_process(file.where.path) == "");
}

BOOST_AUTO_TEST_CASE(a_store_that_is_open_cannot_be_opened_a_second_time_in_the_same_process) {
    sqlite_file file;
    const auto store = file.open();
    BOOST_CHECK_THROW(file.open(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_does_not_go_round_the_lock) {
    sqlite_file file;
    const auto store = file.open();
    const std::string link = file.directory.file("link.db");
    std::filesystem::create_symlink(file.where.path, link);
    BOOST_TEST(refusal_in_another_process(link).find("in use") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_process_that_died_is_free) {
    sqlite_file file;
    const pid_t child = ::fork();
    if (child == 0) {
        const storage::sqlite::file_lock mine{file.where.path};
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WIFSIGNALED(status));
    const auto store = file.open();
    ledger acknowledged;
    BOOST_TEST(log_in(*store, acknowledged, "user"));
}

BOOST_AUTO_TEST_SUITE_END()
