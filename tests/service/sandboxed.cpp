// sandboxed PROGRAM ARGUMENTS...: starts a program as etc/systemd/wxlogind.service would, as far as that can
// be done without systemd: no capabilities, no new privileges, the filter of system calls, the rule of
// memory, limits and umask; and, where mounting is allowed, a file system that is read-only but for the
// directory of the file behind --config.
#include "tests/service/syscall_filter.hpp"
#include "tests/service/unit_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using wxlogind::test::unit_file;

void check(long outcome, const char* what) {
    if (outcome != 0) throw std::runtime_error{std::string{what} + ": " + std::strerror(errno)};
}

void set_read_only(const char* path, bool is_read_only, unsigned flags) {
    mount_attr change{};
    (is_read_only ? change.attr_set : change.attr_clr) = MOUNT_ATTR_RDONLY;
    check(::syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &change, sizeof change), "mount_setattr");
}

// ProtectSystem=strict with one directory left writable.
void protect_file_system(const std::string& writable) {
    if (::unshare(CLONE_NEWNS) != 0) {
        std::fprintf(stderr, "sandboxed: without a read-only file system: %s\n", std::strerror(errno));
        return;
    }
    check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount");
    check(::mount(writable.c_str(), writable.c_str(), nullptr, MS_BIND, nullptr), "mount");
    set_read_only("/", true, AT_RECURSIVE);
    set_read_only(writable.c_str(), false, 0);
}

void drop_capabilities() {
    for (int each = 0; each <= CAP_LAST_CAP; ++each)
        if (::prctl(PR_CAPBSET_DROP, each) != 0 && errno != EINVAL && errno != EPERM)
            check(-1, "PR_CAPBSET_DROP");
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const __user_cap_data_struct none[2]{};
    check(::syscall(SYS_capset, &header, none), "capset");
}

void set_limit(__rlimit_resource which, const std::string& value) {
    rlimit limit{};
    check(::getrlimit(which, &limit), "getrlimit");
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, std::stoul(value)); // only root may raise it
    limit.rlim_cur = limit.rlim_max;
    check(::setrlimit(which, &limit), "setrlimit");
}

std::string configuration_of(char** arguments) {
    for (char** each = arguments; *each != nullptr && each[1] != nullptr; ++each)
        if (std::string_view{*each} == "--config") return each[1];
    throw std::runtime_error{"there is no --config FILE"};
}

} // namespace

int main(int argc, char** argv) {
    try {
        const char* const source = std::getenv("WXLOGIND_SOURCE_DIR");
        if (argc < 2 || source == nullptr) throw std::runtime_error{"PROGRAM, and WXLOGIND_SOURCE_DIR"};
        const unit_file unit{std::string{source} + "/etc/systemd/wxlogind.service"};
        set_limit(RLIMIT_NOFILE, unit.only("LimitNOFILE"));
        set_limit(RLIMIT_CORE, unit.only("LimitCORE"));
        ::umask(static_cast<mode_t>(std::stoul(unit.only("UMask"), nullptr, 8)));
        protect_file_system(std::filesystem::path{configuration_of(argv + 1)}.parent_path().string());
        if (unit.only("CapabilityBoundingSet").empty()) drop_capabilities();
        check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
        apply_syscall_filter(unit);
        ::execv(argv[1], argv + 1);
        check(-1, argv[1]);
    } catch (const std::exception& why) {
        std::fprintf(stderr, "sandboxed: %s\n", why.what());
    }
    return 126;
}
