// Who listens where: sockets by inode from /proc/net, their holders from /proc/PID/fd.
#include "bench/load/spent/process_watch.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace wxlogind::load::spent {

namespace {

// proc_net(5): local address and port in hexadecimal, state 0A = LISTEN, inode the tenth field.
void add_tcp_inodes(const char* table, unsigned port, std::set<std::string>& to) {
    std::ifstream lines{table};
    std::string line;
    std::getline(lines, line); // headings
    while (std::getline(lines, line)) {
        std::istringstream fields{line};
        std::string slot;
        std::string local;
        std::string remote;
        std::string state;
        std::string skipped;
        std::string inode;
        fields >> slot >> local >> remote >> state;
        for (int field = 0; field < 5; ++field) fields >> skipped;
        fields >> inode;
        const std::size_t colon = local.rfind(':');
        if (state != "0A" || colon == std::string::npos) continue;
        unsigned listens_on = 0;
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), listens_on, 16);
        if (listens_on == port) to.insert(inode);
    }
}

// Num RefCount Protocol Flags Type St Inode Path; flag 00010000 = listening.
void add_unix_inodes(const std::string& path, std::set<std::string>& to) {
    std::ifstream lines{"/proc/net/unix"};
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream fields{line};
        std::string skipped;
        std::string flags;
        std::string inode;
        std::string where;
        fields >> skipped >> skipped >> skipped >> flags >> skipped >> skipped >> inode >> where;
        if (flags == "00010000" && where == path) to.insert(inode);
    }
}

bool holds_one_of(const std::filesystem::path& process, const std::set<std::string>& inodes) {
    std::error_code forbidden;
    for (const auto& descriptor : std::filesystem::directory_iterator{process / "fd", forbidden}) {
        const std::string link = std::filesystem::read_symlink(descriptor.path(), forbidden).string();
        if (!link.starts_with("socket:[")) continue;
        if (inodes.contains(link.substr(8, link.size() - 9))) return true;
    }
    return false;
}

} // namespace

std::vector<pid_t> find_listeners(unsigned port, const std::string& unix_path) {
    std::set<std::string> inodes;
    if (port != 0) {
        add_tcp_inodes("/proc/net/tcp", port, inodes);
        add_tcp_inodes("/proc/net/tcp6", port, inodes);
    } else {
        add_unix_inodes(unix_path, inodes);
    }
    std::vector<pid_t> found;
    if (inodes.empty()) return found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename().string();
        pid_t process = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (error != std::errc{} || end != name.data() + name.size()) continue;
        if (holds_one_of(entry.path(), inodes)) found.push_back(process);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace wxlogind::load::spent
