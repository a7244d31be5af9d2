#include "core/server/process_figures.hpp"

#include "core/base/log.hpp"
#include "core/version.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

// There where the program is linked with it: jemalloc(3), and sanitizer/allocator_interface.h.
extern "C" {
[[gnu::weak]] int mallctl(const char*, void*, std::size_t*, void*, std::size_t);
[[gnu::weak]] std::size_t __sanitizer_get_current_allocated_bytes(); // NOLINT: its name
}

namespace wxlogind {

namespace {

// proc_pid_stat(5): what follows the name, which may hold anything, counted from 0.
struct process_state {
    std::uint64_t threads{0};       // field 20 there
    std::uint64_t start_ticks{0};   // 22: since the machine's start
    std::uint64_t virtual_bytes{0}; // 23
    std::uint64_t resident_pages{0};
};

std::optional<process_state> read_state() {
    std::ifstream file{"/proc/self/stat"};
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    std::istringstream fields{line.substr(std::min(line.rfind(')') + 1, line.size()))};
    std::string skipped;
    process_state state;
    for (int field = 3; field < 20; ++field) fields >> skipped;
    fields >> state.threads >> skipped >> state.start_ticks >> state.virtual_bytes >> state.resident_pages;
    return fields ? std::optional{state} : std::nullopt;
}

double seconds_of(const timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double clock_seconds(clockid_t which) {
    timespec time{};
    ::clock_gettime(which, &time);
    return seconds_of(time);
}

std::size_t open_descriptors() {
    std::error_code why;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator at{"/proc/self/fd", why}, end; !why && at != end;
         at.increment(why))
        ++count;
    return count == 0 ? 0 : count - 1; // one of them looks at the others
}

// What the program has of its allocator and has not given back: unlike resident memory it does not contain
// what the allocator keeps. Which allocator that is depends on what was linked.
std::uint64_t allocated_bytes() {
    if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
    if (mallctl != nullptr) {
        std::uint64_t epoch = 1; // jemalloc adds up its figures when it is told a new one
        std::size_t bytes = 0;
        std::size_t size = sizeof(bytes);
        mallctl("epoch", nullptr, nullptr, &epoch, sizeof(epoch));
        return mallctl("stats.allocated", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
    }
    const auto state = ::mallinfo2();
    return state.uordblks + state.hblkhd;
}

} // namespace

void describe_process(metrics::report& to) {
    to.counter("process_cpu_seconds_total", "User and system CPU time.")
        .add_number(clock_seconds(CLOCK_PROCESS_CPUTIME_ID));
    if (const std::size_t descriptors = open_descriptors(); descriptors != 0)
        to.gauge("process_open_fds", "Open file descriptors.").add(descriptors);
    rlimit most{};
    if (::getrlimit(RLIMIT_NOFILE, &most) == 0)
        to.gauge("process_max_fds", "How many file descriptors may be open.").add(most.rlim_cur);
    to.gauge("wxlogind_heap_allocated_bytes", "Memory that the program has allocated and not given back.")
        .add(allocated_bytes());
    const auto state = read_state();
    if (!state) return;
    to.gauge("process_resident_memory_bytes", "Resident memory.")
        .add(state->resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
    to.gauge("process_virtual_memory_bytes", "Virtual memory.").add(state->virtual_bytes);
    to.gauge("process_threads", "Threads.").add(state->threads);
    // Once: later it would differ by how long reading takes.
    static const double age = clock_seconds(CLOCK_BOOTTIME) - static_cast<double>(state->start_ticks) /
                                                                  static_cast<double>(::sysconf(_SC_CLK_TCK));
    static const double start = clock_seconds(CLOCK_REALTIME) - age;
    to.gauge("process_start_time_seconds", "When the process began, in Unix time.").add_number(start);
}

void describe_log(metrics::report& to) {
    const lost_lines lost = lines_lost();
    to.counter("wxlogind_log_lines_lost_total", "Lines of the log that were not written.")
        .add(lost.buffer_full, {{"reason", "buffer_full"}})
        .add(lost.not_written, {{"reason", "not_written"}});
}

void describe_build(metrics::report& to) {
    // "0.1.0 (1a2b3c4)"
    const std::string_view number = version.substr(0, version.find(' '));
    std::string_view commit = version.substr(number.size());
    if (commit.size() > 3) commit = commit.substr(2, commit.size() - 3);
    to.gauge("wxlogind_build_info", "Always 1; its labels say which program this is.")
        .add(1, {{"version", number}, {"commit", commit}, {"compiler", __VERSION__}});
}

} // namespace wxlogind
