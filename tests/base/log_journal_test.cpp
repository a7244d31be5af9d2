// The log and systemd's journal, played by a socket of our own.
#include "core/base/log_journal.hpp"

#include "core/base/log.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

class journal_socket {
public:
    explicit journal_socket(const std::string& path) : fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        BOOST_TEST_REQUIRE(fd_ >= 0);
        BOOST_TEST_REQUIRE(path.size() < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.data(), path.size());
        BOOST_TEST_REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    ~journal_socket() { ::close(fd_); }
    journal_socket(const journal_socket&) = delete;
    journal_socket& operator=(const journal_socket&) = delete;

    // One datagram; "" when none came for so long.
    std::string receive(int at_most_ms = 10'000) {
        pollfd ready{fd_, POLLIN, 0};
        if (::poll(&ready, 1, at_most_ms) <= 0) return {};
        std::array<char, 65536> buffer{};
        const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
        return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }

private:
    int fd_;
};

class with_environment {
public:
    explicit with_environment(const std::string& stream) {
        ::setenv("JOURNAL_STREAM", stream.c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    }
    ~with_environment() { ::unsetenv("JOURNAL_STREAM"); } // NOLINT(concurrency-mt-unsafe)
    with_environment(const with_environment&) = delete;
    with_environment& operator=(const with_environment&) = delete;
};

std::string name_of(int file) {
    struct stat about{};
    BOOST_TEST_REQUIRE(::fstat(file, &about) == 0);
    return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

struct place {
    test::temporary_directory directory{};
    std::string path{directory.file("journal.socket")};
    std::string output{directory.file("stderr")};
    int file{::open(output.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    ~place() { ::close(file); }

    log_settings settings(log_format format) const {
        log_settings wanted;
        wanted.format = format;
        wanted.journal_socket = path;
        return wanted;
    }
    std::string written() const {
        std::array<char, 65536> buffer{};
        const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
        return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(log_journal)

BOOST_AUTO_TEST_CASE(each_line_is_one_datagram_with_a_field_for_everything) {
    place at;
    journal_socket journal{at.path};
    {
        const auto logging = start_log(at.settings(log_format::journal), at.file);
        log_warning("slow request", {{"path", "/login"}, {"took_us", "12", true}, {"note", "a \n b"}});
        log_info("second");
    }
    BOOST_TEST(
        journal.receive() == "MESSAGE=slow request path=/login took_us=12 note=\"a \\n b\"\n"
                             "PRIORITY=4\nSYSLOG_IDENTIFIER=wxlogind\n"
                             "WXLOGIND_PATH=/login\nWXLOGIND_TOOK_US=12\nWXLOGIND_NOTE=a \\n b\n");
    BOOST_TEST(journal.receive() == "MESSAGE=second\nPRIORITY=6\nSYSLOG_IDENTIFIER=wxlogind\n");
    BOOST_TEST(at.written().empty());
}

BOOST_AUTO_TEST_CASE(the_journal_is_found_when_systemd_says_that_standard_error_is_it) {
    place at;
    journal_socket journal{at.path};
    const with_environment named{name_of(at.file)};
    BOOST_TEST(is_journal(at.file));
    {
        const auto logging = start_log(at.settings(log_format::automatic), at.file);
        log_info("serving");
    }
    BOOST_TEST(journal.receive().starts_with("MESSAGE=serving\n"));
}

BOOST_AUTO_TEST_CASE(it_is_text_where_standard_error_was_sent_elsewhere) {
    place at;
    const with_environment named{"1:2"};
    BOOST_TEST(!is_journal(at.file));
    {
        const auto logging = start_log(at.settings(log_format::automatic), at.file);
        log_info("serving");
    }
    BOOST_TEST(at.written().ends_with(" info serving\n"));
}

BOOST_AUTO_TEST_CASE(it_is_text_where_there_is_no_journal) {
    place at;
    {
        const auto logging = start_log(at.settings(log_format::journal), at.file);
        log_info("serving");
    }
    BOOST_TEST(at.written().ends_with(" info serving\n"));
}

BOOST_AUTO_TEST_CASE(a_journal_that_reads_nothing_holds_nobody_up_and_gets_all_when_it_reads) {
    place at;
    journal_socket journal{at.path};
    {
        const auto logging = start_log(at.settings(log_format::journal), at.file);
        const auto before = std::chrono::steady_clock::now();
        for (int i = 0; i < 1000; ++i) log_info("line", {{"n", std::to_string(i), true}});
        BOOST_TEST((std::chrono::steady_clock::now() - before < 5s));
        for (int i = 0; i < 1000; ++i) {
            const std::string entry = journal.receive();
            BOOST_TEST_REQUIRE(entry.find("\nWXLOGIND_N=" + std::to_string(i) + "\n") != std::string::npos);
        }
    }
    BOOST_TEST(journal.receive(0).empty());
}

// It is stopped, as one that waits for its disk: what was sent before the end it gets, and standard error,
// which leads to it as well, has how much it does not.
BOOST_AUTO_TEST_CASE(a_journal_that_stands_still_at_the_end_finds_on_standard_error_how_much_it_lacks) {
    place at;
    journal_socket journal{at.path};
    constexpr int logged = 1000;
    {
        const auto logging = start_log(at.settings(log_format::journal), at.file);
        for (int i = 0; i < logged; ++i) log_info("line");
    }
    int received = 0;
    while (!journal.receive(0).empty()) ++received;
    BOOST_TEST_REQUIRE(received < logged);
    const std::string told = at.written();
    BOOST_TEST(told.starts_with("<4>"));
    BOOST_TEST(told.ends_with(
        " warning log lines dropped lines=" + std::to_string(logged - received) + " why=not_written\n"));
    BOOST_TEST(lines_lost().untold == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_logged_while_the_journal_restarts_is_in_the_one_that_comes_back) {
    place at;
    auto first = std::make_unique<journal_socket>(at.path);
    const auto logging = start_log(at.settings(log_format::journal), at.file);
    log_info("before");
    BOOST_TEST(first->receive().starts_with("MESSAGE=before\n"));
    first.reset();
    ::unlink(at.path.c_str());
    log_info("meanwhile");
    log_info("and more");
    journal_socket second{at.path};
    BOOST_TEST(second.receive().starts_with("MESSAGE=meanwhile\n"));
    BOOST_TEST(second.receive().starts_with("MESSAGE=and more\n"));
}

BOOST_AUTO_TEST_CASE(repeats_are_counted_and_told_at_the_end) {
    place at;
    {
        auto settings = at.settings(log_format::text);
        settings.repeats = {.at_most = 2, .period = 600s};
        const auto logging = start_log(settings, at.file);
        for (int i = 0; i < 50; ++i) log_warning("the same");
        for (int i = 0; i < 5; ++i) log_info("not counted");
    }
    const std::string all = at.written();
    const auto count = [&all](std::string_view what) {
        std::size_t found = 0;
        for (auto from = all.find(what); from != std::string::npos; from = all.find(what, from + 1)) ++found;
        return found;
    };
    BOOST_TEST(count("warning the same\n") == 2u);
    BOOST_TEST(count("not counted") == 5u);
    BOOST_TEST(count("the same again and again, not written event=\"the same\" suppressed=48\n") == 1u);
}

BOOST_AUTO_TEST_CASE(how_long_a_request_may_take_before_it_is_slow_changes_while_it_runs) {
    place at;
    auto settings = at.settings(log_format::text);
    settings.slow_request = 100ms;
    const auto logging = start_log(settings, at.file);
    BOOST_TEST(is_slow(100ms));
    BOOST_TEST(!is_slow(99ms));
    set_slow_request(50ms);
    BOOST_TEST(is_slow(99ms));
    set_slow_request(0ms);
    BOOST_TEST(!is_slow(1h));
}

BOOST_AUTO_TEST_SUITE_END()
