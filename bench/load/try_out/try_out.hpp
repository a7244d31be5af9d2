// wxlogind with a simulated WeChat, for one run.
#pragma once

#include "bench/load/options.hpp"
#include "bench/load/try_out/started_program.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace wxlogind::load {

class try_out {
public:
    // Starts both on free ports of 127.0.0.1 and waits until they serve; so many connections are let in, on
    // either listener. Throws std::runtime_error.
    try_out(const try_out_options& wanted, const std::string& appid, std::size_t connections);
    ~try_out(); // ends both; a directory of its own is removed
    try_out(const try_out&) = delete;
    try_out& operator=(const try_out&) = delete;

    [[nodiscard]] const std::string& public_address() const noexcept { return public_; }
    [[nodiscard]] const std::string& internal_address() const noexcept { return internal_; }
    // Where the server counts its allocations; "" = nowhere.
    [[nodiscard]] const std::string& allocations_file() const noexcept { return allocations_; }
    [[nodiscard]] pid_t server_process() const noexcept { return server_->pid(); }

private:
    void start_simulator(const try_out_options& wanted, const std::string& appid);
    void start_server(const try_out_options& wanted, const std::string& appid, std::size_t connections);
    [[nodiscard]] std::string file(const char* name) const { return (directory_ / name).string(); }

    std::filesystem::path programs_;
    std::filesystem::path directory_;
    bool is_temporary_;
    std::string wechat_port_;
    std::string public_;
    std::string internal_;
    std::string allocations_{};
    std::optional<started_program> simulator_{};
    std::optional<started_program> server_{}; // ends first
};

} // namespace wxlogind::load
