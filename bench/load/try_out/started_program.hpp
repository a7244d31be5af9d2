// A program that runs for as long as this object lives, and not longer than this process.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

namespace wxlogind::load {

class started_program {
public:
    // Starts argv[0] (found on the PATH), with its output in `log_file`, on `cpus` ("0", "0-3,6"; "" =
    // anywhere), with `more_environment` ("NAME=value") besides ours. Ctrl-C does not reach it. Throws
    // std::runtime_error.
    started_program(
        std::vector<std::string> argv, std::string log_file, const std::string& cpus,
        std::vector<std::string> more_environment = {});
    ~started_program(); // SIGTERM, and after 10 s SIGKILL
    started_program(const started_program&) = delete;
    started_program& operator=(const started_program&) = delete;

    // The first line of its output with `text` in it. Throws std::runtime_error with the end of the output
    // when the program ends or 30 s pass first.
    [[nodiscard]] std::string wait_for_line(const std::string& text);

    [[nodiscard]] bool has_ended();
    // Sends `signal` and waits for the end; after 10 s SIGKILL.
    void end(int signal);

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    [[nodiscard]] bool ends_within(std::chrono::milliseconds at_most);

    std::string name_;
    std::string log_file_;
    pid_t pid_{-1};
    bool has_ended_{false};
};

// The CPUs of a list like "0-3,6". Throws std::runtime_error.
[[nodiscard]] std::vector<unsigned> parse_cpu_list(const std::string& text);

} // namespace wxlogind::load
