#include "core/base/log.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

class pipe_ends {
public:
    pipe_ends() {
        std::array<int, 2> ends{};
        BOOST_TEST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        read_ = ends[0];
        write_ = ends[1];
    }
    ~pipe_ends() {
        ::close(read_);
        close_writing();
    }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    [[nodiscard]] int write_end() const { return write_; }

    void close_writing() {
        if (write_ >= 0) ::close(std::exchange(write_, -1));
    }

    [[nodiscard]] bool has_something() const {
        pollfd ready{read_, POLLIN, 0};
        return ::poll(&ready, 1, 0) == 1;
    }

    // What one read() gives; empty at the end, or when nothing came for 10 s.
    std::string read_some() {
        pollfd ready{read_, POLLIN, 0};
        if (::poll(&ready, 1, 10'000) <= 0) return {};
        std::array<char, 65536> buffer{};
        const ssize_t count = ::read(read_, buffer.data(), buffer.size());
        return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

    std::string read_to_end() {
        std::string all;
        for (std::string piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
        return all;
    }

    // Leaves no room for one more byte.
    void fill() {
        const int flags = ::fcntl(write_, F_GETFL);
        ::fcntl(write_, F_SETFL, flags | O_NONBLOCK);
        const std::string junk(4096, '.');
        while (::write(write_, junk.data(), junk.size()) > 0) {
        }
        ::fcntl(write_, F_SETFL, flags);
    }

private:
    int read_{-1};
    int write_{-1};
};

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end == std::string::npos ? text.size() : end + 1;
    }
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_writer)

BOOST_AUTO_TEST_CASE(lines_logged_before_the_end_are_written_at_the_end) {
    pipe_ends pipe;
    auto writer = start_log({}, pipe.write_end());
    for (int i = 0; i < 100; ++i) log_info("counted", {{"number", std::to_string(i)}});
    writer.reset();
    pipe.close_writing();
    const auto lines = split_lines(pipe.read_to_end());
    BOOST_TEST_REQUIRE(lines.size() == 100u);
    for (std::size_t i = 0; i < lines.size(); ++i)
        BOOST_TEST(lines[i].ends_with(" info counted number=" + std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(a_line_is_written_without_being_asked_for) {
    pipe_ends pipe;
    const auto writer = start_log({}, pipe.write_end());
    log_info("first");
    BOOST_TEST(pipe.read_some().ends_with(" info first\n"));
    log_warning("second");
    BOOST_TEST(pipe.read_some().ends_with(" warning second\n"));
}

BOOST_AUTO_TEST_CASE(a_flush_returns_after_the_lines_are_written) {
    pipe_ends pipe;
    const auto writer = start_log({}, pipe.write_end());
    log_info("flushed");
    flush_log();
    BOOST_TEST_REQUIRE(pipe.has_something());
    BOOST_TEST(pipe.read_some().ends_with(" info flushed\n"));
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_not_written_and_the_level_may_change) {
    pipe_ends pipe;
    auto writer = start_log({.level = log_level::warning}, pipe.write_end());
    BOOST_TEST(!is_logged(log_level::info));
    log_info("hidden");
    log_error("seen");
    set_log_level(log_level::debug);
    log_debug("seen too");
    writer.reset();
    set_log_level(log_level::info);
    pipe.close_writing();
    const auto lines = split_lines(pipe.read_to_end());
    BOOST_TEST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[0].ends_with(" error seen"));
    BOOST_TEST(lines[1].ends_with(" debug seen too"));
}

BOOST_AUTO_TEST_CASE(when_nobody_reads_logging_does_not_wait_and_lost_lines_are_counted) {
    pipe_ends pipe;
    pipe.fill();
    const lost_lines before = lines_lost();
    auto writer = start_log({.buffer_bytes = 65536}, pipe.write_end());
    constexpr int logged = 20'000;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < logged; ++i) log_traffic("number", {{"n", std::to_string(i)}});
    const auto took = std::chrono::steady_clock::now() - start;
    BOOST_TEST((took < 5s)); // it would be for ever

    // The reader comes back: the pipe's junk, then the lines that had fitted, and without another line how
    // many had not.
    std::string text;
    const std::string_view notice = " warning log lines dropped lines=";
    while (text.find(notice) == std::string::npos) {
        const std::string more = pipe.read_some();
        BOOST_TEST_REQUIRE(!more.empty(), "the loss is told of");
        text += more;
    }
    std::thread reader{[&] { text += pipe.read_to_end(); }};
    writer.reset();
    pipe.close_writing();
    reader.join();

    text.erase(0, text.find_first_not_of('.'));
    const auto lines = split_lines(text);
    BOOST_TEST_REQUIRE(lines.size() > 10u);
    int seen = 0;
    int dropped = 0;
    for (const auto& line : lines) {
        if (line.find(" info number n=") != std::string::npos) ++seen;
        if (const auto at = line.find(notice); at != std::string::npos) {
            BOOST_TEST(line.ends_with(" why=buffer_full"));
            dropped += std::stoi(line.substr(at + notice.size()));
        }
    }
    BOOST_TEST(seen > 0);
    BOOST_TEST(dropped > 0);
    BOOST_TEST(seen + dropped == logged);
    const lost_lines after = lines_lost();
    BOOST_TEST(after.buffer_full - before.buffer_full == static_cast<std::uint64_t>(dropped));
    BOOST_TEST(after.not_written == before.not_written);
}

BOOST_AUTO_TEST_CASE(lines_of_requests_are_dropped_before_those_of_events) {
    pipe_ends pipe;
    pipe.fill();
    auto writer = start_log({.buffer_bytes = 65536, .repeats = {.at_most = 0}}, pipe.write_end());
    const auto has_many_requests = [](int round) {
        for (int i = 0; i < 5000; ++i) log_traffic("request", {{"round", std::to_string(round)}});
    };
    has_many_requests(1);
    log_warning("the disk is full");
    has_many_requests(2);
    log_info("a picture was removed");
    log_error("WeChat refuses the AppSecret");
    std::string text;
    std::thread reader{[&] { text = pipe.read_to_end(); }};
    writer.reset();
    pipe.close_writing();
    reader.join();
    for (const std::string_view each :
         {" warning the disk is full\n", " info a picture was removed\n",
          " error WeChat refuses the AppSecret\n", " warning log lines dropped lines="})
        BOOST_TEST((text.find(each) != std::string::npos), "missing:" << each);
}

BOOST_AUTO_TEST_CASE(lines_that_a_full_disk_does_not_take_are_counted_and_told_of_when_there_is_room) {
    pipe_ends pipe;
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    BOOST_TEST_REQUIRE(full >= 0);
    const std::uint64_t before = lines_lost().not_written;
    auto writer = start_log({}, full);
    for (int i = 0; i < 7; ++i) log_info("for nobody");
    flush_log();
    BOOST_TEST(lines_lost().not_written - before == 7u);

    BOOST_TEST_REQUIRE(::dup2(pipe.write_end(), full) == full); // room again
    log_info("seen");
    std::string text = pipe.read_some();
    if (text.ends_with(" info seen\n")) text += pipe.read_some();
    BOOST_TEST((text.find(" info seen\n") != std::string::npos));
    BOOST_TEST(text.ends_with(" warning log lines dropped lines=7 why=not_written\n"));
    writer.reset();
    ::close(full);
    BOOST_TEST(lines_lost().not_written - before == 7u);
}

BOOST_AUTO_TEST_CASE(which_requests_have_a_line_may_change) {
    pipe_ends pipe;
    const auto writer = start_log({.requests = request_lines::failed}, pipe.write_end());
    BOOST_TEST(!is_request_logged(200));
    BOOST_TEST(!is_request_logged(304));
    BOOST_TEST(is_request_logged(400));
    BOOST_TEST(is_request_logged(503));
    set_request_lines(request_lines::none);
    BOOST_TEST(!is_request_logged(503));
    set_request_lines(request_lines::all);
    BOOST_TEST(is_request_logged(200));
    set_log_level(log_level::warning);
    BOOST_TEST(!is_request_logged(503));
    set_log_level(log_level::info);
}

BOOST_AUTO_TEST_CASE(the_end_does_not_wait_long_for_a_reader_that_is_gone) {
    pipe_ends pipe;
    pipe.fill();
    auto writer = start_log({}, pipe.write_end());
    log_info("never read");
    const auto start = std::chrono::steady_clock::now();
    writer.reset();
    BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
    BOOST_TEST(lines_lost().untold == 1u);
}

BOOST_AUTO_TEST_CASE(lines_lost_at_the_end_are_told_of_when_the_reader_is_back_by_then) {
    pipe_ends pipe;
    const int sink = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    BOOST_TEST_REQUIRE(sink >= 0);
    auto writer = start_log({}, sink);
    for (int i = 0; i < 3; ++i) log_info("for nobody");
    flush_log();
    BOOST_TEST_REQUIRE(::dup2(pipe.write_end(), sink) == sink); // room again, and nothing more to say
    writer.reset();
    ::close(sink);
    BOOST_TEST(pipe.read_some().ends_with(" warning log lines dropped lines=3 why=not_written\n"));
    BOOST_TEST(lines_lost().untold == 0u);
}

BOOST_AUTO_TEST_CASE(lines_of_many_threads_stay_whole_and_in_order) {
    pipe_ends pipe;
    auto writer = start_log({.format = log_format::json}, pipe.write_end());
    std::string text;
    std::thread reader{[&] { text = pipe.read_to_end(); }};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int id = 0; id < 4; ++id) {
        threads.emplace_back([id] {
            const std::string who = std::to_string(id);
            for (int i = 0; i < 2000; ++i) log_info("turn", {{"who", who}, {"number", std::to_string(i)}});
        });
    }
    for (auto& thread : threads) thread.join();
    writer.reset();
    pipe.close_writing();
    reader.join();

    const auto lines = split_lines(text);
    BOOST_TEST_REQUIRE(lines.size() == 8000u);
    std::array<int, 4> next{};
    for (const auto& line : lines) {
        const auto who = static_cast<std::size_t>(line.at(line.find("\"who\":\"") + 7) - '0');
        const std::string expected = "\"number\":\"" + std::to_string(next.at(who)++) + "\"}";
        BOOST_TEST_REQUIRE(line.ends_with(expected));
    }
}

// The log's thread has taken the first line and cannot write it yet when abort comes.
BOOST_AUTO_TEST_CASE(abort_writes_what_is_left_after_what_is_being_written) {
    for (int round = 0; round < 10; ++round) {
        pipe_ends pipe;
        pipe_ends about_to_abort;
        pipe.fill();
        const pid_t child = ::fork();
        if (child == 0) {
            const auto writer = start_log({}, pipe.write_end()); // NOLINT(clang-analyzer-deadcode.DeadStores)
            log_error("last but one");
            std::this_thread::sleep_for(5ms); // most likely the log's thread has it by now
            log_info("last words");
            about_to_abort.close_writing();
            std::abort();
        }
        pipe.close_writing();
        about_to_abort.close_writing();
        about_to_abort.read_to_end();
        std::string text = pipe.read_to_end();
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(WIFSIGNALED(status));
        BOOST_TEST(WTERMSIG(status) == SIGABRT);
        text.erase(0, text.find_first_not_of('.'));
        const auto lines = split_lines(text);
        BOOST_TEST_REQUIRE(lines.size() == 2u, "round " << round << ": " << text);
        BOOST_TEST(lines[0].ends_with(" error last but one"));
        BOOST_TEST(lines[1].ends_with(" info last words"));
    }
}

BOOST_AUTO_TEST_CASE(abort_does_not_wait_for_ever_for_a_reader_that_is_gone) {
    pipe_ends pipe;
    pipe.fill();
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        const auto writer = start_log({}, pipe.write_end()); // NOLINT(clang-analyzer-deadcode.DeadStores)
        log_error("never read");
        std::abort();
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WTERMSIG(status) == SIGABRT);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(without_a_writer_lines_go_out_at_once) {
    pipe_ends pipe;
    {
        const auto writer = start_log({}, pipe.write_end());
    }
    log_info("direct");
    BOOST_TEST(pipe.read_some().ends_with(" info direct\n"));
    {
        const auto back_to_standard_error = start_log({});
    }
}

BOOST_AUTO_TEST_CASE(only_one_writer_at_a_time) {
    pipe_ends pipe;
    const auto writer = start_log({}, pipe.write_end());
    BOOST_CHECK_THROW(const auto second = start_log({}, pipe.write_end()), std::logic_error);
    log_info("the first goes on");
    BOOST_TEST(pipe.read_some().ends_with(" info the first goes on\n"));
}

BOOST_AUTO_TEST_SUITE_END()
