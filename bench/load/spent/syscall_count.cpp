#include "bench/load/spent/syscall_count.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace wxlogind::load::spent {

namespace {

using namespace std::chrono_literals;

std::string content_of(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool is_traced(pid_t process) {
    std::error_code gone;
    for (const auto& thread :
         std::filesystem::directory_iterator{"/proc/" + std::to_string(process) + "/task", gone})
        if (content_of(thread.path() / "status").find("TracerPid:\t0\n") != std::string::npos) return false;
    return !gone;
}

} // namespace

syscall_count::syscall_count(const std::vector<pid_t>& processes)
    : log_file_{
          (std::filesystem::temp_directory_path() / ("wxlogin-bench-strace-" + std::to_string(::getpid())))
              .string()} {
    std::vector<std::string> command{"strace", "-f", "-c", "-q"};
    for (const pid_t each : processes) command.insert(command.end(), {"-p", std::to_string(each)});
    strace_.emplace(command, log_file_, "");
    const auto limit = std::chrono::steady_clock::now() + 5s;
    for (const pid_t each : processes)
        while (!is_traced(each)) {
            if (strace_->has_ended() || std::chrono::steady_clock::now() > limit) {
                std::string why = content_of(log_file_).substr(0, 200);
                std::filesystem::remove(log_file_);
                throw std::runtime_error{"strace: " + (why.empty() ? "did not begin" : why)};
            }
            std::this_thread::sleep_for(5ms);
        }
}

std::optional<std::uint64_t> syscall_count::finish() {
    strace_->end(SIGINT);
    const std::string table = content_of(log_file_);
    std::filesystem::remove(log_file_);
    return total_of_strace_table(table);
}

std::optional<std::uint64_t> total_of_strace_table(std::string_view table) {
    std::istringstream lines{std::string{table}};
    for (std::string line; std::getline(lines, line);) {
        if (!line.ends_with(" total")) continue;
        // % time, seconds, usecs/call, calls, errors (left out when there are none), "total"
        std::istringstream fields{line};
        std::vector<std::string> values;
        for (std::string value; fields >> value;) values.push_back(value);
        if (values.size() < 5) return std::nullopt;
        try {
            return std::stoull(values[3]);
        } catch (const std::exception&) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace wxlogind::load::spent
