#include "bench/load/try_out/started_program.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wxlogind::load {

namespace {

using namespace std::chrono_literals;

// In the child, between fork and exec: nothing here allocates.
[[noreturn]] void
become(char* const* arguments, char* const* environment, int log, const cpu_set_t* where, pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127); // it has gone already
    if (where != nullptr) ::sched_setaffinity(0, sizeof *where, where);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0) ::execvpe(arguments[0], arguments, environment);
    constexpr std::string_view complaint = "cannot be started\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, complaint.data(), complaint.size());
    ::_exit(127);
}

unsigned number_of(std::string_view text, const std::string& list) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number >= CPU_SETSIZE)
        throw std::runtime_error{"\"" + list + "\" is no list of CPUs (like 0 or 0-3,6)"};
    return number;
}

} // namespace

std::vector<unsigned> parse_cpu_list(const std::string& text) {
    std::vector<unsigned> cpus;
    std::istringstream parts{text};
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t dash = part.find('-');
        const unsigned first = number_of(std::string_view{part}.substr(0, dash), text);
        const unsigned last =
            dash == std::string::npos ? first : number_of(std::string_view{part}.substr(dash + 1), text);
        for (unsigned cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    }
    return cpus;
}

started_program::started_program(
    std::vector<std::string> argv, std::string log_file, const std::string& cpus,
    std::vector<std::string> more_environment)
    : name_{argv.front()}, log_file_{std::move(log_file)} {
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (std::string& each : argv) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    environment.reserve(more_environment.size() + 1);
    for (std::string& each : more_environment) environment.push_back(each.data());
    for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
    environment.push_back(nullptr);
    cpu_set_t where;
    CPU_ZERO(&where);
    for (const unsigned cpu : parse_cpu_list(cpus)) CPU_SET(cpu, &where);
    const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) throw std::runtime_error{log_file_ + ": " + std::strerror(errno)};

    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) become(arguments.data(), environment.data(), log, cpus.empty() ? nullptr : &where, parent);
    const int error = errno;
    ::close(log);
    if (pid_ < 0) throw std::runtime_error{name_ + ": " + std::strerror(error)};
}

started_program::~started_program() {
    end(SIGTERM);
}

void started_program::end(int signal) {
    if (has_ended()) return;
    ::kill(pid_, signal);
    if (ends_within(10s)) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    has_ended_ = true;
}

bool started_program::has_ended() {
    if (!has_ended_) has_ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    return has_ended_;
}

bool started_program::ends_within(std::chrono::milliseconds at_most) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    while (!has_ended() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(5ms);
    return has_ended_;
}

std::string started_program::wait_for_line(const std::string& text) {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    for (;;) {
        const bool is_over = has_ended() || std::chrono::steady_clock::now() > limit; // asked before reading
        std::ifstream lines{log_file_};
        std::string last;
        for (std::string line; std::getline(lines, line); last = line)
            if (!lines.eof() && line.find(text) != std::string::npos) return line;
        if (is_over) throw std::runtime_error{name_ + " did not start: " + last};
        std::this_thread::sleep_for(5ms);
    }
}

} // namespace wxlogind::load
