#include "bench/load/spent/process_watch.hpp"

#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include <time.h>
#include <unistd.h>

namespace wxlogind::load::spent {

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The number behind `name` at the beginning of a line ("VmRSS:	 1234 kB"); 0 when it is not there.
std::uint64_t number_behind(std::string_view text, std::string_view name) noexcept {
    std::size_t at = 0;
    while ((at = text.find(name, at)) != std::string_view::npos) {
        if (at == 0 || text[at - 1] == '\n') break;
        ++at;
    }
    if (at == std::string_view::npos) return 0;
    text.remove_prefix(at + name.size());
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::chrono::nanoseconds ticks(std::uint64_t count) noexcept {
    static const auto a_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return std::chrono::nanoseconds{count * (1'000'000'000 / a_second)};
}

// proc_pid_stat(5): utime and stime are fields 14 and 15; the name, field 2, may hold anything but its end.
bool add_times(const std::string& directory, usage& to) {
    const std::string stat = content_of(directory + "/stat");
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return false;
    std::istringstream fields{stat.substr(name_end + 1)};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t kernel = 0;
    fields >> user >> kernel;
    if (fields.fail()) return false;
    to.user += ticks(user);
    to.kernel += ticks(kernel);
    return true;
}

// To the nanosecond, where /proc has ticks of 10 ms.
std::chrono::nanoseconds cpu_time(pid_t process) noexcept {
    clockid_t clock{};
    timespec spent{};
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &spent) != 0) return {};
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

void add_threads(const std::string& directory, usage& to) {
    std::error_code gone;
    for (const auto& thread : std::filesystem::directory_iterator{directory + "/task", gone}) {
        const std::string status = content_of(thread.path() / "status");
        to.voluntary_switches += number_behind(status, "voluntary_ctxt_switches");
        to.involuntary_switches += number_behind(status, "nonvoluntary_ctxt_switches");
        std::istringstream schedule{content_of(thread.path() / "schedstat")};
        std::int64_t running = 0;
        std::int64_t waiting = 0;
        if (schedule >> running >> waiting) to.waiting += std::chrono::nanoseconds{waiting};
    }
}

// Numbers, 64 bytes apart.
std::uint64_t sum_of_counters(std::string_view bytes) noexcept {
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at + sizeof sum <= bytes.size(); at += 64) {
        std::uint64_t each = 0;
        std::memcpy(&each, bytes.data() + at, sizeof each);
        sum += each;
    }
    return sum;
}

} // namespace

usage difference(const usage& earlier, const usage& later) noexcept {
    usage spent = later;
    spent.cpu -= earlier.cpu;
    spent.user -= earlier.user;
    spent.kernel -= earlier.kernel;
    spent.waiting -= earlier.waiting;
    spent.voluntary_switches -= earlier.voluntary_switches;
    spent.involuntary_switches -= earlier.involuntary_switches;
    spent.written_bytes -= earlier.written_bytes;
    if (spent.syscalls && earlier.syscalls) *spent.syscalls -= *earlier.syscalls;
    if (spent.allocations && earlier.allocations) *spent.allocations -= *earlier.allocations;
    return spent;
}

std::optional<usage> process_watch::look() const {
    usage sum;
    for (const pid_t process : processes_) {
        const std::string directory = "/proc/" + std::to_string(process);
        if (!add_times(directory, sum)) return std::nullopt;
        sum.cpu += cpu_time(process);
        add_threads(directory, sum);
        sum.written_bytes += number_behind(content_of(directory + "/io"), "write_bytes");
        const std::string status = content_of(directory + "/status");
        sum.resident_bytes += number_behind(status, "VmRSS") * 1024;
        sum.peak_resident_bytes += number_behind(status, "VmHWM") * 1024;
    }
    // None at all: the program has a malloc of its own, in front of which nothing can be put.
    if (!allocations_file_.empty())
        if (const std::uint64_t count = sum_of_counters(content_of(allocations_file_)); count != 0)
            sum.allocations = count;
    return sum;
}

} // namespace wxlogind::load::spent
