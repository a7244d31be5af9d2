// A program of ours, or a real peer, started by a test and ended by it: by its process id and no other way.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace wxlogind::test {

class child_process {
public:
    // Starts `argv[0]` with standard output and error into `output_file`; it is killed when the calling
    // thread ends, however that comes. Where there is no such program it ends with 127. Throws
    // std::runtime_error.
    child_process(std::vector<std::string> argv, std::string output_file);
    ~child_process(); // kills it if it still runs
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    // The first line of output for which `wanted` holds, from the start of the output. Throws
    // std::runtime_error with the output so far when the program ends or `at_most` passes first.
    std::string wait_for_line(
        const std::function<bool(std::string_view)>& wanted,
        std::chrono::milliseconds at_most = std::chrono::seconds{30});

    void send_signal(int signal) const;
    // Exit status, or 128 + signal. Throws when `at_most` passes first.
    int wait(std::chrono::milliseconds at_most = std::chrono::seconds{30});
    // nullopt while it runs.
    std::optional<int> poll();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] std::string output() const;

private:
    std::string output_file_;
    pid_t pid_{-1};
    std::optional<int> status_;
};

// Where the build put `name` ("wxlogind", "wechat-sim").
[[nodiscard]] std::string program_path(std::string_view name);
// A file of the source tree.
[[nodiscard]] std::string source_path(std::string_view relative);

} // namespace wxlogind::test
