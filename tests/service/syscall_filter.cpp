#include "tests/service/syscall_filter.hpp"

#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>

namespace wxlogind::test {

namespace {

using names = std::set<std::string>;

// What `systemd-analyze syscall-filter` prints: "@group", and its members indented under it.
std::map<std::string, names> read_groups() {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{
        ::popen("systemd-analyze --no-pager syscall-filter 2>/dev/null", "r"), &::pclose};
    if (!pipe) throw std::runtime_error{"cannot run systemd-analyze"};
    std::map<std::string, names> groups;
    std::string group;
    for (char line[256]; std::fgets(line, sizeof line, pipe.get()) != nullptr;) {
        const auto words = unit_file::words_of(line);
        if (words.empty() || words.front().starts_with('#')) continue;
        if (line[0] == '@')
            group = words.front();
        else if (line[0] == ' ')
            groups[group].insert(words.front());
    }
    if (!groups.contains("@system-service")) throw std::runtime_error{"systemd-analyze knows no groups"};
    return groups;
}

void add_calls(const std::map<std::string, names>& groups, const std::string& word, names& to) {
    if (!word.starts_with('@')) {
        to.insert(word);
        return;
    }
    for (const std::string& member : groups.at(word)) add_calls(groups, member, to);
}

// systemd.exec(5): a list of what is allowed first, "~" takes away, and what @default holds always stays.
names allowed_calls(const unit_file& unit) {
    const auto groups = read_groups();
    names allowed;
    add_calls(groups, "@default", allowed);
    for (const std::string& line : unit.all("SystemCallFilter")) {
        const bool takes_away = line.starts_with('~');
        names meant;
        for (const std::string& word : unit_file::words_of(line.substr(takes_away ? 1 : 0)))
            add_calls(groups, word, meant);
        if (takes_away)
            for (const std::string& call : meant) allowed.erase(call);
        else
            allowed.merge(meant);
    }
    return allowed;
}

// Filters add up: the strictest answer counts.
class filter {
public:
    explicit filter(std::uint32_t otherwise) : context_{::seccomp_init(otherwise), &::seccomp_release} {
        if (!context_) throw std::runtime_error{"seccomp_init"};
    }

    // A call that this kernel's architecture does not have is no trouble.
    template <class... Condition>
    void rule(std::uint32_t action, const std::string& call, Condition... when) {
        const int number = ::seccomp_syscall_resolve_name(call.c_str());
        if (number < 0) return;
        if (::seccomp_rule_add(context_.get(), action, number, sizeof...(when), when...) != 0)
            throw std::runtime_error{"seccomp rule for " + call};
    }
    void load() {
        if (::seccomp_load(context_.get()) != 0) throw std::runtime_error{"seccomp_load"};
    }

private:
    std::unique_ptr<void, void (*)(void*)> context_;
};

// What has to hold of the call's argument number `at`.
scmp_arg_cmp argument(unsigned at, scmp_compare how, std::uint64_t value, std::uint64_t more = 0) {
    scmp_arg_cmp condition{};
    condition.arg = at;
    condition.op = how;
    condition.datum_a = value;
    condition.datum_b = more;
    return condition;
}

scmp_arg_cmp has_all(unsigned at, std::uint64_t bits) {
    return argument(at, SCMP_CMP_MASKED_EQ, bits, bits);
}

constexpr std::uint32_t refused = SCMP_ACT_ERRNO(EPERM);

void expect(const unit_file& unit, std::string_view key, std::string_view value) {
    if (unit.only(key) != value)
        throw std::runtime_error{std::string{key} + " is not " + std::string{value} + " in the unit"};
}

void deny_writable_code(filter& to) {
    constexpr unsigned both = PROT_WRITE | PROT_EXEC;
    to.rule(refused, "mmap", has_all(2, both));
    to.rule(refused, "mprotect", has_all(2, PROT_EXEC));
    to.rule(refused, "pkey_mprotect", has_all(2, PROT_EXEC));
    to.rule(refused, "shmat", has_all(2, SHM_EXEC));
}

void deny_namespaces(filter& to) {
    for (const int kind :
         {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,
          CLONE_NEWNET})
        to.rule(refused, "clone", has_all(0, static_cast<unsigned>(kind)));
    // Its flags are in memory, where a filter cannot see them: glibc falls back to clone.
    to.rule(SCMP_ACT_ERRNO(ENOSYS), "clone3");
    to.rule(refused, "unshare");
    to.rule(refused, "setns");
}

// Only families of the list: everything below, between and above is refused.
void restrict_families(const unit_file& unit, filter& to) {
    const std::map<std::string, std::uint64_t> known{
        {"AF_UNIX", AF_UNIX}, {"AF_INET", AF_INET}, {"AF_INET6", AF_INET6}};
    std::set<std::uint64_t> allowed;
    for (const std::string& word : unit_file::words_of(unit.only("RestrictAddressFamilies")))
        allowed.insert(known.at(word));
    for (std::uint64_t family = 0; family < AF_MAX; ++family)
        if (!allowed.contains(family)) to.rule(refused, "socket", argument(0, SCMP_CMP_EQ, family));
    to.rule(refused, "socket", argument(0, SCMP_CMP_GE, AF_MAX));
}

} // namespace

void apply_syscall_filter(const unit_file& unit) {
    expect(unit, "SystemCallErrorNumber", "EPERM");
    expect(unit, "MemoryDenyWriteExecute", "yes");
    expect(unit, "RestrictNamespaces", "yes");
    expect(unit, "LockPersonality", "yes");
    filter calls{refused};
    for (const std::string& call : allowed_calls(unit)) calls.rule(SCMP_ACT_ALLOW, call);
    filter arguments{SCMP_ACT_ALLOW};
    deny_writable_code(arguments);
    deny_namespaces(arguments);
    restrict_families(unit, arguments);
    arguments.rule(refused, "personality", argument(0, SCMP_CMP_NE, 0));
    // First the one that forbids little: the other does not allow seccomp(2) any more.
    arguments.load();
    calls.load();
}

} // namespace wxlogind::test
