// What the command line says.
#pragma once

#include "bench/load/pace/arrivals.hpp"
#include "bench/load/report/condition.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace wxlogind::load {

using std::chrono::milliseconds;

// wxlogind and wechat-sim, started for the run.
struct try_out_options {
    bool is_wanted{false};
    std::string directory{}; // for their files; "" = one that is gone afterwards
    unsigned server_threads{1};
    std::string server_cpus{}; // as taskset takes them; "" = anywhere
    std::string simulator_cpus{};
    std::string latency{}; // of the simulator's answers
    bool counts_allocations{false};
    std::string programs{}; // the directory of the programs; "" = this one's
};

struct options {
    std::string scenario{"returning"};
    std::vector<std::pair<std::string, double>> mix{{"returning", 9}, {"first", 1}}; // weights

    std::string target{"127.0.0.1:8080"};
    std::string internal{"127.0.0.1:8081"};
    std::string appid{"wx0123456789abcdef"};
    std::string login_path{"/login?code={code}"};
    std::string path{"/"};             // of the scenario "get"
    std::string expected{"\"token\""}; // in the answer to a login
    bool posts{false};
    std::vector<std::string> fields{};
    try_out_options try_out{};

    std::optional<unsigned> connections{};
    std::optional<double> rate{};
    arrival_pattern pattern{arrival_pattern::constant};
    surge more{};
    bool turns_away{false};
    std::optional<condition> ramp{};
    bool reconnects{false};
    unsigned idle_connections{0};
    std::string idle_path{"/healthz"};
    milliseconds duration{10'000};
    milliseconds warm_up{2'000};
    milliseconds timeout{10'000};
    unsigned threads{1};
    std::vector<unsigned> cpus{};

    std::uint64_t users{10'000};
    std::uint64_t first_user{0};
    bool users_are_there{false};
    double zipf{0.99};
    std::uint64_t sessions{1'000};
    std::string sessions_file{}; // where they are from one run to the next; "" = nowhere
    std::optional<std::uint64_t> seed{};

    std::vector<pid_t> server_processes{}; // empty = those that listen on `target`
    bool ignores_server{false};
    bool counts_syscalls{false};
    std::string allocations_file{}; // of libwx_allocations.so

    std::string json_file{};
    std::string html_file{};
    std::vector<condition> fail_if{};
    bool is_quiet{false};
};

// Prints help or what is wrong, and gives the exit status, when there is nothing to run.
struct parsed_options {
    std::optional<options> wanted{};
    int status{0};
};
[[nodiscard]] parsed_options parse_command_line(int argc, const char* const* argv);

// "10s", "250ms", "2m"; nullopt for anything else, and for what is negative.
[[nodiscard]] std::optional<milliseconds> parse_duration(std::string_view text);

} // namespace wxlogind::load
