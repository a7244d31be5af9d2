// Where the lines of the log go: a file, a pipe, or systemd's journal. All of it is async-signal-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind {

// How long it is worth trying.
class patience {
public:
    explicit patience(std::chrono::milliseconds from_now) noexcept
        : end_{std::chrono::steady_clock::now() + from_now} {}
    // Until that is true. It has to outlive this object.
    explicit patience(const std::atomic<bool>& given_up) noexcept : given_up_{&given_up} {}

    [[nodiscard]] bool is_left() const noexcept {
        return given_up_ != nullptr ? !*given_up_ : std::chrono::steady_clock::now() < end_;
    }

private:
    const std::atomic<bool>* given_up_{nullptr};
    std::chrono::steady_clock::time_point end_{};
};

// Writes lines to `file`. Blocks while nobody reads. Returns how many were not written: the file does not
// take them, or `how_long` was over.
std::uint64_t write_lines(int file, std::string_view lines, const patience& how_long) noexcept;

// Sends entries to `journal`, and connects it to `path` again should its reader have gone. As write_lines().
std::uint64_t send_entries(
    int journal, const std::string& path, std::string_view entries, const patience& how_long) noexcept;

} // namespace wxlogind
