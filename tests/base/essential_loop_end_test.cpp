#include "core/base/essential_loop.hpp"

#include "core/base/async.hpp"
#include "core/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <new>
#include <string>

using namespace wxlogind;

namespace {

task<> run(bool is_failing) {
    if (is_failing) throw std::bad_alloc{};
    co_return;
}

struct outcome {
    int status{0};
    std::string log;
};

// In a process of its own, which exits with 7 when the loop's end did not end it.
outcome run_in_child(bool is_failing) {
    std::array<int, 2> ends{};
    BOOST_TEST_REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        {
            const auto writer = start_log({}, ends[1]);
            asio::io_context io{1};
            asio::co_spawn(io.get_executor(), run(is_failing), essential_loop{"sweeping"});
            io.run();
        }
        ::_exit(7);
    }
    ::close(ends[1]);
    outcome result;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        result.log.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    ::waitpid(child, &result.status, 0);
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(essential_loop_end)

BOOST_AUTO_TEST_CASE(an_exception_that_escapes_ends_the_process_with_a_line_that_says_which_loop) {
    const outcome failed = run_in_child(true);
    BOOST_TEST(WIFSIGNALED(failed.status));
    BOOST_TEST(WTERMSIG(failed.status) == SIGABRT);
    BOOST_TEST(
        failed.log.find(" error the process ends: it cannot go on without this loop") != std::string::npos);
    BOOST_TEST(failed.log.find("loop=sweeping what=std::bad_alloc") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_ordinary_end_does_not) {
    const outcome ended = run_in_child(false);
    BOOST_TEST(WIFEXITED(ended.status));
    BOOST_TEST(WEXITSTATUS(ended.status) == 7);
    BOOST_TEST(ended.log.empty());
}

BOOST_AUTO_TEST_SUITE_END()
