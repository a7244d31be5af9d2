#include "bench/instructions/syscall_run.hpp"

#include "bench/instructions/fixed_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <vector>

namespace wxlogind::bench {

namespace {

// "12345 recvfrom(9, ..." and "[pid 12345] ..." alike: the name before the first '('. The second half of a
// call that another thread interrupted ("<... futex resumed>") is none.
std::string name_of_call(std::string_view line) {
    const std::size_t open = line.find('(');
    if (open == std::string_view::npos) return {};
    const std::size_t space = line.rfind(' ', open);
    const std::size_t begin = space == std::string_view::npos ? 0 : space + 1;
    return std::string{line.substr(begin, open - begin)};
}

using call_counts = std::map<std::string, std::size_t>;

call_counts counts_in(const std::string& trace) {
    call_counts counts;
    std::ifstream lines{trace};
    for (std::string line; std::getline(lines, line);)
        if (std::string name = name_of_call(line); !name.empty()) ++counts[std::move(name)];
    return counts;
}

std::string describe(const load_phase& phase, const call_counts& counts) {
    std::vector<std::pair<std::size_t, std::string>> most_first;
    std::size_t sum = 0;
    for (const auto& [name, count] : counts) {
        most_first.emplace_back(count, name);
        sum += count;
    }
    std::sort(most_first.rbegin(), most_first.rend());
    const auto each = static_cast<double>(phase.count);
    std::string text = fmt::format("{}: {:.1f} system calls\n", phase.name, static_cast<double>(sum) / each);
    for (const auto& [count, name] : most_first)
        if (static_cast<double>(count) / each >= 0.01)
            text += fmt::format("    {:<18}{:6.2f}\n", name, static_cast<double>(count) / each);
    return text;
}

} // namespace

std::string count_syscalls() {
    test::deployment_options options;
    fixed_load::prepare(options);
    test::deployment server{std::move(options)};
    fixed_load load{server};
    std::string text;
    for (const load_phase& phase : load_phases()) {
        const std::string trace = server.file("strace.out");
        test::child_process strace{
            {"strace", "-f", "-o", trace, "-p", std::to_string(server.wxlogind().pid())},
            server.file("strace.log")};
        strace.wait_for_line(
            [](std::string_view line) { return line.find("attached") != std::string_view::npos; });
        send(load, phase);
        strace.send_signal(SIGINT);
        strace.wait();
        if (&phase != load_phases().data()) text += describe(phase, counts_in(trace));
    }
    return text;
}

} // namespace wxlogind::bench
