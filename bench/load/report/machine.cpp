#include "bench/load/report/machine.hpp"

#include <array>
#include <ctime>
#include <fstream>
#include <thread>

#include <sys/utsname.h>

namespace wxlogind::load {

std::string machine_text() {
    std::string model = "unknown CPU";
    std::ifstream cpus{"/proc/cpuinfo"};
    for (std::string line; std::getline(cpus, line);)
        if (line.starts_with("model name") && line.find(": ") != std::string::npos) {
            model = line.substr(line.find(": ") + 2);
            break;
        }
    utsname system{};
    ::uname(&system);
    return model + ", " + std::to_string(std::thread::hardware_concurrency()) + " CPUs, " + system.sysname +
           " " + system.release;
}

std::string time_now_text() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text.data(), size};
}

} // namespace wxlogind::load
