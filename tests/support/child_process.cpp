#include "tests/support/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wxlogind::test {

namespace {

constexpr std::chrono::milliseconds poll_interval{5};

} // namespace

child_process::child_process(std::vector<std::string> argv, std::string output_file)
    : output_file_{std::move(output_file)} {
    // It ends with the thread that started it: a test that is killed leaves nothing running.
    argv.insert(argv.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (std::string& each : argv) arguments.push_back(each.data());
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(
        &files, STDOUT_FILENO, output_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);

    // Whatever the test has blocked or ignores is not the program's business.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    const int error = ::posix_spawnp(&pid_, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) throw std::runtime_error{argv[0] + ": " + std::strerror(error)};
}

child_process::~child_process() {
    if (poll()) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
}

std::optional<int> child_process::poll() {
    if (status_) return status_;
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return status_;
}

int child_process::wait(std::chrono::milliseconds at_most) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    while (!poll()) {
        if (std::chrono::steady_clock::now() > limit)
            throw std::runtime_error{"the program did not end in time; output:\n" + output()};
        std::this_thread::sleep_for(poll_interval);
    }
    return *status_;
}

std::string child_process::wait_for_line(
    const std::function<bool(std::string_view)>& wanted, std::chrono::milliseconds at_most) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    for (;;) {
        const bool has_ended = poll().has_value(); // asked first: what it wrote before is then in the file
        std::istringstream lines{output()};
        for (std::string line; std::getline(lines, line);)
            if (!lines.eof() && wanted(line)) return line;
        if (has_ended) throw std::runtime_error{"the program ended; output:\n" + output()};
        if (std::chrono::steady_clock::now() > limit)
            throw std::runtime_error{"the line did not come in time; output:\n" + output()};
        std::this_thread::sleep_for(poll_interval);
    }
}

void child_process::send_signal(int signal) const {
    ::kill(pid_, signal);
}

std::string child_process::output() const {
    std::ifstream file{output_file_, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string program_path(std::string_view name) {
    const char* const directory = std::getenv("WXLOGIND_BIN_DIR");
    if (directory == nullptr) throw std::runtime_error{"WXLOGIND_BIN_DIR is not set: run the tests by ctest"};
    return std::string{directory} + "/" + std::string{name};
}

std::string source_path(std::string_view relative) {
    const char* const directory = std::getenv("WXLOGIND_SOURCE_DIR");
    if (directory == nullptr)
        throw std::runtime_error{"WXLOGIND_SOURCE_DIR is not set: run the tests by ctest"};
    return std::string{directory} + "/" + std::string{relative};
}

} // namespace wxlogind::test
