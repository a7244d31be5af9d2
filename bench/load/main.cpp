#include "bench/load/bench_run.hpp"

#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>

namespace {

std::atomic<bool> stop{false};

// The first signal ends the run in good order; a second one ends the program.
void request_stop(int signal) {
    stop = true;
    (void)std::signal(signal, SIG_DFL);
}

} // namespace

int main(int argc, char** argv) {
    auto parsed = wxlogind::load::parse_command_line(argc, argv);
    if (!parsed.wanted) return parsed.status;
    (void)std::signal(SIGINT, request_stop);
    (void)std::signal(SIGTERM, request_stop);
    (void)std::signal(SIGPIPE, SIG_IGN);
    std::string command;
    for (int at = 0; at < argc; ++at) command.append(at == 0 ? "" : " ").append(argv[at]);
    try {
        return wxlogind::load::run_bench(std::move(*parsed.wanted), command, stop);
    } catch (const std::exception& error) {
        std::cerr << "wxlogin-bench: " << error.what() << "\n";
        return 2;
    }
}
